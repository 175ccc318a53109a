import type { AdoptedPosition } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { engineOf } from './effective-engine.ts';
import { AN, BINH, agree, commandRequest, newKey, tagRequest, waiting } from '../testing/people.ts';
import { steadyField } from '../testing/running-field.ts';
import { ScriptedField } from '../testing/scripted-field.ts';
import { twoFeeders } from '../testing/two-feeders.ts';

/** A person moves a switch and waits until it is verified. */
function moveAs(world: ScriptedField, equipment: string, operation: 'open' | 'close'): void {
  const asked = world.askAs(AN, commandRequest(equipment, operation));
  world.run(500);
  world.askAs(AN, { type: 'executeCommand', command: asked.command?.id ?? '' });
  world.run(10_000);
}

/** The open point has been moved from the tie to 471-2: section a5 hangs on 472 now. */
function moved(world = steadyField()): ScriptedField {
  moveAs(world, '471-2', 'open');
  moveAs(world, '471-472-3', 'close');
  return world;
}

const OPEN_POINT = ['471-2', '471-472-3'];

const ask = (world: ScriptedField, switches: readonly string[] = OPEN_POINT) =>
  world.askAs(AN, {
    type: 'adoptNormal',
    idempotencyKey: newKey(),
    switches: [...switches],
    reason: 'S3 stays on 472 until the new cable is laid',
  });

function adopted(world = moved()): ScriptedField {
  ask(world);
  world.askAs(BINH, agree(waiting(world)));
  return world;
}

const offNormal = (world: ScriptedField): readonly string[] =>
  world.views.switches.flatMap(({ id, normal }) => (normal ? [] : [id]));

describe('the present state is adopted as normal', () => {
  test('by two people: one asks with a reason, another sees each switch and agrees', () => {
    const world = moved();
    expect(offNormal(world)).toEqual(OPEN_POINT);
    expect(ask(world)).toMatchObject({ status: 202 });
    expect(offNormal(world)).toEqual(OPEN_POINT);
    const { title, details, reason } = waiting(world);
    expect(title.en).toBe('Adopt the present position of 2 switches as normal');
    expect(details.map(({ en }) => en)).toEqual([
      'LBS 471/2: normally open',
      'LBS 471/472-3: normally closed',
    ]);
    expect(reason).toBe('S3 stays on 472 until the new cable is laid');
    expect(world.askAs(AN, agree(waiting(world)))).toMatchObject({
      status: 403,
      error: { code: 'RL-062' },
    });
    expect(world.askAs(BINH, agree(waiting(world)))).toMatchObject({ status: 202 });
    expect(offNormal(world)).toEqual([]);
  });

  test('feeders, ties and customers go by it from then on; sections keep their names', () => {
    const world = adopted();
    const section = world.views.sections.find(({ id }) => id === 'S.a5');
    expect(section).toMatchObject({ name: '471 S3', normalFeeder: 'F472' });
    expect(world.views.feeders.map(({ customers }) => customers)).toEqual([300, 900]);
    const { grid } = engineOf(world.engine, world.state);
    const ties = grid.switches.flatMap(({ id, normallyOpen }) => (normallyOpen ? [id] : []));
    expect(ties).toEqual(['471-2']);
    expect(world.switchView('471-2').adopted).toMatchObject({ byName: 'An + Binh' });
  });

  test('stands in the journal with both names, the reason and all that differs from the file', () => {
    const world = adopted();
    const told = world.journal.find(({ kind }) => kind === 'normalState');
    expect(told).toMatchObject({
      by: 'an + binh',
      body: {
        reason: 'S3 stays on 472 until the new cable is laid',
        adopted: [
          { switch: '471-2', position: 'open' },
          { switch: '471-472-3', position: 'closed' },
        ],
      },
    });
  });

  test('once: asked again there is nothing left to adopt, and nothing changes', () => {
    const world = adopted();
    const before = JSON.stringify(world.views.switches);
    expect(ask(world)).toMatchObject({
      status: 409,
      error: {
        code: 'RL-077',
        message:
          'LBS 471/2 stands in its normal position: there is nothing to adopt; LBS 471/472-3 stands in its normal position: there is nothing to adopt',
      },
    });
    expect(JSON.stringify(world.views.switches)).toBe(before);
  });

  test('is taken back in the same way: moved back and adopted again, nothing differs from the file', () => {
    const world = adopted();
    moveAs(world, '471-472-3', 'open');
    moveAs(world, '471-2', 'close');
    expect(offNormal(world)).toEqual(OPEN_POINT);
    adopted(world);
    expect(offNormal(world)).toEqual([]);
    expect(world.state.adopted).toEqual([]);
  });

  test('lets a later fault be located and restored on the feeder as it is now', () => {
    const world = adopted();
    world.run(20_000);
    world.placeFault('L3');
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored', 120_000);
    expect(world.incident.tripped).toEqual(['T.472']);
    expect(world.incident.suspects[0]?.section).toBe('S.a5');
    expect(world.switchView('471-2').position).toBe('open');
  });
});

test('an incident whose open point is adopted is over: there is nothing to go back from', () => {
  const world = steadyField();
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored');
  world.mend('L2');
  world.decide('liftBlocks');
  moveAs(world, '471-1', 'close');
  expect(offNormal(world)).toEqual(OPEN_POINT);
  expect(world.incident.state).toBe('restored');
  ask(world);
  world.askAs(BINH, agree(waiting(world)));
  world.run(1_000);
  expect(world.incident.state).toBe('returned');
  expect(world.views.summary).toMatchObject({ customersOut: 0, incidentsOpen: 0 });
});

describe('it outlives a restart', () => {
  const restarted = (world: ScriptedField, carried: readonly AdoptedPosition[]) => {
    const again = new ScriptedField(
      twoFeeders(),
      {},
      {
        now_ms: world.now,
        positions: world.positions,
        carriedOver: { lastIncident: 0, keptDead: [], openCommands: [], adopted: [...carried] },
      },
    );
    again.run(10_000);
    return again;
  };

  test('as it was', () => {
    const world = adopted();
    const again = restarted(world, world.state.adopted);
    expect(offNormal(again)).toEqual([]);
    expect(again.state.adopted).toEqual(world.state.adopted);
    expect(again.journal.filter(({ kind }) => kind === 'normalState')).toEqual([]);
  });

  test('without what the grid file says itself by now, and that is on record', () => {
    const world = adopted();
    const [first] = world.state.adopted;
    if (first === undefined) throw new Error('nothing adopted');
    const again = restarted(world, [
      ...world.state.adopted,
      { ...first, switch: '472-1', position: 'closed' },
    ]);
    expect(again.state.adopted).toEqual(world.state.adopted);
    expect(again.journal.find(({ kind }) => kind === 'normalState')?.body).toMatchObject({
      changed: [],
      adopted: world.state.adopted,
    });
  });
});

describe('it is refused, with what to do, while the grid is not at rest', () => {
  const why = (world: ScriptedField, switches?: readonly string[]): string => {
    const { status, error } = ask(world, switches);
    expect({ status, code: error?.code }).toEqual({ status: 409, code: 'RL-077' });
    return error?.message ?? '';
  };

  test('where only half of what moved is chosen: dark parts or a loop', () => {
    const world = moved();
    expect(why(world, ['471-2'])).toBe(
      'the new normal state would not supply: 471 S3; choose the other switches that moved too',
    );
    expect(why(world, ['471-472-3'])).toBe(
      'the new normal state would hold a loop; choose the other switches that moved too',
    );
  });

  test('where somebody is without supply', () => {
    const world = steadyField();
    moveAs(world, '471-2', 'open');
    expect(why(world, ['471-2'])).toContain('without supply now: 471 S3');
  });

  test('where a position on the feeders is not known', () => {
    const world = moved();
    world.loseRtu('RTU.472-1');
    world.run(5_000);
    expect(why(world)).toContain('positions on the feeders concerned are not known');
  });

  test('where a crew is at work or an earth is on', () => {
    const world = moved();
    world.askAs(AN, tagRequest('crewAtWork', 'S.b5'));
    expect(why(world)).toContain('472 S3: permit of An: have it handed back or removed first');
  });

  test('where a device carries a tag', () => {
    const world = moved();
    world.askAs(AN, tagRequest('doNotOperate', '471-2'));
    expect(why(world)).toContain('LBS 471/2 carries a tag: have it removed first');
  });

  test('where the phase order of a joint is not confirmed', () => {
    const world = moved();
    world.askAs(AN, {
      type: 'reportPhaseOrder',
      section: 'S.b3',
      report: { state: 'unconfirmed', text: 'cable joint' },
    });
    expect(why(world)).toBe('472 S2: the phase order of joined conductors is not confirmed');
  });

  test('where a plan is at work, a part is kept dead, or a loop stands', () => {
    const world = steadyField({ mode471: 'advisory' });
    world.placeFault('L2');
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'approval');
    expect(why(world, ['471-1'])).toContain('SC-0001 is not over: wait for its plan to end');
    world.decide('approveAll');
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored', 90_000);
    const text = why(world, ['471-472-3']);
    expect(text).toContain('SC-0001 keeps a faulted part dead: have it repaired and lifted first');
    const joined = steadyField({ parallelAllowed: true });
    moveAs(joined, '471-472-3', 'close');
    expect(why(joined, ['471-472-3'])).toContain('a loop stands: part it first');
  });

  test('where a limit is broken', () => {
    const world = steadyField({ lineRating_A: 100 });
    moveAs(world, '471-2', 'open');
    world.moveByHand('471-472-3', 'closed');
    world.run(2_000);
    expect(why(world)).toMatch(/^M1 is outside its limit: \d+ % \/ 100 %/u);
  });

  test('where a device reports no position: the grid file says its normal one', () => {
    const world = steadyField({ byHand: ['471-2'] });
    world.askAs(AN, { type: 'enterPosition', equipment: '471-2', position: 'open', text: 'crew' });
    world.run(1_000);
    moveAs(world, '471-472-3', 'close');
    expect(why(world)).toContain(
      'LBS 471/2 reports no position: change its normal position in the grid file',
    );
  });

  test('where things have changed between the question and the answer', () => {
    const world = moved();
    ask(world);
    const shown = waiting(world);
    world.askAs(AN, tagRequest('crewAtWork', 'S.b5'));
    expect(world.askAs(BINH, agree(shown))).toMatchObject({
      status: 409,
      error: { code: 'RL-077' },
    });
    expect(offNormal(world)).toEqual(OPEN_POINT);
  });

  test('where another such question waits, or a switch is in no grid', () => {
    const world = moved();
    ask(world);
    expect(ask(world)).toMatchObject({ status: 409, error: { code: 'RL-025' } });
    expect(ask(world, ['nowhere'])).toMatchObject({ status: 404, error: { code: 'RL-005' } });
  });
});
