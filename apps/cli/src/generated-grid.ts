import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countryColumns, REGION_GENERATOR_VERSION, REGION_SEED, regionFile } from '@relight/grid';
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
  writeWhole(file, JSON.stringify(grid));
  return file;
}

/** The name by which verbs know the country, which is too large for a file of text. */
export const COUNTRY = 'country';

/** The columns of the country (`openColumns`), written on first use: 200 MB, half a minute. */
export function generatedCountryFile(seed: number): string {
  const file = join(FOLDER, `${COUNTRY}.v${REGION_GENERATOR_VERSION}.${seed}.columns`);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    writeWhole(file, countryColumns(seed));
  }
  return file;
}

/** Whole or not at all: two first uses at once, or one that is interrupted, leave no half file. */
function writeWhole(file: string, content: string | Uint8Array): void {
  mkdirSync(FOLDER, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
}
