import { PointListFile } from '@relight/contract';
import {
  formatPointListProblem,
  isPointListCsv,
  parsePointList,
  readPointListCsv,
} from '@relight/gateway';
import { parseGridText, type ParsedGrid } from '@relight/grid';
import { readText } from './options.ts';
import { StartError } from './start-error.ts';

/** @throws StartError with every problem of the file. */
export function readGridFile(path: string): ParsedGrid {
  const parsed = parseGridText(readText(path));
  if (parsed.ok) return parsed.value;
  const lines = parsed.error.map((issue) => `${issue.path}: ${issue.message}`);
  throw new StartError('RL-004', `${path} is refused: ${lines.join('; ')}`);
}

/**
 * Reads a point list in either form.
 * @throws StartError with every problem of the list, also where it does not fit the grid.
 */
export function readPoints(path: string, grid: ParsedGrid): PointListFile {
  const text = readText(path);
  const json = isPointListCsv(text) ? readCsv(path, text) : readJson(path, text);
  const parsed = parsePointList(json, grid.grid);
  if (!parsed.ok) {
    throw new StartError(
      'RL-030',
      `${path} is refused: ${parsed.error.map(formatPointListProblem).join('; ')}`,
    );
  }
  return PointListFile.parse(json);
}

function readCsv(path: string, text: string): unknown {
  const read = readPointListCsv(text);
  if (read.ok) return read.value.json;
  const lines = read.error.map(({ line, message }) => `line ${line}: ${message}`);
  throw new StartError('RL-030', `${path} is refused: ${lines.join('; ')}`);
}

function readJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new StartError('RL-003', `${path}: ${words}`);
  }
}
