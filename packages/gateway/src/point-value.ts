import type { PointValue } from '@relight/contract';
import { POSITION_CODES, TRIP_FUNCTIONS } from '@relight/contract';
import type { Point } from './point.ts';

/** Fault directions in the order of their code on the wire. */
const DIRECTIONS = ['none', 'forward', 'reverse'] as const;

/**
 * The value a point has when its device reports `raw`: positions and trip functions by name,
 * flags as booleans, analogs scaled.
 * @returns null for a code that does not exist or a number that is none; such a reading is
 *   invalid, and the last value stays.
 */
export function pointValue(point: Point, raw: number | boolean): PointValue | null {
  if (typeof raw === 'number' && !Number.isFinite(raw)) return null;
  switch (point.kind) {
    case 'position':
      return positionValue(point, raw);
    case 'tripFunction':
      return TRIP_FUNCTIONS[Number(raw)] ?? null;
    case 'direction':
      return DIRECTIONS[Number(raw)] ?? null;
    case 'flag':
      return (Number(raw) !== 0) !== point.invert;
    case 'analog': {
      const value = Number(raw) * point.scale + point.offset;
      return Number.isFinite(value) ? value : null;
    }
  }
}

/** A single bit tells open (0) from closed (1); a number is a double point. */
function positionValue(point: Point, raw: number | boolean): PointValue | null {
  const single = typeof raw === 'boolean' || point.modbus?.type === 'bit';
  const code = single ? Number(raw) + 1 : raw;
  const position = POSITION_CODES[code];
  if (position === undefined) return null;
  if (!point.invert) return position;
  if (position === 'open') return 'closed';
  return position === 'closed' ? 'open' : position;
}
