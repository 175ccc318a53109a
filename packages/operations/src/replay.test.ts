import { canonicalJson, type InputRecord } from '@relight/contract';
import { expect, test } from 'vitest';
import { createOperations } from './engine.ts';
import { fork } from './fork.ts';
import { initialState } from './initial-state.ts';
import { step } from './step.ts';
import { ScriptedField } from './testing/scripted-field.ts';
import { twoFeeders } from './testing/two-feeders.ts';
import { snapshotViews } from './views/snapshot.ts';

/** A person's selection, a momentary fault, a stuck switch and two plan versions. */
function recorded(): ScriptedField {
  const world = new ScriptedField(twoFeeders());
  world.run(5_000);
  world.command('472-2', 'open');
  world.run(3_000);
  world.placeFault('M1', true);
  world.run(20_000);
  world.misbehaviour['471-2'] = { stuck: true };
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.length === 2);
  world.runUntil(() => world.views.incidents.every((each) => each.closedAt_ms !== null));
  return world;
}

function fold(world: ScriptedField, records: readonly InputRecord[]): string[] {
  const engine = createOperations(twoFeeders());
  const state = initialState(engine, world.configuration);
  return records.map((record) => decisionOf(step(engine, state, structuredClone(record))));
}

function decisionOf({ journal, orders, integrityPolls }: ReturnType<typeof step>): string {
  return canonicalJson({ journal, orders, integrityPolls });
}

test('the recorded inputs, folded again by a fresh engine, give the same decisions byte for byte', () => {
  const world = recorded();
  expect(world.records.length).toBeGreaterThan(50);
  expect(fold(world, world.records)).toEqual(world.decisions);
});

test('a fork taken half-way goes on exactly as the original did, and leaves it untouched', () => {
  const world = recorded();
  const half = Math.floor(world.records.length / 2);
  const engine = createOperations(twoFeeders());
  const state = initialState(engine, world.configuration);
  for (const record of world.records.slice(0, half)) step(engine, state, structuredClone(record));
  const branch = fork(state);
  const before = canonicalJson(snapshotViews(engine, state));
  const decisions = world.records
    .slice(half)
    .map((record) => decisionOf(step(engine, branch, structuredClone(record))));
  expect(decisions).toEqual(world.decisions.slice(half));
  expect(canonicalJson(snapshotViews(engine, state))).toBe(before);
});

test('what the changes told a console adds up to the snapshot', () => {
  const world = recorded();
  const engine = createOperations(twoFeeders());
  const state = initialState(engine, world.configuration);
  const shown = new Map<string, string>();
  const lists = [
    'switches',
    'measurements',
    'sections',
    'feeders',
    'incidents',
    'commands',
  ] as const;
  const first = snapshotViews(engine, state);
  for (const list of lists)
    for (const each of first[list]) shown.set(`${list}/${each.id}`, canonicalJson(each));
  let summary = canonicalJson(first.summary);
  for (const record of world.records) {
    const { changes } = step(engine, state, structuredClone(record));
    for (const list of lists) {
      for (const each of changes[list] ?? []) shown.set(`${list}/${each.id}`, canonicalJson(each));
    }
    if (changes.summary !== undefined) summary = canonicalJson(changes.summary);
  }
  const last = snapshotViews(engine, state);
  for (const list of lists) {
    for (const each of last[list]) {
      expect(shown.get(`${list}/${each.id}`), `${list} ${each.id}`).toBe(canonicalJson(each));
    }
  }
  expect(summary).toBe(canonicalJson(last.summary));
});

test('a step on which nothing changed tells the console nothing', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(1_000);
  const record: InputRecord = {
    sequence: 1_000_000,
    at_ms: 1_800_000_100_000,
    monotonic_ms: world.now,
    event: { kind: 'deadline' },
  };
  expect(step(world.engine, world.state, record)).toMatchObject({
    journal: [],
    orders: [],
    integrityPolls: [],
    changes: {},
  });
});

test('a measurement alone touches its own point and nothing else', () => {
  const world = new ScriptedField(twoFeeders());
  world.run(1_000);
  const { changes } = step(world.engine, world.state, {
    sequence: 1_000_000,
    at_ms: 1_800_000_100_000,
    monotonic_ms: world.now,
    event: {
      kind: 'telemetry',
      updates: [
        {
          point: '471-1.current_A',
          value: 87,
          quality: 'good',
          sourceTime_ms: null,
          receiveTime_ms: 1_800_000_100_000,
          sequence: 1_000_000,
        },
      ],
    },
  });
  expect(Object.keys(changes)).toEqual(['measurements']);
  expect(changes.measurements).toHaveLength(1);
});
