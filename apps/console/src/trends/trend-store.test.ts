import type { MeasurementView } from '@relight/contract';
import { expect, test } from 'vitest';
import { fromSnapshot, LiveStore } from '../store/live-store.ts';
import { snapshotWith } from '../testing/views.ts';
import { TrendStore } from './trend-store.ts';

function storeWith(measurement: Pick<MeasurementView, 'value' | 'quality'>): LiveStore {
  const snapshot = snapshotWith({
    measurements: [
      { id: 'i', equipment: 'PT.473', signal: 'current_A', sourceTime_ms: 900, ...measurement },
    ],
  });
  const live = new LiveStore();
  live.set(fromSnapshot(snapshot, Date.now()));
  return live;
}

test('a good value is drawn, a stale one leaves a gap', () => {
  const good = new TrendStore(storeWith({ value: 93, quality: 'good' }));
  good.add('PT.473', 'current_A');
  expect(good.get()[0]?.values).toEqual([93]);
  const stale = new TrendStore(storeWith({ value: 93, quality: 'notTopical' }));
  stale.add('PT.473', 'current_A');
  expect(stale.get()[0]?.values).toEqual([null]);
  for (const store of [good, stale]) store.remove('PT.473 current_A');
});

test('a lost server adds nothing, and the ninth series is refused', () => {
  const live = storeWith({ value: 93, quality: 'good' });
  const trends = new TrendStore(live);
  trends.add('PT.473', 'current_A');
  live.lose();
  trends.sample();
  expect(trends.get()[0]?.values).toHaveLength(1);
  const more = Array.from({ length: 8 }, (_, i) => trends.add(`PT.${i}`, 'current_A'));
  expect(more).toEqual([true, true, true, true, true, true, true, false]);
  for (const { key } of trends.get()) trends.remove(key);
});
