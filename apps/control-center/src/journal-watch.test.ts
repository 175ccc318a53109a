import type { JournalRecord } from '@relight/contract';
import { expect, test } from 'vitest';
import { JournalWatch } from './journal-watch.ts';
import { createLog } from './log.ts';

function command(sequence: number, state: string): JournalRecord {
  const body = { state, equipment: 'PT.471', operation: 'open', incident: 'SC-1' };
  return { sequence, at_ms: 0, input: 0, kind: 'command', by: 'lan', about: 'C1', body };
}

test('each decision is logged with its command and incident, ends are counted, the disk is timed', () => {
  const lines: Record<string, unknown>[] = [];
  let now = 0;
  const written: number[] = [];
  const watch = new JournalWatch(
    { append: ({ journal }) => void written.push(...journal.map(({ sequence }) => sequence)) },
    createLog('info', {
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
    () => now,
  );
  watch.append({ inputs: [], journal: [command(1, 'executing')] });
  now = 4;
  watch.append({ inputs: [], journal: [command(2, 'verified'), command(3, 'unknown')] });
  expect(written).toEqual([1, 2, 3]);
  expect(watch.behind_ms).toBe(4);
  watch.durable(1);
  expect(watch.behind_ms).toBe(0);
  now = 64;
  watch.durable(3);
  expect(watch.latency).toMatchObject({ count: 2, sum_s: 0.064 });
  // 4 ms counts from the bound of 5 ms on, 60 ms from that of 100 ms on.
  expect(watch.latency.counts).toEqual([0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  expect([...watch.ends]).toEqual([
    ['verified', 1],
    ['unknown', 1],
  ]);
  expect(
    lines.map(({ command: id, incident, state, level }) => [id, incident, state, level]),
  ).toEqual([
    ['C1', 'SC-1', 'executing', 30],
    ['C1', 'SC-1', 'verified', 30],
    ['C1', 'SC-1', 'unknown', 40],
  ]);
});
