import type { GridFile } from '@relight/contract';
import { parseGrid } from '@relight/grid';
import { expect, test } from 'vitest';
import { pointListOf, twoFeeders, type TwoFeederOptions } from './testing/two-feeders.ts';
import { ScriptedField } from './testing/scripted-field.ts';

const TIE = '471-472-3';

/**
 * A fault in the middle of 471, carried out until the tie has closed; the part behind it has a
 * fault of its own that nobody could know of, and 472 trips upon the close.
 */
function tieOntoFault(
  options: TwoFeederOptions & {
    readonly tieKind?: 'breaker';
    /** Where 471 trips for; absent: in its middle, so that its own breaker closes after the tie. */
    readonly first?: string;
    /** Where 472 trips for; absent: in the part that the tie takes over. */
    readonly second?: string;
    readonly meanwhile?: (world: ScriptedField) => void;
  } = {},
): ScriptedField {
  const parts = twoFeeders(options);
  const file: GridFile = {
    ...parts.file,
    switches: (parts.file.switches ?? []).map((each) =>
      each.id === TIE && options.tieKind !== undefined
        ? { ...each, kind: options.tieKind, protects: false }
        : each,
    ),
  };
  const parsed = parseGrid(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { grid } = parsed.value;
  const world = new ScriptedField({ grid, pointList: pointListOf(grid) });
  world.run(10_000);
  world.placeFault(options.first ?? 'L2');
  world.run(100);
  world.runUntil(() => {
    if (world.incident.state === 'approval') world.decide('approveAll');
    return operated(world, 'close').includes(TIE);
  });
  options.meanwhile?.(world);
  world.placeFault(options.second ?? 'L3');
  world.runUntil(() => world.incident.tripped.includes('T.472'));
  return world;
}

/** Operate orders as they went out. */
function operated(world: ScriptedField, operation: 'open' | 'close'): string[] {
  return world.orders
    .filter((order) => order.phase === 'operate' && order.operation === operation)
    .map((order) => order.equipment);
}

function told(world: ScriptedField): string {
  return world.incident.reasons.map((reason) => reason.en).join('\n');
}

test('a breaker that was closed onto a fault opens at once, and then the feeder that helped comes back', () => {
  const world = tieOntoFault({ tieKind: 'breaker' });
  world.run(60_000);
  expect(operated(world, 'open').slice(-1)).toEqual([TIE]);
  expect(operated(world, 'close').slice(-1)).toEqual(['T.472']);
  expect(world.isLive('b6')).toBe(true);
  expect(world.isLive('a5')).toBe(false);
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('after that it stops: the part it had taken over stays dead, the incident says why, a person decides', () => {
  const world = tieOntoFault({ tieKind: 'breaker', first: 'L1' });
  world.run(60_000);
  expect(world.isLive('b6')).toBe(true);
  const before = world.orders.length;
  expect(world.incident.state).toBe('noPlan');
  expect(world.incident.automatic).toBe(false);
  expect(world.incident.reasons.map((reason) => reason.en)).toEqual([
    'another trip while the plan was under way: there may be a second fault',
    'MC 472 tripped upon a close of the plan: it stops',
    'LBS 471/472-3 has been opened again after MC 472 tripped; the part it took over stays dead',
    'MC 472 is closed again and the helping feeder live; it stops and asks a person',
  ]);
  expect(world.incident.reasons[2]?.vi).toBe(
    'LBS 471/472-3 đã mở lại sau khi MC 472 nhảy; phần vừa chuyển giữ không điện',
  );
  expect(world.incident.keptDead).toEqual(['S.a1', 'S.a3', 'S.a5']);
  world.run(600_000);
  expect(world.orders.slice(before)).toEqual([]);
  const gate = world.command(TIE, 'close').gates?.find((each) => each.name === 'fault');
  expect(gate?.ok).toBe(false);
});

test('what else could be closed is laid before a person, also a part that is sound', () => {
  const world = tieOntoFault({ tieKind: 'breaker' });
  world.run(60_000);
  expect(world.incident.state).toBe('approval');
  expect(world.incident.plan?.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'close T.471',
  ]);
  world.decide('approveAll');
  world.run(30_000);
  expect(world.isLive('a2')).toBe(true);
  expect(world.isLive('a5')).toBe(false);
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('a load-break switch waits for its line to read dead', () => {
  const world = tieOntoFault();
  world.run(15_000);
  expect(operated(world, 'open')).not.toContain(TIE);
  expect(operated(world, 'close')).not.toContain('T.472');
  world.setValue(TIE, 'current_A', 0);
  world.run(60_000);
  expect(operated(world, 'open')).toContain(TIE);
  expect(world.isLive('b6')).toBe(true);
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('a line that never reads dead is not opened with load on it: the helper stays off, a person is asked', () => {
  const world = tieOntoFault();
  world.run(120_000);
  expect(operated(world, 'open')).not.toContain(TIE);
  expect(operated(world, 'close')).not.toContain('T.472');
  expect(told(world)).toContain('still reads a current of 100.0 A');
  expect(world.incident.automatic).toBe(false);
});

test('a dead reading from before the lockout proves nothing', () => {
  const world = tieOntoFault({
    meanwhile: (field) => {
      field.setValue(TIE, 'current_A', 0);
      field.freeze(`RTU.${TIE}`);
    },
  });
  world.run(120_000);
  expect(operated(world, 'open')).not.toContain(TIE);
  expect(operated(world, 'close')).not.toContain('T.472');
});

test('a switch that does not open: its helper is not restored, a person is asked', () => {
  const world = tieOntoFault({
    tieKind: 'breaker',
    meanwhile: (field) => {
      field.runUntil(() => field.switchView(TIE).position === 'closed');
      field.misbehaviour[TIE] = { stuck: true };
    },
  });
  world.run(120_000);
  expect(operated(world, 'open').filter((id) => id === TIE)).toHaveLength(1);
  expect(operated(world, 'close')).not.toContain('T.472');
  expect(told(world)).toContain('has not been opened again');
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('an opening whose outcome is not known restores nobody', () => {
  const world = tieOntoFault({
    tieKind: 'breaker',
    meanwhile: (field) => {
      field.runUntil(() => field.switchView(TIE).position === 'closed');
      field.misbehaviour[TIE] = { mute: true };
    },
  });
  world.run(120_000);
  expect(operated(world, 'close')).not.toContain('T.472');
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('in advisory mode the switch of the released step opens again, and the helper waits for a person', () => {
  const world = tieOntoFault({ tieKind: 'breaker', mode471: 'advisory' });
  world.run(60_000);
  expect(operated(world, 'open')).toContain(TIE);
  expect(operated(world, 'close')).not.toContain('T.472');
  expect(world.incident.state).toBe('approval');
  expect(world.incident.plan?.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'close T.472',
    'close T.471',
  ]);
  world.decide('approveAll');
  world.run(30_000);
  expect(world.isLive('b6')).toBe(true);
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('where nothing but the time speaks for it, the helper is not restored by itself', () => {
  const world = tieOntoFault({ tieKind: 'breaker', indicators: false });
  world.run(60_000);
  expect(operated(world, 'open')).toContain(TIE);
  expect(operated(world, 'close')).not.toContain('T.472');
  expect(world.incident.automatic).toBe(false);
});

test('a fault on the helping feeder itself that comes with the close does not bring it back by itself', () => {
  const world = tieOntoFault({ tieKind: 'breaker', second: 'M2' });
  world.run(60_000);
  expect(operated(world, 'close')).not.toContain('T.472');
  expect(world.faultEnergisedAfterLockout).toBe(false);
});

test('a person who aborts meanwhile ends it: nothing opens and nothing closes any more', () => {
  const world = tieOntoFault();
  world.decide('abort');
  world.setValue(TIE, 'current_A', 0);
  world.run(120_000);
  expect(operated(world, 'open')).not.toContain(TIE);
  expect(operated(world, 'close')).not.toContain('T.472');
});

test('the helper that trips again upon its own close is left to a person', () => {
  const world = tieOntoFault({ tieKind: 'breaker' });
  world.runUntil(() => operated(world, 'close').includes('T.472'));
  world.placeFault('M1');
  world.run(120_000);
  expect(operated(world, 'close').filter((id) => id === 'T.472')).toHaveLength(1);
  expect(world.incident.automatic).toBe(false);
  expect(world.isLive('b1')).toBe(false);
});
