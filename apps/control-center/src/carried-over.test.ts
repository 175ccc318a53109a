import type { JournalRecord } from '@relight/contract';
import { expect, test } from 'vitest';
import { carriedOver } from './carried-over.ts';

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
const keeps = (incident: string, ...keepsDead: string[]) =>
  said('incident', incident, { keepsDead, openedAt_ms: 7 });
const command = (id: string, state: string) =>
  said('command', id, { state, equipment: '471-1', operation: 'open', incident: null });

test('a new journal leaves nothing behind', () => {
  expect(carriedOver([])).toEqual({ lastIncident: 0, keptDead: [], openCommands: [] });
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
