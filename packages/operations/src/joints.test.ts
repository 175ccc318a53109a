import type { Gate, PhaseOrderReport, RepairReport } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { checkGates } from './gates.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { steadyField } from './testing/running-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const gate = (world: ScriptedField, equipment: string): Gate | undefined =>
  checkGates(
    world.engine,
    world.state,
    { equipment, operation: 'close' },
    { monotonic_ms: world.now },
  )?.find(({ name }) => name === 'phaseOrder');

const doubted = (world: ScriptedField): readonly string[] =>
  world.views.sections.flatMap(({ id, phaseUnconfirmed }) =>
    phaseUnconfirmed === undefined ? [] : [id],
  );

/** Without waiting until it is on disk. */
function say(world: ScriptedField, section: string, report: PhaseOrderReport): void {
  const body = { type: 'reportPhaseOrder' as const, section, report };
  world.feed({ kind: 'request', requestId: `say-${world.now}-${report.state}`, by: 'An', body });
}

const CONFIRMED: PhaseOrderReport = { state: 'confirmed', by: 'Bình', how: 'phase meter at 471/1' };

/** Conductors were joined somewhere, and nobody has confirmed the phase order. */
function joinedAt(section: string, world = steadyField()): ScriptedField {
  say(world, section, { state: 'unconfirmed', text: 'cable joint at pole 12' });
  world.run(500);
  return world;
}

/** A fault on L2, isolated; 471-2 and the tie carry what lies behind. Then mended and lifted. */
function repaired(repair?: RepairReport): ScriptedField {
  const world = steadyField();
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored');
  const { id, planVersion, planHash } = world.incident;
  world.ask({
    type: 'decide',
    incident: id,
    decision: 'liftBlocks',
    planVersion,
    planHash,
    ...(repair === undefined ? {} : { repair }),
  });
  world.run(500);
  return world;
}

describe('whoever declares a section clear says whether conductors were joined', () => {
  test('joined and not confirmed: the section is marked, by name', () => {
    const world = repaired({ conductorsJoined: true });
    expect(doubted(world)).toEqual(['S.a3']);
    expect(world.views.sections.find(({ id }) => id === 'S.a3')?.phaseUnconfirmed).toMatchObject({
      byName: 'An',
      text: 'SC-0001',
    });
  });

  test('joined and confirmed, or not joined: nothing is in doubt', () => {
    const phaseOrder = { by: 'Bình', how: 'phase meter at 471/1, 14:05' };
    expect(doubted(repaired({ conductorsJoined: true, phaseOrder }))).toEqual([]);
    expect(doubted(repaired({ conductorsJoined: false }))).toEqual([]);
    expect(doubted(repaired())).toEqual([]);
  });

  test('the answer stands in the journal, with who confirmed it and how', () => {
    const phaseOrder = { by: 'Bình', how: 'phase meter at 471/1, 14:05' };
    const world = repaired({ conductorsJoined: true, phaseOrder });
    const told = world.journal.find(({ kind }) => kind === 'phaseOrder');
    expect(told).toMatchObject({
      about: 'S.a3',
      by: 'An',
      body: { state: 'confirmed', confirmation: phaseOrder },
    });
  });
});

describe('a joint of unconfirmed phase order', () => {
  test('may be energised from its own breaker, radially', () => {
    const world = repaired({ conductorsJoined: true });
    expect(gate(world, '471-1')).toMatchObject({ ok: true });
  });

  test('is not fed by a tie', () => {
    const world = joinedAt('S.a5');
    world.moveByHand('471-2', 'open');
    world.run(500);
    expect(gate(world, '471-472-3')).toMatchObject({
      ok: false,
      text: {
        en: '471 S3 has joined conductors of unconfirmed phase order: no parallel and no tie through it; measure the phase order and record the confirmation',
      },
    });
  });

  test('feeds nobody else through a tie', () => {
    const world = joinedAt('S.a3');
    world.moveByHand('472-2', 'open');
    world.run(500);
    expect(gate(world, '471-472-3')).toMatchObject({ ok: false });
  });

  test('lies beyond an open switch: the tie may feed what is on this side of it', () => {
    const world = joinedAt('S.a3');
    world.moveByHand('471-2', 'open');
    world.run(500);
    expect(gate(world, '471-472-3')).toMatchObject({ ok: true });
  });

  test('takes no part in a parallel, be it allowed', () => {
    const world = joinedAt('S.a1', steadyField({ parallelAllowed: true }));
    expect(gate(world, '471-472-3')).toMatchObject({ ok: false });
    const other = joinedAt('S.b5', steadyField({ parallelAllowed: true }));
    expect(gate(other, '471-472-3')).toMatchObject({ ok: false });
  });

  test('counts behind a switch of unknown position as if that were closed', () => {
    const world = joinedAt('S.a3');
    world.moveByHand('471-1', 'open');
    world.moveByHand('471-2', 'open');
    world.run(500);
    expect(gate(world, '471-472-3')).toMatchObject({ ok: true });
    world.loseRtu('RTU.471-2');
    world.run(500);
    expect(gate(world, '471-472-3')).toMatchObject({ ok: false });
  });

  test('may feed what is only possibly live, by whatever way', () => {
    const world = joinedAt('S.a1');
    world.loseRtu('RTU.471-1');
    world.moveByHand('472-2', 'open');
    world.run(500);
    expect(gate(world, '471-472-3')).toMatchObject({ ok: false });
    const other = joinedAt('S.b1');
    other.loseRtu('RTU.471-1');
    other.moveByHand('472-2', 'open');
    other.run(500);
    expect(gate(other, '471-472-3')).toMatchObject({ ok: true });
  });

  test('takes no part where both sides are dead, nor in an opening', () => {
    const world = joinedAt('S.a5');
    world.moveByHand('471-2', 'open');
    world.moveByHand('472-2', 'open');
    world.run(500);
    expect(gate(world, '471-472-3')).toMatchObject({ ok: true });
    const gates = checkGates(
      world.engine,
      world.state,
      { equipment: '471-1', operation: 'open' },
      { monotonic_ms: world.now },
    );
    expect(gates?.find(({ name }) => name === 'phaseOrder')).toMatchObject({ ok: true });
  });

  test('is not fed by a tie that closed before, through its own breaker', () => {
    const world = joinedAt('S.b5');
    world.moveByHand('472-2', 'open');
    world.run(500);
    world.moveByHand('471-472-3', 'closed');
    world.moveByHand('471-2', 'open');
    world.run(500);
    // 471-2 would feed b5 through the tie that stands closed already.
    expect(gate(world, '471-2')).toMatchObject({ ok: false });
  });

  test('stays in doubt until the confirmation is on disk', () => {
    const world = joinedAt('S.a3');
    say(world, 'S.a3', CONFIRMED);
    expect(doubted(world)).toEqual(['S.a3']);
    world.run(1_000);
    expect(doubted(world)).toEqual([]);
    expect(gate(world, '471-472-3')).toMatchObject({ ok: true });
  });

  test('is in doubt again where another joint is made before the first word is on disk', () => {
    const world = joinedAt('S.a3');
    say(world, 'S.a3', CONFIRMED);
    say(world, 'S.a3', { state: 'unconfirmed', text: 'second joint' });
    world.run(1_000);
    expect(doubted(world)).toEqual(['S.a3']);
  });

  test('outlives a restart', () => {
    const world = joinedAt('S.a3');
    const joints = [...world.state.joints.values()];
    const again = new ScriptedField(
      twoFeeders(),
      {},
      {
        now_ms: world.now,
        positions: world.positions,
        carriedOver: { lastIncident: 0, keptDead: [], openCommands: [], joints },
      },
    );
    again.run(10_000);
    expect(doubted(again)).toEqual(['S.a3']);
  });

  test('keeps an automatic plan from its tie; the plan says why', () => {
    const world = joinedAt('S.a5');
    world.placeFault('L1');
    world.run(60_000);
    expect(world.incident.plan?.steps.map((step) => step.switch)).not.toContain('471-472-3');
    expect(world.incident.plan?.rejected).toContainEqual({
      switch: '471-472-3',
      kind: 'phaseOrder',
      limit: 'L3',
    });
  });
});

test('nobody confirms what is not in doubt, nor in a section the grid does not have', () => {
  const world = steadyField();
  const confirm = (section: string) =>
    world.ask({
      type: 'reportPhaseOrder',
      section,
      report: CONFIRMED,
    });
  expect(confirm('S.a3')).toMatchObject({ status: 409, error: { code: 'RL-027' } });
  expect(confirm('S.nowhere')).toMatchObject({ status: 404, error: { code: 'RL-005' } });
});
