import type { CarriedOver, StandingTag } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import {
  AN,
  BINH,
  CHI,
  commandRequest,
  dispatcher,
  earthRequest,
  tagRequest,
} from './testing/people.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';
import { steadyField } from './testing/running-field.ts';

/** The plan for a fault on L1 is being carried out. */
function planAtWork(): ScriptedField {
  const world = steadyField();
  world.placeFault('L1');
  world.runUntil(() => world.views.incidents[0]?.state === 'executing');
  return world;
}

describe('a plan and the holds of people', () => {
  test('a tag on a device of a plan under way halts it, and a person is asked', () => {
    const world = planAtWork();
    world.askAs(BINH, tagRequest('doNotOperate', '471-472-3'));
    world.run(60_000);
    expect(world.orders.map((order) => order.equipment)).not.toContain('471-472-3');
    expect(world.incident.automatic).toBe(false);
    expect(world.incident.reasons.map((each) => each.en).join()).toContain('do not operate');
  });

  test('a crew on a dark section keeps it dark: the plan is made anew around it and says why', () => {
    const world = planAtWork();
    world.askAs(BINH, tagRequest('crewAtWork', 'S.a3'));
    world.run(60_000);
    world.decide('approveAll');
    world.run(60_000);
    expect(world.isLive('a4')).toBe(false);
    const dark = world.incident.staysDark.find((each) => each.section === 'S.a3');
    expect(dark?.why.en).toContain('crew at work');
  });

  test('a portable earth does the same', () => {
    const world = planAtWork();
    world.askAs(BINH, earthRequest('a6'));
    world.run(60_000);
    expect(world.isLive('a6')).toBe(false);
    expect(world.incident.staysDark.find((each) => each.section === 'S.a5')?.why.en).toContain(
      'portable earth',
    );
  });

  test('a tag somewhere else leaves the plan alone', () => {
    const world = steadyField();
    world.askAs(BINH, tagRequest('information', '471-472-3'));
    world.placeFault('L1');
    world.runUntil(() => world.views.incidents[0]?.state === 'restored');
    expect(world.isLive('a6')).toBe(true);
  });
});

describe('lifting blocks', () => {
  function isolated(): ScriptedField {
    const world = steadyField();
    world.placeFault('L2');
    world.runUntil(() => world.views.incidents[0]?.state === 'restored');
    return world;
  }
  const lift = (world: ScriptedField, sections?: readonly string[]) =>
    world.askAs(AN, {
      type: 'decide',
      incident: world.incident.id,
      decision: 'liftBlocks',
      planVersion: world.incident.planVersion,
      planHash: null,
      ...(sections === undefined ? {} : { sections: [...sections] }),
    });

  test('refused while a permit is not handed back or an earth is on, and says which', () => {
    const world = isolated();
    const tag = world.askAs(BINH, tagRequest('crewAtWork', 'S.a3')).accepted?.tag?.id ?? '';
    const earth = world.askAs(BINH, earthRequest('a4')).accepted?.earth?.id ?? '';
    const refused = lift(world);
    expect(refused).toMatchObject({ status: 409, error: { code: 'RL-074' } });
    expect(refused.error?.message).toContain('permit of Binh');
    expect(refused.error?.message).toContain('TĐ-12');
    world.askAs(BINH, { type: 'removeTag', tag });
    expect(lift(world).error?.message).not.toContain('permit');
    world.askAs(BINH, { type: 'removeEarth', earth });
    expect(lift(world).status).toBe(202);
    expect(world.command('471-1', 'close').status).toBe(202);
  });

  test('section by section: what was not named stays dead', () => {
    const world = steadyField();
    world.misbehaviour['471-1'] = { missingIndicator: true };
    world.placeFault('L2');
    world.runUntil(() => world.views.incidents[0]?.state === 'reclosing');
    world.decide('abort');
    const kept = world.views.sections.filter((each) =>
      ['faulted', 'suspected'].includes(each.state),
    );
    const [first, ...others] = kept.map((each) => each.id);
    expect(lift(world, [first ?? '']).status).toBe(202);
    const still = world.views.sections.filter((each) =>
      ['faulted', 'suspected'].includes(each.state),
    );
    expect(still.map((each) => each.id)).toEqual(others);
    expect(lift(world, ['S.b1'])).toMatchObject({ status: 422 });
  });

  test('what the monitor alone still holds can be named after all that is kept dead was lifted', () => {
    const world = isolated();
    expect(lift(world).status).toBe(202);
    expect(lift(world).status).toBe(409);
    const tag = world.askAs(BINH, tagRequest('crewAtWork', 'S.a1')).accepted?.tag?.id ?? '';
    expect(lift(world, ['S.a1']).status).toBe(409);
    world.askAs(BINH, { type: 'removeTag', tag });
    expect(lift(world, ['S.a1']).status).toBe(202);
    expect(world.journal.findLast(({ kind }) => kind === 'approval')?.body).toMatchObject({
      lifts: ['S.a1'],
    });
  });

  test('what another incident keeps dead is lifted there and not by the way', () => {
    const world = isolated();
    const { id, planVersion } = world.incident;
    world.placeFault('L3');
    world.runUntil(() => world.views.incidents.length === 2);
    const by = { type: 'decide', decision: 'liftBlocks', planVersion, planHash: null } as const;
    const wish = { ...by, incident: id, sections: ['S.a3', 'S.a5'] };
    expect(world.askAs(AN, wish)).toMatchObject({ status: 422, error: { code: 'RL-023' } });
    expect(world.askAs(AN, { ...wish, sections: ['S.a3'] }).status).toBe(202);
  });
});

describe('positions that people enter', () => {
  test('a hand-operated switch takes a crew’s word, shown as substituted, and it counts', () => {
    const world = steadyField({ byHand: ['471-2'] });
    const enter = (position: 'open' | 'closed') =>
      world.askAs(AN, { type: 'enterPosition', equipment: '471-2', position, text: 'Đội 3' });
    expect(enter('open').status).toBe(202);
    expect(world.switchView('471-2')).toMatchObject({ position: 'open', quality: 'substituted' });
    expect(world.views.summary.customersOut).toBe(300);
    enter('closed');
    expect(world.views.summary.customersOut).toBe(0);
  });

  test('a word taken back lets the grid file count again, and is on record', () => {
    const world = steadyField({ byHand: ['471-2'] });
    const body = { equipment: '471-2', text: 'Đội 3' } as const;
    world.askAs(AN, { type: 'enterPosition', position: 'open', ...body });
    expect(world.views.entered).toMatchObject([{ id: '471-2', byName: 'An', text: 'Đội 3' }]);
    const back = { type: 'removePosition', equipment: '471-2', reason: 'nhầm thiết bị' } as const;
    expect(world.askAs(BINH, back).status).toBe(202);
    expect(world.views.entered).toEqual([]);
    expect(world.views.summary.customersOut).toBe(0);
    expect(world.askAs(BINH, back)).toMatchObject({ status: 404 });
    const words = world.journal.filter(({ kind }) => kind === 'position');
    expect(words.at(-1)).toMatchObject({
      about: '471-2',
      body: { removed: { position: 'open' }, reason: 'nhầm thiết bị' },
    });
  });

  test('taking a word back never claims an opening or an earth removed that nobody has seen', () => {
    const world = steadyField({ earthingSwitches: [{ node: 'a6', reports: false }] });
    const body = { type: 'enterPosition', equipment: 'a6-76', text: '' } as const;
    world.askAs(AN, { ...body, position: 'closed' });
    const back = { type: 'removePosition', equipment: 'a6-76', reason: 'nhầm thiết bị' } as const;
    expect(world.askAs(AN, back)).toMatchObject({ status: 422, error: { code: 'RL-072' } });
    expect(world.views.earths).toHaveLength(1);
    world.askAs(AN, { ...body, position: 'open' });
    expect(world.askAs(AN, back).status).toBe(202);
    expect(world.views.earths).toHaveLength(0);
  });

  test('a device that reports by itself takes nobody’s word', () => {
    const world = steadyField();
    const body = { type: 'enterPosition', equipment: '471-2', position: 'open', text: '' } as const;
    expect(world.askAs(AN, body)).toMatchObject({ status: 422, error: { code: 'RL-072' } });
    expect(world.askAs(AN, { ...body, equipment: 'nowhere' })).toMatchObject({ status: 404 });
  });

  test('an earthing switch closed by a crew earths its section', () => {
    const world = steadyField({ earthingSwitches: [{ node: 'a6', reports: false }] });
    world.moveByHand('471-2', 'open');
    world.run(1_500);
    const body = {
      type: 'enterPosition',
      equipment: 'a6-76',
      position: 'closed',
      text: '',
    } as const;
    world.askAs(AN, body);
    expect(world.views.earths[0]).toMatchObject({ kind: 'earthingSwitch', quality: 'substituted' });
    expect(world.askAs(BINH, commandRequest('471-2', 'close')).error?.message).toContain('earthed');
    world.askAs(AN, { ...body, position: 'open' });
    expect(world.askAs(BINH, commandRequest('471-2', 'close')).status).toBe(202);
  });
});

describe('modes of system, substation, feeder and device', () => {
  const set = (
    world: ScriptedField,
    scope: 'system' | 'substation' | 'device',
    equipment: string,
    mode: 'automatic' | 'advisory' | 'restoreOnly' | 'disabled',
    who = AN,
  ) => world.askAs(who, { type: 'setScopeMode', scope, equipment, mode });

  function stateAfterFault(world: ScriptedField): string {
    world.placeFault('L1');
    world.runUntil(() =>
      ['approval', 'restored', 'noPlan'].includes(world.views.incidents[0]?.state ?? ''),
    );
    return world.incident.state;
  }

  test('the strictest wins: one of them in advisory and a person must release the plan', () => {
    for (const [scope, equipment] of [
      ['system', ''],
      ['substation', 'T'],
      ['device', '471-472-3'],
    ] as const) {
      const world = steadyField();
      expect(set(world, scope, equipment, 'advisory').status).toBe(202);
      expect([scope, stateAfterFault(world)]).toEqual([scope, 'approval']);
    }
    expect(stateAfterFault(steadyField())).toBe('restored');
  });

  test('restoreOnly everywhere: isolation waits for a person', () => {
    const world = steadyField();
    set(world, 'system', '', 'restoreOnly');
    expect(stateAfterFault(world)).toBe('approval');
  });

  test('a disabled system makes no plan, a disabled device is left out of it', () => {
    const off = steadyField();
    set(off, 'system', '', 'disabled');
    expect(stateAfterFault(off)).toBe('noPlan');
    expect(off.views.summary.automation).toBe('disabled');
    const device = steadyField();
    set(device, 'device', '471-472-3', 'disabled');
    stateAfterFault(device);
    device.run(60_000);
    expect(device.orders.map((order) => order.equipment)).not.toContain('471-472-3');
    const rejected = device.incident.plan?.rejected ?? [];
    expect(rejected).toContainEqual({ switch: '471-472-3', kind: 'mode' });
    expect(device.switchView('471-472-3').outOfAutomation?.en).toContain('disabled');
  });

  test('anybody with a part in it makes it stricter, freer only who answers for all of it', () => {
    const world = steadyField({ twoAreas: true });
    const son = dispatcher('Son', ['U']);
    expect(set(world, 'system', '', 'disabled', son).status).toBe(202);
    expect(set(world, 'system', '', 'automatic', son)).toMatchObject({ status: 403 });
    expect(set(world, 'substation', 'T', 'advisory', son)).toMatchObject({ status: 403 });
    expect(set(world, 'substation', 'X', 'advisory')).toMatchObject({ status: 404 });
  });
});

describe('over a restart', () => {
  /** What the journal of the run leaves to the next one. */
  function left(world: ScriptedField): CarriedOver {
    const tags = world.journal.flatMap((each) =>
      each.body['state'] === 'placed' && each.kind === 'tag'
        ? [each.body['tag'] as StandingTag]
        : [],
    );
    return { lastIncident: 0, keptDead: [], openCommands: [], tags };
  }

  function again(world: ScriptedField, more: Partial<CarriedOver> = {}): ScriptedField {
    const next = new ScriptedField(
      twoFeeders(),
      {},
      { positions: world.positions, carriedOver: { ...left(world), ...more } },
    );
    next.run(10_000);
    return next;
  }

  test('tags stand as before, with their owner', () => {
    const world = steadyField();
    world.askAs(BINH, tagRequest('doNotOperate', '471-2'));
    const next = again(world);
    expect(next.askAs(AN, commandRequest('471-2', 'open')).status).toBe(422);
    const tag = next.views.tags[0]?.id ?? '';
    expect(next.askAs(AN, { type: 'removeTag', tag })).toMatchObject({ status: 403 });
    expect(next.askAs(BINH, { type: 'removeTag', tag }).status).toBe(202);
  });

  test('a tag on what the grid file no longer knows is a top alarm, not forgotten in silence', () => {
    const world = steadyField();
    world.askAs(BINH, tagRequest('doNotOperate', '471-2'));
    const [tag] = left(world).tags ?? [];
    const next = again(world, { tags: tag === undefined ? [] : [{ ...tag, equipment: 'gone' }] });
    const alarm = next.views.alarms.find((each) => each.text.en.startsWith('NOT kept'));
    expect(alarm).toMatchObject({ priority: 1, equipment: 'gone' });
  });

  test('a write without an outcome blocks its device until it is read after all its time', () => {
    const world = steadyField();
    const openCommands = [{ id: 'Cold-7', equipment: '471-2', operation: 'open' as const }];
    const next = new ScriptedField(
      twoFeeders(),
      {},
      {
        positions: world.positions,
        carriedOver: { lastIncident: 0, keptDead: [], openCommands },
      },
    );
    next.run(10_000);
    expect(next.views.commands[0]).toMatchObject({ id: 'Cold-7', state: 'unknown' });
    expect(next.askAs(CHI, commandRequest('471-2', 'open')).error?.message).toContain('Cold-7');
    next.run(60_000);
    expect(next.views.commands[0]?.state).toBe('failed');
    expect(next.askAs(CHI, commandRequest('471-2', 'open')).status).toBe(202);
    expect(next.orders.filter((order) => order.commandId === 'Cold-7')).toHaveLength(0);
  });
});
