import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';

/** One record of a CSV file. */
export interface CsvRow {
  /** Line of its first character, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type CsvDelimiter = ',' | ';' | '\t';

/**
 * Cuts CSV text (RFC 4180) into rows; rows without any content are left out. Cells in quotes may
 * hold delimiters, line breaks and doubled quotes; others are trimmed.
 */
export function readCsv(
  text: string,
  delimiter: CsvDelimiter,
): Result<readonly CsvRow[], { readonly line: number; readonly message: string }> {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const rows: CsvRow[] = [];
  let line = 1;
  let rowLine = 1;
  let cells: string[] = [];
  let at = 0;
  while (at < body.length) {
    let cell = '';
    if (body[at] === '"') {
      const openedOn = line;
      at += 1;
      for (;;) {
        if (at >= body.length) return fail({ line: openedOn, message: 'a quote is never closed' });
        if (body[at] === '"' && body[at + 1] !== '"') break;
        if (body[at] === '"') at += 1;
        if (body[at] === '\n') line += 1;
        cell += body[at];
        at += 1;
      }
      at += 1;
      if (at < body.length && !isEndOfCell(body[at], delimiter)) {
        return fail({ line, message: 'text after a closing quote' });
      }
    } else {
      const from = at;
      while (at < body.length && !isEndOfCell(body[at], delimiter)) at += 1;
      cell = body.slice(from, at).trim();
    }
    cells.push(cell);
    if (body[at] === delimiter) {
      at += 1;
      if (at < body.length) continue;
      cells.push('');
    }
    if (cells.some((one) => one !== '')) rows.push({ line: rowLine, cells });
    cells = [];
    if (body[at] === '\r') at += 1;
    if (body[at] === '\n') at += 1;
    line += 1;
    rowLine = line;
  }
  return ok(rows);
}

function isEndOfCell(character: string | undefined, delimiter: CsvDelimiter): boolean {
  return character === delimiter || character === '\n' || character === '\r';
}

/** One line with its end; cells are quoted where they must be. */
export function csvLine(cells: readonly string[]): string {
  const written = cells.map((cell) =>
    /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${written.join(',')}\r\n`;
}
