import type { Delta, Snapshot } from '@relight/contract';
import { expect, test } from 'vitest';
import { snapshotWith } from '../testing/views.ts';
import { fromSnapshot, withDelta } from './live-store.ts';

const feeder = (id: string, customersOut: number): Snapshot['feeders'][number] => ({
  id,
  name: id,
  head: `${id}.head`,
  mode: 'automatic',
  outOfAutomatic: null,
  customers: 3000,
  customersOut,
  current_A: 120,
});
const snapshot = snapshotWith({ feeders: [feeder('F471', 0), feeder('F473', 0)] });
const delta = (sequence: number, rest: Partial<Delta> = {}): Delta => ({
  type: 'delta',
  sequence,
  serverTime_ms: 1_100,
  ...rest,
});

test('a delta changes the feeders it names and leaves the others as they were', () => {
  const before = fromSnapshot(snapshot, 0);
  const after = withDelta(before, delta(8, { feeders: [feeder('F473', 2051)] }), 10);
  expect(after?.feeders.get('F473')?.customersOut).toBe(2051);
  expect(after?.feeders.get('F471')).toBe(before.feeders.get('F471'));
});

test('what a delta does not mention keeps its identity, so that nothing is drawn anew', () => {
  const before = fromSnapshot(snapshot, 0);
  const after = withDelta(before, delta(8), 10);
  expect(after?.sections).toBe(before.sections);
  expect(after?.alarms).toBe(before.alarms);
});

test('a missing number asks for a new snapshot, a repeated one too', () => {
  const before = fromSnapshot(snapshot, 0);
  expect(withDelta(before, delta(9), 10)).toBeNull();
  expect(withDelta(before, delta(7), 10)).toBeNull();
});
