import type { PointFile } from '@relight/contract';
import { expect, test } from 'vitest';
import { ScriptedField } from '../testing/scripted-field.ts';
import { twoFeeders, type TwoFeederOptions } from '../testing/two-feeders.ts';
import { opensDead } from './opens-dead.ts';

const SWITCH = '471-2';

/** 471 stands tripped; its switch in the middle measures what the test says. */
function tripped(
  options: TwoFeederOptions & {
    readonly voltageAt?: readonly ('from' | 'to' | 'untold')[];
    readonly current_A?: number;
  } = {},
): ScriptedField {
  const parts = twoFeeders(options);
  const voltages = (options.voltageAt ?? []).map((side): PointFile => {
    const id = `${SWITCH}.voltagePresent`;
    const common = { rtu: `RTU.${SWITCH}`, equipment: SWITCH, signal: 'voltagePresent' as const };
    return side === 'untold' ? { ...common, id } : { ...common, id: `${id}.${side}`, side };
  });
  const points = parts.pointList.points.filter(
    ({ id }) => options.current_A !== undefined || id !== `${SWITCH}.current_A`,
  );
  const world = new ScriptedField({
    grid: parts.grid,
    pointList: { ...parts.pointList, points: [...points, ...voltages] },
  });
  world.run(10_000);
  world.moveByHand('T.471', 'open');
  world.run(1_000);
  if (options.current_A !== undefined) world.setValue(SWITCH, 'current_A', options.current_A);
  return world;
}

/** A voltage detector at one side of the switch reports. */
function report(world: ScriptedField, side: 'from' | 'to', value: boolean): void {
  const update = {
    point: `${SWITCH}.voltagePresent.${side}`,
    value,
    quality: 'good' as const,
    sourceTime_ms: world.wall_ms,
    receiveTime_ms: world.wall_ms,
    sequence: 1_000_000 + world.records.length,
  };
  world.feed({ kind: 'telemetry', updates: [update] });
}

/** The verdict on opening, as it reads; the tripped device locked out so long ago. */
function why(world: ScriptedField, ago_ms = 500, equipment = SWITCH): string {
  const verdict = opensDead(
    {
      engine: world.engine,
      state: world.state,
      switchIndex: world.engine.network.index.switch.get(equipment) ?? -1,
      operation: 'open',
      now_ms: world.now,
      region: [],
    },
    world.now - ago_ms,
  );
  return `${verdict.ok ? 'opens' : 'waits'}: ${verdict.text.en}`;
}

test('a breaker and a recloser open at once, live or not', () => {
  expect(why(tripped(), -1, 'T.472')).toBe('opens: breaks fault current');
  const world = tripped({ kindOf471_2: 'recloser' });
  expect(why(world, -1)).toBe('opens: breaks fault current');
});

test('a load-break switch waits until the tripped device can no longer reclose', () => {
  const world = tripped({ current_A: 0 });
  expect(why(world, Number.NEGATIVE_INFINITY)).toBe('waits: the tripped device may still reclose');
  expect(why(world)).toBe('opens: dead: no current');
});

test('it waits while a source or a generator may feed its line', () => {
  const fed = tripped({ current_A: 0 });
  expect(why(fed, 500, '472-1')).toContain('a way leads to its line');
  const generator = tripped({ current_A: 0, generators: [{ node: 'a6' }] });
  expect(why(generator)).toContain('a way leads to its line');
});

test('it waits while a current is read, though the picture says dead', () => {
  expect(why(tripped({ current_A: -40 }))).toBe('waits: still reads a current of 40.0 A');
  expect(why(tripped({ current_A: 0.8 }))).toBe('opens: dead: no current');
});

test('readings from before the lockout, too old or not good prove nothing', () => {
  const early = tripped({ current_A: 0 });
  early.freeze(`RTU.${SWITCH}`);
  early.run(3_000);
  expect(why(early, 1_000)).toContain('no good reading');
  early.run(30_000);
  expect(why(early, 33_000)).toContain('no good reading');
  const lost = tripped({ current_A: 0, voltageAt: ['from', 'to'] });
  lost.loseRtu(`RTU.${SWITCH}`);
  expect(why(lost)).toContain('no good reading');
});

test('without a current its voltage counts: none at both its sides is dead, at one of them it is not', () => {
  const both = tripped({ voltageAt: ['from', 'to'] });
  expect(why(both)).toContain('no good reading');
  report(both, 'from', false);
  expect(why(both)).toContain('no good reading');
  report(both, 'to', false);
  expect(why(both)).toBe('opens: dead: no voltage at either side');
  report(both, 'to', true);
  expect(why(both)).toBe('waits: voltage is reported at it');
  const untold = tripped({ voltageAt: ['untold'] });
  untold.setValue(SWITCH, 'voltagePresent', false);
  expect(why(untold)).toContain('no good reading');
});

test('voltage at either side speaks against it, whatever the current says', () => {
  const world = tripped({ current_A: 0, voltageAt: ['untold'] });
  world.setValue(SWITCH, 'voltagePresent', true);
  expect(why(world)).toBe('waits: voltage is reported at it');
});
