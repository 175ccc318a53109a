import type { PointValue, Quality } from '@relight/contract';
import { MODBUS_QUALITY_BITS } from '@relight/contract';
import { pointValue, WIDTH } from '@relight/gateway';
import type { ModbusAddress, Point, PointReading } from '@relight/gateway';
import type { Place, PlannedPoint } from './poll-plan.ts';

const view = new DataView(new ArrayBuffer(4));

/** What the registers read last say of a point; null if its block has brought nothing. */
export function decode(planned: PlannedPoint): PointReading | null {
  const { point } = planned;
  if (point.modbus === null) return null;
  const raw = rawValue(planned.value, point.modbus);
  if (raw === null) return null;
  const value = pointValue(point, raw);
  const told = planned.quality === null ? 'good' : qualityOf(at(planned.quality, 0));
  return {
    point: point.id,
    value,
    quality: value === null && told === 'good' ? 'invalid' : told,
    sourceTime_ms: planned.time === null ? null : timestamp(planned.time),
  };
}

/** Whether the device itself calls the value good, or says nothing of its quality. */
export function saysGood(planned: PlannedPoint): boolean {
  return planned.quality === null || at(planned.quality, 0) === 0;
}

/** The registers of a value as they came, for a person. */
export function rawWords({ value, point }: PlannedPoint): string {
  const count = WIDTH[point.modbus?.type ?? 'uint16'];
  return value.block.data.slice(value.offset, value.offset + count).join(' ');
}

/** Unsigned 64 bit, highest word first, as ms since 1970 UTC; null for 0 or beyond reason. */
export function timestamp(place: Place): number | null {
  let time = 0;
  for (let i = 0; i < 4; i++) {
    const word = at(place, i);
    if (word === null) return null;
    time = time * 65_536 + word;
  }
  return time > 0 && Number.isSafeInteger(time) ? time : null;
}

/** Value of an event: float32 for a float32 point, else a whole number. */
export function decodeWords(point: Point, high: number, low: number): PointValue | null {
  view.setUint16(0, high);
  view.setUint16(2, low);
  switch (point.modbus?.type) {
    case 'float32':
      return pointValue(point, view.getFloat32(0));
    case 'int16':
    case 'int32':
      return pointValue(point, view.getInt32(0));
    default:
      return pointValue(point, view.getUint32(0));
  }
}

function rawValue(place: Place, address: ModbusAddress): number | null {
  const high = at(place, address.wordOrder === 'ABCD' ? 0 : 1);
  const low = at(place, address.wordOrder === 'ABCD' ? 1 : 0);
  const first = at(place, 0);
  switch (address.type) {
    case 'bit':
    case 'uint16':
      return first;
    case 'int16':
      return first === null ? null : (first << 16) >> 16;
    case 'uint32':
    case 'int32':
    case 'float32':
      if (high === null || low === null) return null;
      view.setUint16(0, high);
      view.setUint16(2, low);
      if (address.type === 'uint32') return view.getUint32(0);
      return address.type === 'int32' ? view.getInt32(0) : view.getFloat32(0);
  }
}

function at(place: Place, index: number): number | null {
  return place.block.data[place.offset + index] ?? null;
}

/** Of a quality register; null: it brought nothing. */
export function qualityOf(bits: number | null): Quality {
  if (bits === null) return 'invalid';
  const names = ['invalid', 'notTopical', 'blocked', 'substituted', 'overflow'] as const;
  return names.find((name) => (bits & MODBUS_QUALITY_BITS[name]) !== 0) ?? 'good';
}
