import { parseJsonText, POINTS_FORMAT, type PointListFile } from '@relight/contract';
import {
  formatPointListProblem,
  isPointListCsv,
  parsePointList,
  readPointListCsv,
} from '@relight/gateway';
import type { PointListProblem } from '@relight/gateway';
import type { Grid } from '@relight/grid';
import { CliError, EXIT_NO } from './cli-error.ts';
import { issueLine, problems, readText } from './read-grid.ts';

interface ReadPointList {
  /** The list as its file has it; null where it is refused. */
  readonly file: PointListFile | null;
  readonly problems: readonly (PointListProblem & { readonly line?: number })[];
  /** What was wrong, one line each, for a person. */
  readonly lines: readonly string[];
}

/**
 * Reads a point list in either form; CSV is known by its first line.
 * @throws CliError RL-003 where the text is no JSON, RL-030 where it is no readable CSV.
 */
export function readPointList(path: string, grid?: Grid): ReadPointList {
  const text = readText(path);
  const csv = isPointListCsv(text) ? csvForm(path, text) : null;
  const json = csv === null ? jsonForm(path, text) : csv.json;
  const parsed = parsePointList(json, grid);
  if (parsed.ok) return { file: json as PointListFile, problems: [], lines: [] };
  const found = parsed.error.map((problem) => {
    const line = csv?.lineOf(problem.path) ?? null;
    return line === null ? problem : { ...problem, line };
  });
  const lines = found.map((problem) => {
    const line = 'line' in problem ? `line ${problem.line}: ` : '';
    return `  ${line}${formatPointListProblem(problem)}`;
  });
  return { file: null, problems: found, lines };
}

/** A list that must be right. @throws CliError RL-030 with every problem. */
export function readValidPointList(path: string): PointListFile {
  const { file, lines } = readPointList(path);
  if (file === null) throw refusal(path, lines);
  return file;
}

/** The error that a refused list ends with. */
export function refusal(path: string, lines: readonly string[]): CliError {
  return new CliError(
    'RL-030',
    `point list "${path}" has ${problems(lines.length)}`,
    EXIT_NO,
    lines,
  );
}

function csvForm(path: string, text: string) {
  const read = readPointListCsv(text);
  if (read.ok) return read.value;
  const lines = read.error.map(({ line, message }) => `  line ${line}: ${message}`);
  throw refusal(path, lines);
}

function jsonForm(path: string, text: string): unknown {
  const json = parseJsonText(text);
  if (json.ok) return json.value;
  const looksLikeCsv = /^[^{[\n]*[,;\t]/.test(text);
  const hint = looksLikeCsv ? ` (the CSV form begins with "${POINTS_FORMAT},GRID")` : '';
  throw new CliError('RL-003', `${path}:${issueLine(json.error).slice(1)}${hint}`, EXIT_NO);
}
