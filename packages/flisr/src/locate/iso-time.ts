const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Milliseconds since 1970 UTC of an ISO 8601 time with offset; null where it is none. */
export function isoTime_ms(text: string): number | null {
  const parts = ISO.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const offset_min =
    zone === undefined || zone === 'Z'
      ? 0
      : Number(`${zone.slice(0, 1)}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  const minutes =
    daysSince1970(Number(year), Number(month), Number(day)) * 1440 +
    Number(hour) * 60 +
    Number(minute) -
    offset_min;
  return minutes * 60_000 + Number(second ?? 0) * 1000 + Math.round(Number(fraction ?? 0) * 1000);
}

/** Days of the Gregorian calendar, counted in years that begin in March (H. Hinnant). */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
