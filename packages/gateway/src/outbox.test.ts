import { SimulatedClock } from '@relight/foundation';
import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';
import { parsePointList } from './point-list.ts';
import { TelemetryImage } from './telemetry-image.ts';

/** One RTU with a switch and its current. */
function image(): { readonly outbox: Outbox; readonly image: TelemetryImage } {
  const points = ['position', 'current_A'].map((signal, address) => ({
    id: signal,
    rtu: 'R',
    equipment: 'S',
    signal,
    table: 'inputRegister',
    address,
  }));
  const list = parsePointList({
    format: 'relight-points/1',
    grid: 'g',
    rtus: [{ id: 'R', protocol: 'modbus-tcp', host: '127.0.0.1', port: 502 }],
    points,
  });
  if (!list.ok) throw new Error(JSON.stringify(list.error));
  const outbox = new Outbox();
  return {
    outbox,
    image: new TelemetryImage(['R'], list.value.points, new SimulatedClock(0), outbox, 0),
  };
}

function takeAll(outbox: Outbox): { readonly point: string; readonly value: unknown }[] {
  const all = [];
  while (outbox.waiting > 0) all.push(...outbox.take());
  return all;
}

const said = (point: string, value: string | number) =>
  ({ point, value, quality: 'good', sourceTime_ms: null }) as const;

test('what waits leaves in order: every step of the switch first, then one current, the newest', () => {
  const { outbox, image: it } = image();
  it.read('periodic', [said('current_A', 1)]);
  outbox.take();
  for (let i = 0; i < 5_000; i++) {
    it.read('spontaneous', [
      said('current_A', 100 + i),
      said('position', i % 2 === 0 ? 'open' : 'closed'),
    ]);
  }
  const left = takeAll(outbox);
  expect(left).toHaveLength(5_001);
  expect(left.slice(0, 5_000).every(({ point }) => point === 'position')).toBe(true);
  expect(left.at(-1)).toMatchObject({ point: 'current_A', value: 5_099 });
  expect(outbox).toMatchObject({ mergedRefreshes: 4_999, lostEvents: 0 });
});

test('past a hundred thousand waiting events a point keeps its newest, and the loss is counted', () => {
  const { outbox, image: it } = image();
  for (let i = 0; i < 100_010; i++) {
    it.read('spontaneous', [said('position', i % 2 === 0 ? 'open' : 'closed')]);
  }
  expect(outbox.waiting).toBe(100_001);
  expect(outbox.lostEvents).toBe(9);
  const left = takeAll(outbox);
  expect(left).toHaveLength(100_001);
  expect(left.at(-1)).toMatchObject({ value: 'closed' });
});
