import { PointListFile } from '@relight/contract';
import { formatPointListProblem, parsePointList } from '@relight/gateway';
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

/** @throws StartError with every problem of the list, also where it does not fit the grid. */
export function readPoints(path: string, grid: ParsedGrid): PointListFile {
  let json: unknown;
  try {
    json = JSON.parse(readText(path));
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(
      'RL-003',
      `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  const parsed = parsePointList(json, grid.grid);
  if (!parsed.ok) {
    throw new StartError(
      'RL-030',
      `${path} is refused: ${parsed.error.map(formatPointListProblem).join('; ')}`,
    );
  }
  return PointListFile.parse(json);
}
