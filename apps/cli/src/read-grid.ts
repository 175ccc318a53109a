import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseGridText, REGION_NAMES } from '@relight/grid';
import type { ParsedGrid } from '@relight/grid';
import { GRID_FORMAT } from '@relight/contract';
import type { FileIssue } from '@relight/contract';
import type { Result } from '@relight/foundation';
import { CliError, EXIT_NO } from './cli-error.ts';
import { generatedGridFile } from './generated-grid.ts';
import { SEED_FOLDERS } from './places.ts';

/** GRID as a person types it: a path, or the name of a seed grid. */
export function findGridFile(grid: string): string {
  if (statSync(grid, { throwIfNoEntry: false })?.isFile() === true) return grid;
  for (const folder of SEED_FOLDERS) {
    for (const candidate of [join(folder, `${grid}.json`), join(folder, grid, 'grid.json')]) {
      if (statSync(candidate, { throwIfNoEntry: false })?.isFile() === true) return candidate;
    }
  }
  const generated = generatedGridFile(grid);
  if (generated !== null) return generated;
  const seeds = seedGridNames();
  const known = seeds.length > 0 ? `; seed grids are ${seeds.join(', ')}` : '';
  throw new CliError('RL-002', `no grid file "${grid}"${known}`);
}

/** Names that may stand for GRID. */
export function seedGridNames(): readonly string[] {
  const files = SEED_FOLDERS.flatMap((folder) => {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
      .filter((entry) => isGridFile(join(folder, entry.name)))
      .map((entry) => basename(entry.name, '.json'));
  });
  return [...files, ...REGION_NAMES].toSorted();
}

/** A look at the beginning: other JSON may lie beside the grids. */
function isGridFile(file: string): boolean {
  return readText(file).slice(0, 500).includes(`"${GRID_FORMAT}"`);
}

/** Reads a whole text file. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new CliError('RL-002', `file "${file}" ${why}`);
  }
}

/** Parses GRID; a refused file comes back as its list of problems. */
export function parseGridArgument(grid: string): Result<ParsedGrid, readonly FileIssue[]> {
  return parseGridText(readText(findGridFile(grid)));
}

/** GRID for verbs that need a valid one. */
export function readGrid(grid: string): ParsedGrid {
  const parsed = parseGridArgument(grid);
  if (parsed.ok) return parsed.value;
  throw new CliError(
    'RL-004',
    `grid "${grid}" has ${problems(parsed.error.length)}`,
    EXIT_NO,
    parsed.error.map(issueLine),
  );
}

export function problems(count: number): string {
  return count === 1 ? '1 problem' : `${count} problems`;
}

export function issueLine({ path, message }: FileIssue): string {
  return `  ${path}: ${message}`;
}
