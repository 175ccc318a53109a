import { expect, test } from 'vitest';
import { guardTime_ms } from './guard-time.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

/** Two feeders whose station and field devices are polled so often. */
function polled(station_ms: number, field_ms: number, slowestProtection_ms = 3_000) {
  const parts = twoFeeders();
  const rtus = parts.pointList.rtus.map((rtu) => ({
    ...rtu,
    pollClasses: { default: { period_ms: rtu.id === 'RTU.T' ? station_ms : field_ms } },
  }));
  const world = new ScriptedField(
    { grid: parts.grid, pointList: { ...parts.pointList, rtus } },
    { slowestProtection_ms },
  );
  world.run(1_000);
  const { index } = world.engine.network;
  return (id: string): number =>
    guardTime_ms(world.engine, world.state, index.switch.get(id) ?? -1);
}

test('the guard time is what the site has set where protection and two polls are faster', () => {
  expect(polled(500, 500)('471-472-3')).toBe(5_000);
});

test('a protective device that is polled slowly is waited for behind every switch it feeds', () => {
  const guard = polled(4_000, 500);
  expect(guard('471-472-3')).toBe(11_000);
  expect(guard('472-1')).toBe(11_000);
});

test('so is the switch itself, and protection that is slow', () => {
  expect(polled(500, 6_000)('471-472-3')).toBe(15_000);
  expect(polled(500, 500, 8_000)('471-472-3')).toBe(9_000);
});

test('a slow switch on another way to the source is not waited for', () => {
  expect(polled(500, 6_000)('T.471')).toBe(5_000);
});
