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
