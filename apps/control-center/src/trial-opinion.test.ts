import type { GridFile, JournalRecord } from '@relight/contract';
import { expect, test } from 'vitest';
import { CLOSE_Q, opinionOn } from './testing/one-switch.ts';

const node = (id: string) => ({ id, nominalVoltage_kV: 22 });

/** A breaker Q in front of a faulted line L. */
function feeder(
  construction: 'overhead' | 'cable',
  kind: 'breaker' | 'loadBreakSwitch' = 'breaker',
): GridFile {
  return {
    format: 'relight-grid/1',
    id: 'feeder',
    nodes: ['B', 'n1', 'n2'].map(node),
    sources: [{ id: 'S', node: 'B' }],
    lines: [{ id: 'L', from: 'n1', to: 'n2', r_ohm: 0.1, x_ohm: 0.1, construction }],
    switches: [{ id: 'Q', kind, from: 'B', to: 'n1', remote: true }],
  };
}

const declaration = (command: string, equipment = 'Q'): JournalRecord => ({
  sequence: 1,
  at_ms: 0,
  input: 1,
  kind: 'approval',
  by: 'An',
  about: 'SC-0001',
  body: { trialClose: { command, equipment, sections: ['S.n1'] } },
});

/** The monitor's objections to the order, where such a trial is on record. */
function against(
  grid: GridFile,
  declared: JournalRecord | null,
  keepers: readonly string[] = ['SC-0001'],
) {
  const second = opinionOn(grid);
  const kept = keepers.map((about): JournalRecord => ({
    sequence: 1,
    at_ms: 0,
    input: 1,
    kind: 'incident',
    by: 'flisr',
    about,
    body: { keepsDead: ['S.n1'], openedAt_ms: 0 },
  }));
  second.note([...kept, ...(declared === null ? [] : [declared])], 0);
  return (
    second
      .against(CLOSE_Q, 100)
      ?.map(({ en }) => en)
      .join() ?? null
  );
}

test('the monitor lets through exactly the command whose trial close is on record', () => {
  const grid = feeder('overhead');
  expect(against(grid, declaration('C1'))).toBeNull();
  expect(against(grid, null)).toContain('what is faulted');
  expect(against(grid, declaration('C2'))).toContain('what is faulted');
  expect(against(grid, declaration('C1', 'P'))).toContain('what is faulted');
});

test('a trial of one incident does not energise what another keeps dead as well', () => {
  const shared = ['SC-0001', 'SC-0002'];
  expect(against(feeder('overhead'), declaration('C1'), shared)).toBe(
    'Could energise what is faulted: section S.n1 (kept dead by SC-0001, SC-0002)',
  );
});

test('it refuses a trial on cable, and one by a device that cannot break the fault current', () => {
  expect(against(feeder('cable'), declaration('C1'))).toContain('not overhead line');
  expect(against(feeder('overhead', 'loadBreakSwitch'), declaration('C1'))).toContain(
    'neither breaker nor recloser',
  );
});
