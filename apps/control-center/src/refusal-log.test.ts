import { expect, test } from 'vitest';
import { RefusalLog } from './refusal-log.ts';

test('the first refusal is told at once, its repetitions as one number a minute later', () => {
  const told: [string, unknown, unknown][] = [];
  const log = new RefusalLog((_action, by, _about, body) =>
    told.push([by, body['code'], body['times']]),
  );
  for (let i = 0; i < 1_000; i++) log.note('192.0.2.1', 'GET /grid', 'RL-020', i);
  log.note('lan', 'POST /commands', 'RL-042', 5);
  expect(told).toEqual([
    ['192.0.2.1', 'RL-020', 1],
    ['lan', 'RL-042', 1],
  ]);
  log.tick(59_999);
  expect(told).toHaveLength(2);
  log.tick(60_005);
  expect(told[2]).toEqual(['192.0.2.1', 'RL-020', 999]);
  expect(log.counts.get('RL-020')).toBe(1_000);
});

test('ten thousand strangers leave five hundred records and one for the others', () => {
  const told: string[] = [];
  const log = new RefusalLog((_action, by) => told.push(by));
  for (let i = 0; i < 10_000; i++) log.note(`stranger ${i}`, 'GET /', 'RL-020', 0);
  expect([told.length, told.at(-1)]).toEqual([501, 'others']);
});
