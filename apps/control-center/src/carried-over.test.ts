import type {
  ApprovalView,
  CarriedAlarm,
  CarriedOver,
  CommandView,
  JournalRecord,
} from '@relight/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EarlierRuns, readEarlierRuns } from './carried-over.ts';

let sequence = 0;
const said = (
  kind: JournalRecord['kind'],
  about: string | null,
  body: Record<string, unknown>,
): JournalRecord => ({
  sequence: ++sequence,
  at_ms: 0,
  input: 0,
  kind,
  by: 'flisr',
  about,
  body,
});
const carriedOver = (records: readonly JournalRecord[]): CarriedOver =>
  readEarlierRuns([], () => records).left();
const keeps = (incident: string, ...keepsDead: string[]) =>
  said('incident', incident, { keepsDead, openedAt_ms: 7 });
const command = (id: string, state: string) =>
  said('command', id, { state, equipment: '471-1', operation: 'open', incident: null });

test('a new journal leaves nothing behind', () => {
  expect(carriedOver([])).toEqual({ lastIncident: 0, keptDead: [], openCommands: [] });
});

test('what the monitor alone held dead is left behind, by its last word', () => {
  const holds = (...sections: string[]) => said('monitor', null, { holds: sections });
  expect(carriedOver([holds('S.a1', 'S.a3'), holds('S.a3'), said('start', null, {})])).toEqual({
    lastIncident: 0,
    keptDead: [],
    monitorHolds: ['S.a3'],
    openCommands: [],
  });
  expect(carriedOver([holds('S.a3'), holds()]).monitorHolds).toBeUndefined();
});

test('the last word on each incident counts, also of runs before the last', () => {
  const left = carriedOver([
    said('start', null, {}),
    keeps('SC-0001', 'S.a1', 'S.a3'),
    keeps('SC-0001', 'S.a3'),
    said('start', null, {}),
    said('incident', 'SC-0012', { state: 'momentary' }),
    keeps('SC-0013', 'S.b1'),
    keeps('SC-0013'),
  ]);
  expect(left.lastIncident).toBe(13);
  expect(left.keptDead).toEqual([{ incident: 'SC-0001', openedAt_ms: 7, sections: ['S.a3'] }]);
});

test('the expected end of a repair is left behind as long as its incident keeps something dead', () => {
  const repair = { dueAt_ms: 90, byName: 'An' };
  const run = [
    keeps('SC-0001', 'S.a3'),
    said('forecast', null, { state: 'inForce' }),
    said('forecast', 'SC-0001', { repair_h: 2, dueAt_ms: 80, byName: 'Bình' }),
    said('forecast', 'SC-0001', { repair_h: 3, ...repair }),
  ];
  const left = carriedOver([...run, said('start', null, {})]);
  expect(left.keptDead).toEqual([
    { incident: 'SC-0001', openedAt_ms: 7, sections: ['S.a3'], repair },
  ]);
  expect(new EarlierRuns(left).left()).toEqual(left);
  expect(carriedOver([...run, keeps('SC-0001')]).keptDead).toEqual([]);
});

test('a command that was executing when the run ended has no outcome; one run later it is history', () => {
  const run = [
    said('start', null, {}),
    command('C1', 'executing'),
    command('C1', 'verified'),
    command('C2', 'selected'),
    command('C3', 'executing'),
  ];
  expect(carriedOver(run).openCommands.map(({ id }) => id)).toEqual(['C3']);
  expect(carriedOver([...run, said('start', null, {})]).openCommands).toEqual([]);
});

const view = (id: string): CommandView => ({
  id,
  equipment: '471-1',
  operation: 'open',
  state: 'requested',
  by: 'An',
  incident: null,
  requestedAt_ms: 5,
  changedAt_ms: 5,
  until_ms: 9,
  reason: null,
});
const keyed = (idempotencyKey: string, { about }: JournalRecord) =>
  said('request', about, { idempotencyKey, wish: 'hash', command: view(about ?? '') });
const waitsForTwo = (id: string) =>
  said('approval', 'C2', {
    state: 'waiting',
    view: {
      id,
      what: 'command',
      state: 'waiting',
      title: { vi: 'Đóng', en: 'Close' },
      details: [],
      reason: null,
      about: 'C2',
      equipment: ['471-1'],
      hash: 'h',
      by: 'an',
      byName: 'An',
      requestedAt_ms: 5,
      expiresAt_ms: 9,
      decidedBy: null,
      decidedByName: null,
      decidedAt_ms: null,
    } satisfies ApprovalView,
  });

test('a key is remembered with how its command ended, also two runs later', () => {
  const asked = command('C1', 'requested');
  const run = [
    said('start', null, {}),
    asked,
    keyed('key-of-c1', asked),
    command('C1', 'executing'),
    command('C1', 'verified'),
  ];
  for (const journal of [run, [...run, said('start', null, {}), said('start', null, {})]]) {
    expect(carriedOver(journal).requests).toEqual([
      {
        key: 'key-of-c1',
        wish: 'hash',
        made: 'C1',
        command: { ...view('C1'), state: 'verified', until_ms: null, changedAt_ms: 0 },
      },
    ]);
  }
});

test('of more keys than are kept the newest are', () => {
  const run = Array.from({ length: 1_200 }, (_, n) =>
    keyed(`key-${n}`, command(`C${n}`, 'requested')),
  );
  const keys = carriedOver(run).requests?.map(({ key }) => key);
  expect([keys?.length, keys?.[0], keys?.at(-1)]).toEqual([1_000, 'key-200', 'key-1199']);
});

test('a command that was only selected is told apart from one that was executing', () => {
  const run = [command('C1', 'selected'), command('C2', 'executing'), command('C3', 'requested')];
  const { openCommands, unsentCommands } = carriedOver(run);
  expect(openCommands.map(({ id }) => id)).toEqual(['C2']);
  expect(unsentCommands?.map(({ id }) => id)).toEqual(['C1', 'C3']);
});

test('an approval that nobody had given is left to the next run, a given one is not', () => {
  const decided = said('approval', 'C2', { approval: 'P2', state: 'refused' });
  const run = [waitsForTwo('P1'), waitsForTwo('P2'), decided];
  expect(carriedOver(run).approvals?.map(({ id }) => id)).toEqual(['P1']);
  expect(carriedOver([...run, said('start', null, {})]).approvals).toBeUndefined();
});

test('an entered position outlives the run, one taken back does not', () => {
  const word = {
    equipment: '471-2',
    position: 'open',
    text: 'Đội 3',
    by: 'an',
    byName: 'An',
    at_ms: 7,
  } as const;
  const entered = said('position', '471-2', { entered: word });
  expect(carriedOver([entered]).positions).toEqual([word]);
  const back = said('position', '471-2', { removed: word, reason: 'nhầm thiết bị' });
  expect(carriedOver([entered, back]).positions).toBeUndefined();
});

const linkLost = (state: CarriedAlarm['state'], change: Partial<CarriedAlarm> = {}) =>
  said('alarm', null, {
    change: 'raised',
    key: 'link/RTU-1',
    priority: 2,
    state,
    raisedAt_ms: 5,
    equipment: 'RTU-1',
    text: { vi: 'mất kết nối', en: 'link lost' },
    incident: null,
    count: 1,
    acknowledgedBy: null,
    acknowledgedAt_ms: null,
    shelved: null,
    outOfService: null,
    ...change,
  });
const shelved = { by: 'Lan', reason: 'modem is being replaced', at_ms: 6, until_ms: 900 };

test('an alarm that stands is carried over as it was last, one that has ended is not', () => {
  expect(carriedOver([linkLost('unacknowledged'), linkLost('acknowledged')]).alarms).toMatchObject([
    { key: 'link/RTU-1', state: 'acknowledged' },
  ]);
  expect(carriedOver([linkLost('unacknowledged'), linkLost('normal')]).alarms).toBeUndefined();
});

test('a shelved alarm is carried over also while its cause has gone', () => {
  expect(carriedOver([linkLost('normal', { shelved })]).alarms).toMatchObject([{ shelved }]);
});

test('the mode a person gave a feeder last outlives the run', () => {
  const modes = [
    said('mode', null, { feeder: 'F471', from: 'automatic', to: 'disabled' }),
    said('mode', null, { feeder: 'F472', from: 'automatic', to: 'advisory' }),
    said('mode', null, { feeder: 'F472', from: 'advisory', to: 'automatic' }),
  ];
  expect(carriedOver(modes).feederModes).toEqual({ F471: 'disabled', F472: 'automatic' });
});

test('reading from the newest checkpoint or start gives what reading everything gives', () => {
  const piece = fc.constantFrom(
    () => keeps('SC-0001', 'S.a1', 'S.a3'),
    () => keeps('SC-0001'),
    () => keeps('SC-0002', 'S.b1'),
    () => command('C1', 'executing'),
    () => command('C1', 'verified'),
    () => command('C2', 'requested'),
    () => command('C2', 'expired'),
    () => keyed('key-of-c1', command('C1', 'requested')),
    () => keyed('key-of-c2', command('C2', 'selected')),
    () => waitsForTwo('P1'),
    () => said('approval', 'C2', { approval: 'P1', state: 'approved' }),
    () => linkLost('unacknowledged'),
    () => linkLost('normal', { shelved }),
    () => linkLost('normal'),
    () => said('mode', null, { feeder: 'F471', from: 'automatic', to: 'advisory' }),
    () => 'start' as const,
    () => 'checkpoint' as const,
    () => 'late checkpoint' as const,
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      sequence = 0;
      const journal: JournalRecord[] = [];
      const runs = new EarlierRuns();
      let earlier = { upTo: 0, carriedOver: runs.left() };
      const write = (record: JournalRecord): void => {
        journal.push(record);
        runs.take(record);
      };
      for (const each of pieces) {
        const now = { upTo: sequence, carriedOver: runs.left() };
        const next = each();
        if (next === 'start') write(said('start', null, { carriedOver: runs.left() }));
        else if (next === 'checkpoint') write(said('checkpoint', null, now));
        // The checkpoint was taken, and more was decided before it was written.
        else if (next === 'late checkpoint') write(said('checkpoint', null, earlier));
        else write(next);
        earlier = now;
      }
      const checkpoints = journal
        .filter(({ kind }) => kind === 'start' || kind === 'checkpoint')
        .toReversed();
      const read: number[] = [];
      const bounded = readEarlierRuns(checkpoints, (from) => {
        read.push(from);
        return journal.filter((record) => record.sequence >= from);
      });
      expect(bounded.left()).toEqual(carriedOver(journal));
      expect(read).toHaveLength(1);
    }),
  );
});

test('a start of a program that wrote no checkpoint is read from the beginning', () => {
  const journal = [keeps('SC-0001', 'S.a1'), said('start', null, {}), keeps('SC-0002', 'S.b1')];
  const from: number[] = [];
  const left = readEarlierRuns([journal[1] ?? said('start', null, {})], (sequenceFrom) => {
    from.push(sequenceFrom);
    return journal;
  }).left();
  expect(from).toEqual([1]);
  expect(left.keptDead).toHaveLength(2);
});

test('the grid file of the last run is known to the next one', () => {
  const left = carriedOver([
    said('start', null, { gridHash: 'one' }),
    said('start', null, { gridHash: 'two' }),
  ]);
  expect(left.gridHash).toBe('two');
});

test('what is repaired of a part that is kept dead is left behind with it', () => {
  const partly = { keepsDead: ['S.a1'], repaired: ['S.a3'], openedAt_ms: 7 };
  const left = carriedOver([keeps('SC-0001', 'S.a1', 'S.a3'), said('incident', 'SC-0001', partly)]);
  const kept = { incident: 'SC-0001', openedAt_ms: 7, sections: ['S.a1'], repaired: ['S.a3'] };
  expect(left.keptDead).toEqual([kept]);
  const checkpoint = said('checkpoint', null, { upTo: 9, carriedOver: left });
  expect(readEarlierRuns([checkpoint], () => []).left()).toEqual(left);
});

test('a joint stays in doubt until a record says that it is confirmed', () => {
  const joint = { section: 'S.a3', text: 'pole 12', by: 'An', byName: 'An', at_ms: 7 };
  const doubt = said('phaseOrder', 'S.a3', { state: 'unconfirmed', joint });
  const strange = said('phaseOrder', 'S.a3', {
    state: 'unconfirmed',
    joint: { of: 'a later form' },
  });
  expect(carriedOver([doubt, strange]).joints).toEqual([joint]);
  expect(
    carriedOver([doubt, said('phaseOrder', 'S.a3', { state: 'confirmed' })]).joints,
  ).toBeUndefined();
});
