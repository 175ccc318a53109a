import { readFileSync } from 'node:fs';
import type { GridFile } from '@relight/contract';
import { parseGrid, parseGridText, type Grid, type ParsedGrid } from '@relight/grid';

/** Reads a grid file that must be valid. */
export function loadGrid(path: string | URL): ParsedGrid {
  const parsed = parseGridText(readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(`${String(path)}: ${JSON.stringify(parsed.error)}`);
  return parsed.value;
}

/** Reads any JSON file; the caller says what is in it. */
export function loadJson<Content>(path: string | URL): Content {
  return JSON.parse(readFileSync(path, 'utf8')) as Content;
}

/** The model of a grid file made by a test, which must be valid. */
export function modelOf(file: GridFile): Grid {
  const parsed = parseGrid(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.grid;
}
