import { expect, test } from 'vitest';
import type { AlarmView } from '@relight/contract';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const RTU = 'RTU.471-1';

test('a device whose clock is off by more than 2 s is flagged once, until it is right again', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(10_000);
  const alarm = (): AlarmView | undefined =>
    world.views.alarms.find(({ equipment }) => equipment === RTU);
  const shows = (skew_ms: number | null): void => {
    const link = world.views.links.find(({ rtu }) => rtu === RTU);
    if (link === undefined) throw new Error('no link');
    world.feed({ kind: 'links', links: [{ ...link, skew_ms }] });
  };
  shows(1_900);
  expect(alarm()).toBeUndefined();
  shows(-2_100);
  shows(-2_300);
  expect(alarm()).toMatchObject({ state: 'unacknowledged', priority: 3, count: 1 });
  shows(-1_800);
  expect(alarm()?.state).toBe('unacknowledged');
  shows(300);
  expect(alarm()?.state).toBe('returnedUnacknowledged');
});
