import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION_GENERATOR_VERSION, REGION_SEED, regionFile } from '@relight/grid';
import { ROOT } from './places.ts';

const FOLDER = join(ROOT, '.relight', 'grids');

/**
 * The file of a generated seed grid, written on first use and kept for the next one.
 * @returns null where no generated grid has that name.
 */
export function generatedGridFile(name: string): string | null {
  const file = join(FOLDER, `${name}.v${REGION_GENERATOR_VERSION}.${REGION_SEED}.json`);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
  const grid = regionFile(name);
  if (grid === null) return null;
  mkdirSync(FOLDER, { recursive: true });
  // Whole or not at all: two first uses at once, or one that is interrupted, leave no half file.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(grid));
  renameSync(unfinished, file);
  return file;
}
