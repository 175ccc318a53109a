import type { PointListFile } from '@relight/contract';
import { POINTS_FORMAT } from '@relight/contract';
import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { csvLine, readCsv } from './csv.ts';
import type { CsvDelimiter, CsvRow } from './csv.ts';

/** What a cell holds. `count`: a number if it looks like one, else text. */
type CellKind = 'text' | 'number' | 'flag' | 'count' | 'pollClasses';

/** Columns by the path of their field in the JSON form, in the order they are written. */
const COLUMNS = {
  rtu: {
    id: 'text',
    substation: 'text',
    protocol: 'text',
    host: 'text',
    port: 'number',
    unitId: 'number',
    endpoint: 'text',
    security: 'text',
    user: 'text',
    timeout_ms: 'number',
    pollClasses: 'pollClasses',
    'clock.table': 'text',
    'clock.address': 'number',
    'events.address': 'number',
    'events.capacity': 'number',
    'events.newest.table': 'text',
    'events.newest.address': 'number',
  },
  point: {
    id: 'text',
    rtu: 'text',
    equipment: 'text',
    signal: 'text',
    side: 'text',
    table: 'text',
    address: 'number',
    nodeId: 'text',
    type: 'text',
    wordOrder: 'text',
    scale: 'number',
    offset: 'number',
    deadband: 'number',
    invert: 'flag',
    pollClass: 'text',
    maxAge_ms: 'number',
    frozen_ms: 'number',
    qualityAddress: 'number',
    timeAddress: 'number',
    eventCode: 'number',
    'command.arm': 'number',
    'command.operate': 'count',
    'command.object': 'text',
    'command.select': 'text',
    'command.cancel': 'text',
  },
} as const satisfies Record<string, Record<string, CellKind>>;

type Section = keyof typeof COLUMNS;
const LISTS = { rtu: 'rtus', point: 'points' } as const;

/** The JSON form of a CSV file, not yet checked, and where each entry came from. */
export interface PointListCsv {
  readonly json: unknown;
  /** Line in the CSV file of a JSON path such as `points.12.address`; null if it has none. */
  lineOf(path: string): number | null;
}

export interface CsvProblem {
  readonly line: number;
  readonly message: string;
}

/** Whether a text is a point list in its CSV form: known by its first line. */
export function isPointListCsv(text: string): boolean {
  return /^\uFEFF?"?relight-points\//.test(text);
}

/**
 * Reads the CSV form of a point list. First line: `relight-points/1` and the id of the grid. Then
 * two sections, each with a line of column names that begins with `#rtu` or `#point`, and rows
 * that begin with `rtu` or `point`. Columns may stand in any order; an empty cell is a field
 * that is absent. Delimiter: what follows `relight-points/1`, comma, semicolon or tab; with the
 * latter two, numbers may have a decimal comma, as spreadsheets in Vietnamese write them.
 *
 * What a cell cannot be read as is left as text for `parsePointList` to name.
 */
export function readPointListCsv(text: string): Result<PointListCsv, readonly CsvProblem[]> {
  const start = /^\uFEFF?"?relight-points\/1"?([,;\t])/.exec(text);
  if (start === null) {
    return fail([{ line: 1, message: `the first line is not "${POINTS_FORMAT},GRID"` }]);
  }
  const delimiter = start[1] as CsvDelimiter;
  const rows = readCsv(text, delimiter);
  if (!rows.ok) return fail([rows.error]);
  const problems: CsvProblem[] = [];
  const lists: Record<Section, unknown[]> = { rtu: [], point: [] };
  const lines: Record<Section, number[]> = { rtu: [], point: [] };
  const headers = new Map<Section, readonly (readonly [string, CellKind] | null)[]>();
  const [first, ...others] = rows.value;
  for (const row of others) {
    const kind = row.cells[0] ?? '';
    const section = sectionOf(kind.replace(/^#/, ''));
    if (section === null) {
      problems.push({ line: row.line, message: `"${kind}" is none of #rtu, rtu, #point, point` });
      continue;
    }
    if (kind.startsWith('#')) {
      headers.set(section, readHeader(section, row, problems));
      continue;
    }
    const header = headers.get(section);
    if (header === undefined) {
      problems.push({ line: row.line, message: `no line of columns, #${section}, stands before` });
      continue;
    }
    lists[section].push(readEntry(header, row, delimiter !== ',', problems));
    lines[section].push(row.line);
  }
  if (problems.length > 0) return fail(problems);
  const json = {
    format: POINTS_FORMAT,
    grid: first?.cells[1] ?? '',
    rtus: lists.rtu,
    points: lists.point,
  };
  return ok({
    json,
    lineOf(path) {
      const [list, index] = path.split('.');
      const section = list === 'rtus' ? 'rtu' : list === 'points' ? 'point' : null;
      return section === null ? null : (lines[section][Number(index)] ?? null);
    },
  });
}

function sectionOf(text: string): Section | null {
  return text === 'rtu' || text === 'point' ? text : null;
}

function readHeader(
  section: Section,
  row: CsvRow,
  problems: CsvProblem[],
): readonly (readonly [string, CellKind] | null)[] {
  const known: Readonly<Record<string, CellKind>> = COLUMNS[section];
  const seen = new Set<string>();
  return row.cells.map((name, index) => {
    if (index === 0 || name === '') return null;
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) {
      problems.push({ line: row.line, message: `a ${section} has no column "${name}"` });
      return null;
    }
    if (seen.has(name)) problems.push({ line: row.line, message: `column "${name}" stands twice` });
    seen.add(name);
    return [name, kind] as const;
  });
}

function readEntry(
  header: readonly (readonly [string, CellKind] | null)[],
  row: CsvRow,
  decimalComma: boolean,
  problems: CsvProblem[],
): unknown {
  const entry: Record<string, unknown> = {};
  row.cells.forEach((cell, index) => {
    if (index === 0 || cell === '') return;
    const column = header[index];
    if (column === null || column === undefined) {
      problems.push({ line: row.line, message: `"${cell}" stands under no column` });
      return;
    }
    const [path, kind] = column;
    put(entry, path.split('.'), readCell(cell, kind, decimalComma));
  });
  return entry;
}

function put(entry: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    entry[name] = value;
    return;
  }
  const inner = (entry[name] ??= {}) as Record<string, unknown>;
  put(inner, rest, value);
}

function readCell(cell: string, kind: CellKind, decimalComma: boolean): unknown {
  const point = decimalComma ? cell.replace(',', '.') : cell;
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(point);
  switch (kind) {
    case 'text':
      return cell;
    case 'number':
    case 'count':
      return isNumber ? Number(point) : cell;
    case 'flag': {
      const flag = cell.toLowerCase();
      return flag === 'true' || flag === 'false' ? flag === 'true' : cell;
    }
    case 'pollClasses': {
      const classes = cell.split(/\s+/).map((one) => one.split('='));
      return Object.fromEntries(
        classes.map(([name = '', period]) => [name, { period_ms: Number(period) }]),
      );
    }
  }
}

/** Writes the CSV form of a list; columns no entry uses are left out. */
export function writePointListCsv(file: PointListFile): string {
  const section = (name: Section): string => {
    const entries: readonly unknown[] = file[LISTS[name]];
    const columns = Object.keys(COLUMNS[name]).filter((path) => {
      return entries.some((entry) => valueAt(entry, path.split('.')) !== undefined);
    });
    const rows = entries.map((entry) => {
      const cells = columns.map((path) => writeCell(path, valueAt(entry, path.split('.'))));
      return csvLine([name, ...cells]);
    });
    return csvLine([`#${name}`, ...columns]) + rows.join('');
  };
  return csvLine([POINTS_FORMAT, file.grid]) + section('rtu') + section('point');
}

function valueAt(entry: unknown, path: readonly string[]): unknown {
  let value = entry;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function writeCell(path: string, value: unknown): string {
  if (value === undefined) return '';
  if (path !== 'pollClasses') return typeof value === 'string' ? value : JSON.stringify(value);
  const classes = Object.entries(value as Record<string, { period_ms: number }>);
  return classes.map(([name, { period_ms }]) => `${name}=${period_ms}`).join(' ');
}
