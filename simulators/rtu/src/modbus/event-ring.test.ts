import { EVENT_RING } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { EventRing } from './event-ring.ts';

function header(ring: EventRing) {
  const { registers } = ring;
  const uint32 = (at: number): number => registers[at]! * 65_536 + registers[at + 1]!;
  return {
    newest: uint32(EVENT_RING.newest),
    oldest: uint32(EVENT_RING.oldest),
    incarnation: registers[EVENT_RING.incarnation],
    capacity: registers[EVENT_RING.capacity],
  };
}

const event = (value: number) => ({ code: 3, quality: 0x80, value, time_ms: 1_800_000_000_123 });

describe('the ring of events', () => {
  test('numbers events from 1 and keeps each with code, quality, value and time in its slot', () => {
    const ring = new EventRing(3);
    expect(header(ring)).toEqual({ newest: 0, oldest: 1, incarnation: 1, capacity: 3 });
    ring.add(event(1));
    ring.add(event(70_000));
    expect(header(ring)).toMatchObject({ newest: 2, oldest: 1 });
    const slot = [...ring.registers.subarray(EVENT_RING.header + EVENT_RING.slot)].slice(0, 10);
    expect(slot.slice(0, 6)).toEqual([0, 2, 3, 0x80, 1, 4_464]);
    expect(slot.slice(6).reduce((sum, word) => sum * 65_536 + word, 0)).toBe(1_800_000_000_123);
  });

  test('overwrites the oldest when it is full, and says what it still holds', () => {
    const ring = new EventRing(3);
    for (let value = 1; value <= 5; value++) ring.add(event(value));
    expect(header(ring)).toMatchObject({ newest: 5, oldest: 3 });
  });

  test('lets go what was acknowledged, and takes no acknowledgement of what never was', () => {
    const ring = new EventRing(3);
    ring.add(event(1));
    ring.add(event(2));
    expect(ring.acknowledge(3)).toBe(false);
    expect(ring.acknowledge(1)).toBe(true);
    expect(header(ring)).toMatchObject({ newest: 2, oldest: 2 });
    expect(ring.acknowledge(0)).toBe(true);
    expect(header(ring)).toMatchObject({ oldest: 2 });
  });

  test('begins anew under another incarnation after its memory was lost', () => {
    const ring = new EventRing(3);
    ring.add(event(1));
    ring.forget();
    expect(header(ring)).toEqual({ newest: 0, oldest: 1, incarnation: 2, capacity: 3 });
  });
});
