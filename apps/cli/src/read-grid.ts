import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openColumns, parseGridText, REGION_NAMES, REGION_SEED } from '@relight/grid';
import type { Grid, ParsedGrid } from '@relight/grid';
import { GRID_FORMAT } from '@relight/contract';
import type { FileIssue } from '@relight/contract';
import type { Result } from '@relight/foundation';
import { CliError, EXIT_NO } from './cli-error.ts';
import { COUNTRY, generatedCountryFile, generatedGridFile } from './generated-grid.ts';
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
  return readOrExplain(file, () => readFileSync(file, 'utf8'));
}

function readBytes(file: string): Uint8Array {
  return readOrExplain(file, () => readFileSync(file));
}

function readOrExplain<Content>(file: string, read: () => Content): Content {
  try {
    return read();
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

/**
 * The model of GRID for verbs that need nothing else of the file: also of the `country`, and of a
 * file of columns.
 */
export function readModel(grid: string): Grid {
  const file = grid === COUNTRY ? generatedCountryFile(REGION_SEED) : grid;
  return file.endsWith('.columns') ? readColumns(file) : readGrid(grid).grid;
}

/** A file of columns; refused as a whole where it is not what was written. */
export function readColumns(file: string): Grid {
  const opened = openColumns(readBytes(file));
  if (opened.ok) return opened.value;
  const { kind, message } = opened.error;
  const next =
    kind === 'newer' ? 'use the program that wrote it' : 'delete it to have it made anew';
  throw new CliError('RL-004', `"${file}" ${message}; ${next}`, EXIT_NO);
}

export function problems(count: number): string {
  return count === 1 ? '1 problem' : `${count} problems`;
}

export function issueLine({ path, message }: FileIssue): string {
  return `  ${path}: ${message}`;
}
