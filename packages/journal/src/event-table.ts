import type { EventView } from '@relight/contract';

/** What a spreadsheet would read as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const HEAD = ['received_utc', 'source_utc', 'equipment', 'vi', 'en', 'quality'];

/**
 * Events as CSV (RFC 4180, CRLF), with the mark by which spreadsheets know UTF-8. Times are ISO 8601 in UTC
 * with milliseconds. A text that a spreadsheet would run begins with an apostrophe.
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
  const tame = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}
