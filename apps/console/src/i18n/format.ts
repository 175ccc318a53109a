import type { Language } from '../store/ui-store.ts';

/** Vietnam keeps one zone and no summer time. */
const ZONE_MS = 7 * 3_600_000;

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** "02:14:07", or with milliseconds "02:14:07.312"; Vietnam time. */
export function clockTime(at_ms: number, withMilliseconds = false): string {
  const at = new Date(at_ms + ZONE_MS);
  const text = `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}`;
  return withMilliseconds ? `${text}.${pad(at.getUTCMilliseconds(), 3)}` : text;
}

/** "14/11/2026". */
export function calendarDay(at_ms: number): string {
  const at = new Date(at_ms + ZONE_MS);
  return `${pad(at.getUTCDate())}/${pad(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
}

/** "14/11 02:14:07": where the rows of a list are of several days. */
export function dayAndTime(at_ms: number, withMilliseconds = false): string {
  return `${calendarDay(at_ms).slice(0, 5)} ${clockTime(at_ms, withMilliseconds)}`;
}

/** "14/11/2026 02:14", as `momentOf` reads it. */
export function momentText(at_ms: number): string {
  return `${calendarDay(at_ms)} ${clockTime(at_ms).slice(0, 5)}`;
}

/** Reads "14/11/2026 02:14", or the day alone as its midnight; null where it is no moment. */
export function momentOf(text: string): number | null {
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2}))?$/u.exec(text.trim());
  if (parts === null) return null;
  const [day = 0, month = 0, year = 0, hour = 0, minute = 0] = parts
    .slice(1)
    .map((n) => Number(n ?? 0));
  if (hour > 23 || minute > 59) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute);
  // The 31st of a month that has none would be the first of the next.
  if (new Date(at).getUTCDate() !== day || new Date(at).getUTCMonth() !== month - 1) return null;
  return at - ZONE_MS;
}

export function weekday(language: Language, at_ms: number): string {
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    weekday: 'long',
    timeZone: 'Asia/Ho_Chi_Minh',
  }).format(at_ms);
}

/** "2:34" for 154 s. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds >= 3600)
    return `${Math.floor(seconds / 3600)}:${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** A figure with a fixed number of decimals, written as the language writes it. */
export function figure(language: Language, value: number, decimals = 0): string {
  const key = `${language}/${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** For search: without diacritics, đ as d, in lower case. */
export function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[đĐ]/gu, 'd').toLowerCase();
}
