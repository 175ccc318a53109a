import type { EventView } from '@relight/contract';

/**
 * What a spreadsheet would read as a formula: where a cell begins, also one that it makes itself
 * because in its language a semicolon parts them, as in Vietnamese.
 */
const FORMULA = /(^|[;\t\r\n])(?=[=+\-@\t\r])/g;
const HEAD = ['received_utc', 'source_utc', 'equipment', 'vi', 'en', 'quality'];

/**
 * Events as CSV (RFC 4180, CRLF), with the mark by which spreadsheets know UTF-8. Times are ISO 8601 in UTC
 * with milliseconds. What a spreadsheet would run has an apostrophe before it.
 */
export function eventTable(events: Iterable<EventView>): string {
  const lines = [HEAD.join(',')];
  for (const event of events) {
    const { receiveTime_ms, sourceTime_ms, equipment, text, quality } = event;
    const source = sourceTime_ms === null ? '' : instant(sourceTime_ms);
    const words = [equipment, text.vi, text.en, quality].map(cell);
    lines.push([instant(receiveTime_ms), source, ...words].join(','));
  }
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

/** A clock of the field can say anything; what is no date is shown as the number it is. */
function instant(at_ms: number): string {
  const date = new Date(at_ms);
  return Number.isNaN(date.getTime()) ? String(at_ms) : date.toISOString();
}

function cell(text: string): string {
  const tame = text.replaceAll(FORMULA, "$1'");
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}
