import type { EarthFaultAction, EarthFaultView } from '@relight/contract';
import { expect, test } from 'vitest';
import { isolatedNetwork } from '../testing/isolated-network.ts';
import { AN, commandRequest, dispatcher, tagRequest } from '../testing/people.ts';
import { ScriptedField } from '../testing/scripted-field.ts';

const FULL_kV = 60;

function field(...earthing: Parameters<typeof isolatedNetwork>): ScriptedField {
  const world = new ScriptedField(isolatedNetwork(...earthing));
  world.setValue('T.C31', 'neutralVoltage_kV', 0.4);
  world.run(10_000);
  return world;
}

/** An earth fault on a feeder: 3U0 stands as long as the feeder is connected. */
function withEarthFault(...earthing: Parameters<typeof isolatedNetwork>): ScriptedField {
  const world = field(...earthing);
  world.setValue('T.C31', 'neutralVoltage_kV', FULL_kV);
  world.run(500);
  return world;
}

function faultOf(world: ScriptedField): EarthFaultView {
  const fault = world.views.earthFaults?.at(-1);
  if (fault === undefined) throw new Error('no earth fault');
  return fault;
}

function ask(world: ScriptedField, wish: EarthFaultAction) {
  return world.ask({ type: 'earthFault', earthFault: faultOf(world).id, wish });
}

function shut(world: ScriptedField, equipment: string): readonly string[] {
  const { gates } = world.command(equipment, 'close', `key-${equipment}-${world.now}`);
  return (gates ?? []).filter((gate) => !gate.ok).map((gate) => gate.name);
}

function isOpen(world: ScriptedField, equipment: string): boolean {
  return world.switchView(equipment).position === 'open';
}

test('an earth fault with isolated neutral is an alarm with a timer, and trips and sends nothing', () => {
  const world = withEarthFault();
  expect(faultOf(world)).toMatchObject({
    state: 'standing',
    network: 'T.G1',
    neutralVoltage_kV: FULL_kV,
    since_ms: expect.any(Number),
  });
  expect(world.views.alarms.map((alarm) => alarm.text.en).join()).toContain('earth fault, 3U0');
  world.run(60_000);
  expect(world.orders).toHaveLength(0);
  expect(world.views.incidents).toHaveLength(0);
});

test.each([
  ['petersen', 1],
  ['solid', 0],
] as const)('with a %s neutral 3U0 makes %i standing earth faults', (earthing, count) => {
  expect(withEarthFault(earthing).views.earthFaults).toHaveLength(count);
});

test('a neutral voltage of normal unbalance is no earth fault', () => {
  const world = field();
  world.setValue('T.C31', 'neutralVoltage_kV', 3);
  world.run(500);
  expect(world.views.earthFaults).toHaveLength(0);
});

test('while 3U0 stands no tie of the network closes, neither within it nor to a neighbour', () => {
  const world = field();
  expect(shut(world, 'TIE-371-372')).not.toContain('neutral');
  world.setValue('T.C31', 'neutralVoltage_kV', FULL_kV);
  world.run(500);
  expect(shut(world, 'TIE-371-372')).toContain('neutral');
  expect(shut(world, 'TIE-373-471')).toContain('neutral');
  world.setValue('T.C31', 'neutralVoltage_kV', 0.4);
  world.run(500);
  expect(faultOf(world)).toMatchObject({ state: 'gone', since_ms: null });
  expect(shut(world, 'TIE-371-372')).not.toContain('neutral');
});

test('a link that drops does not end the earth fault', () => {
  const world = withEarthFault();
  world.loseRtu('RTU.T');
  world.run(5_000);
  expect(faultOf(world).state).toBe('standing');
  expect(faultOf(world).neutralVoltage_kV).toBeNull();
});

test('a plan for a feeder that tripped uses no tie of a network with an earth fault', () => {
  const world = withEarthFault();
  world.tripBy('T.471', '51');
  world.run(10_000);
  expect(world.incident.tripped).toEqual(['T.471']);
  const steps = world.incident.plan?.steps.map((step) => step.switch) ?? [];
  expect(steps).not.toContain('TIE-373-471');
  expect(world.orders.filter(({ equipment }) => equipment.startsWith('TIE'))).toEqual([]);
});

test('the search opens the feeder with the fewest customers first and closes a sound one again', () => {
  const world = withEarthFault();
  expect(faultOf(world).feeders.map(({ id }) => id)).toEqual(['F373', 'F371', 'F372']);
  expect(faultOf(world).text.en).toContain('Lộ 373');
  expect(ask(world, { action: 'tryFeeder' }).status).toBe(202);
  world.runUntil(() => isOpen(world, 'T.373'), 20_000, 20);
  world.run(4_000);
  // Watched for 5 s: still open.
  expect(isOpen(world, 'T.373')).toBe(true);
  expect(shut(world, 'T.373')).toContain('neutral');
  expect(shut(world, 'TIE-373-471')).toContain('neutral');
  // A breaker of the network with an earthed neutral has nothing to do with the search.
  expect(shut(world, 'T.471')).not.toContain('neutral');
  world.runUntil(() => !isOpen(world, 'T.373'), 20_000, 20);
  world.run(1_000);
  expect(faultOf(world).state).toBe('standing');
  expect(faultOf(world).feeders[0]?.state).toBe('sound');
  // Advisory: nothing more is opened until a person says so.
  world.run(60_000);
  expect(world.orders.filter(({ equipment }) => equipment !== 'T.373')).toEqual([]);
});

test('the openings of a search count for the bulk guard: the fourth in a minute is not of one person', () => {
  const world = withEarthFault();
  world.configuration.earthFaultWatch_ms = 500;
  const tries = ['F373', 'F371', 'F372'].map((feeder) => {
    const { status } = world.askAs(AN, {
      type: 'earthFault',
      earthFault: faultOf(world).id,
      wish: { action: 'tryFeeder', feeder },
    });
    world.runUntil(() => faultOf(world).state === 'standing', 20_000, 20);
    return status;
  });
  expect(tries).toEqual([202, 202, 202]);
  expect(world.state.opens.map(({ user }) => user)).toEqual(['an', 'an', 'an']);
  const fourth = world.askAs(AN, commandRequest('T.471', 'open'));
  expect(fourth.command?.state).toBe('requested');
  expect(fourth.gates?.find(({ name }) => name === 'bulk')?.needsSecondPerson).toBe(true);
});

test('nobody searches, stops or ends a search in a foreign area', () => {
  const world = withEarthFault();
  const stranger = dispatcher('Son', ['U']);
  for (const wish of [
    { action: 'tryFeeder' },
    { action: 'tryFeeder', feeder: 'F373' },
    { action: 'runFor', time_min: 30 },
  ] as const) {
    const body = { type: 'earthFault', earthFault: faultOf(world).id, wish } as const;
    expect(world.askAs(stranger, body)).toMatchObject({ status: 403, error: { code: 'RL-073' } });
  }
  expect(ask(world, { action: 'tryFeeder' }).status).toBe(202);
  world.runUntil(() => isOpen(world, 'T.373'), 20_000, 20);
  const stop = {
    type: 'earthFault',
    earthFault: faultOf(world).id,
    wish: { action: 'stopSearch' },
  } as const;
  expect(world.askAs(stranger, stop)).toMatchObject({ status: 403, error: { code: 'RL-073' } });
});

/** The earth fault lies on 371; searched up to the point where it is found. */
function found(): ScriptedField {
  const world = withEarthFault();
  ask(world, { action: 'tryFeeder', feeder: 'F371' });
  world.runUntil(() => isOpen(world, 'T.371'), 20_000, 20);
  world.setValue('T.C31', 'neutralVoltage_kV', 0.4);
  world.runUntil(() => faultOf(world).state === 'found', 10_000, 20);
  return world;
}

test('a feeder with which 3U0 goes is found, stays open, and nobody closes it by the way', () => {
  const world = found();
  expect(faultOf(world).feeders.find(({ id }) => id === 'F371')?.state).toBe('faulted');
  world.run(60_000);
  expect(isOpen(world, 'T.371')).toBe(true);
  expect(shut(world, 'T.371')).toContain('fault');
  expect(shut(world, 'TIE-371-372')).toContain('fault');
  expect(world.incident).toMatchObject({ customersOut: 100, decisions: ['liftBlocks'] });
});

test('the dispatcher leaves it open, and lifts the block when the line is repaired', () => {
  const world = found();
  expect(ask(world, { action: 'leaveOpen' }).status).toBe(202);
  expect(faultOf(world)).toMatchObject({ state: 'leftOpen', since_ms: null });
  world.decide('liftBlocks');
  expect(shut(world, 'T.371')).toEqual([]);
});

test('or runs it for a stated time, which is shown, and told when it is over', () => {
  const world = found();
  const { id } = world.incident;
  expect(ask(world, { action: 'runFor', time_min: 30 }).status).toBe(202);
  // The monitor lifts what is on record, for the incident that is on record.
  const lifts = world.journal.filter(({ kind, body }) => kind === 'approval' && 'lifts' in body);
  expect(lifts.map(({ body }) => body)).toEqual([
    expect.objectContaining({ incident: id, lifts: ['S.371.1'] }),
  ]);
  world.runUntil(() => !isOpen(world, 'T.371'), 20_000, 20);
  world.setValue('T.C31', 'neutralVoltage_kV', FULL_kV);
  world.run(1_000);
  const { state, since_ms, runUntil_ms } = faultOf(world);
  expect(state).toBe('running');
  expect((runUntil_ms ?? 0) - (since_ms ?? 0)).toBe(30 * 60_000);
  expect(shut(world, 'TIE-371-372')).toContain('neutral');
  world.run(31 * 60_000);
  expect(world.views.alarms.map((alarm) => alarm.text.en).join()).toContain('the time Lộ 371 may');
});

test('where 3U0 cannot be read the feeder is not closed by itself: a person decides', () => {
  const world = withEarthFault();
  ask(world, { action: 'tryFeeder' });
  world.runUntil(() => isOpen(world, 'T.373'), 20_000, 20);
  world.withoutSignal('T.C31.neutralVoltage_kV');
  world.state.points[world.engine.pointIndex.get('T.C31.neutralVoltage_kV') ?? -1]!.quality =
    'invalid';
  world.run(30_000);
  expect(isOpen(world, 'T.373')).toBe(true);
  expect(world.views.alarms.map((alarm) => alarm.text.en).join()).toContain('3U0 cannot be read');
  expect(ask(world, { action: 'stopSearch' }).status).toBe(202);
  world.runUntil(() => !isOpen(world, 'T.373'), 20_000, 20);
});

test('a breaker that does not open ends the search, and one that does not close again is an alarm', () => {
  const world = withEarthFault();
  world.misbehaviour['T.373'] = { operateAnswer: 'failed' };
  ask(world, { action: 'tryFeeder' });
  world.run(30_000);
  expect(faultOf(world).state).toBe('standing');
  expect(world.views.alarms.map((alarm) => alarm.text.en).join()).toContain('could not be opened');
});

test('a feeder with an earth fault is not run on while a crew is at work on it, and stays kept dead', () => {
  const world = withEarthFault();
  ask(world, { action: 'tryFeeder' });
  world.runUntil(() => isOpen(world, 'T.373'), 20_000, 20);
  world.setValue('T.C31', 'neutralVoltage_kV', 0.4);
  world.runUntil(() => faultOf(world).state === 'found', 20_000);
  world.askAs(AN, tagRequest('crewAtWork', 'S.373.1'));
  expect(ask(world, { action: 'runFor', time_min: 10 }).error?.message).toContain('permit of An');
  expect(faultOf(world)).toMatchObject({ state: 'found', runUntil_ms: null });
  expect(shut(world, 'TIE-373-471')).toContain('fault');
});

test('a feeder that was to run with its earth fault and could not be closed is kept dead as before', () => {
  const world = withEarthFault();
  ask(world, { action: 'tryFeeder' });
  world.runUntil(() => isOpen(world, 'T.373'), 20_000, 20);
  world.setValue('T.C31', 'neutralVoltage_kV', 0.4);
  world.runUntil(() => faultOf(world).state === 'found', 20_000);
  world.misbehaviour['T.373'] = { operateAnswer: 'failed' };
  expect(ask(world, { action: 'runFor', time_min: 10 }).status).toBe(202);
  world.run(5_000);
  expect(isOpen(world, 'T.373')).toBe(true);
  expect(shut(world, 'TIE-373-471')).toContain('fault');
});

test('a second earth fault that trips is an ordinary fault in two places', () => {
  const world = withEarthFault();
  world.tripBy('T.371', '51N');
  world.tripBy('T.372', '51N');
  world.setValue('T.C31', 'neutralVoltage_kV', 0.4);
  world.run(10_000);
  expect(world.views.incidents.flatMap(({ tripped }) => tripped).sort()).toEqual([
    'T.371',
    'T.372',
  ]);
  expect(faultOf(world).state).toBe('gone');
});

test('what is asked in the wrong state, or of nobody, is refused', () => {
  const world = withEarthFault();
  expect(ask(world, { action: 'leaveOpen' }).status).toBe(409);
  expect(ask(world, { action: 'stopSearch' }).status).toBe(409);
  expect(ask(world, { action: 'tryFeeder', feeder: 'F471' }).status).toBe(404);
  ask(world, { action: 'tryFeeder' });
  expect(ask(world, { action: 'tryFeeder' }).status).toBe(409);
  const nobody = world.ask({
    type: 'earthFault',
    earthFault: 'EF-9',
    wish: { action: 'leaveOpen' },
  });
  expect(nobody.status).toBe(404);
});
