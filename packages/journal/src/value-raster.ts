import { HISTORY_MOST_SAMPLES, HISTORY_SLOT_MS } from '@relight/contract';
import { PACK_SLOTS, type Pack } from './value-slots.ts';

/** The times of an answer: slots of one length, all of them within the range asked for. */
export interface Raster {
  readonly step_ms: number;
  readonly from_ms: number;
  readonly slots: number;
}

/** The finest raster over a range that has no more slots than one answer may. */
export function rasterOver(from_ms: number, to_ms: number): Raster {
  const length_ms = Math.max(0, to_ms - from_ms);
  const step_ms =
    HISTORY_SLOT_MS * Math.max(1, Math.ceil(length_ms / (HISTORY_MOST_SAMPLES * HISTORY_SLOT_MS)));
  const first_ms = Math.floor(from_ms / step_ms) * step_ms;
  const slots = length_ms === 0 ? 0 : Math.ceil((to_ms - first_ms) / step_ms);
  // The slot that is cut at both ends may be one too many.
  return { step_ms, from_ms: first_ms, slots: Math.min(slots, HISTORY_MOST_SAMPLES) };
}

interface Series {
  readonly values: (number | null)[];
  readonly low: (number | null)[];
  readonly high: (number | null)[];
}

/**
 * One series over a raster.
 * @param packs - Begin of every pack there is in that range, ms, rising.
 * @param packAt - What the measurement did in one of them; null: nothing.
 */
export function seriesOver(
  raster: Raster,
  packs: readonly number[],
  packAt: (from_ms: number) => Pack | null,
): Series {
  const { from_ms, step_ms, slots } = raster;
  const values = Array.from<number | null>({ length: slots }).fill(null);
  const [low, high] = [values.slice(), values.slice()];
  for (const pack_ms of packs) {
    const pack = packAt(pack_ms);
    if (pack === null) continue;
    for (let slot = 0; slot < PACK_SLOTS; slot++) {
      const into = Math.floor((pack_ms + slot * HISTORY_SLOT_MS - from_ms) / step_ms);
      if (into < 0 || into >= slots) continue;
      const least = plain(pack[PACK_SLOTS + slot]);
      const greatest = plain(pack[2 * PACK_SLOTS + slot]);
      values[into] = plain(pack[slot]) ?? values[into] ?? null;
      if (least !== null) low[into] = Math.min(low[into] ?? least, least);
      if (greatest !== null) high[into] = Math.max(high[into] ?? greatest, greatest);
    }
  }
  return { values, low, high };
}

/** As it was said, without the digits that 32 bits invent. */
function plain(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(7));
}
