import type { InputEvent } from '@relight/contract';
import { expect, test } from 'vitest';
import { Supervision } from './supervision.ts';

function watched(): {
  readonly said: string[];
  readonly supervision: Supervision;
  readonly at: (ms: number) => void;
} {
  const said: string[] = [];
  let now = 0;
  const tell = (event: InputEvent): void => {
    if (event.kind === 'supervision') said.push(`${event.part} ${event.ok ? 'well' : 'bad'}`);
  };
  const supervision = new Supervision(tell, () => now);
  const at = (ms: number): void => {
    now = ms;
    supervision.tick();
  };
  return { said, supervision, at };
}

test('a main thread late for two windows in a row is an alarm, until a window is in time again', () => {
  const { said, supervision } = watched();
  for (const p99_ms of [250, 20, 250]) supervision.window({ p99_ms, max_ms: 900 });
  expect([supervision.isLate, said]).toEqual([false, []]);
  for (const p99_ms of [201, 300]) supervision.window({ p99_ms, max_ms: 900 });
  expect([supervision.isLate, said]).toEqual([true, ['loop bad']]);
  supervision.window({ p99_ms: 199, max_ms: 900 });
  expect([supervision.isLate, said]).toEqual([false, ['loop bad', 'loop well']]);
});

test('a watchdog that has asked and falls silent is an alarm; one that was never there is none', () => {
  const { said, supervision, at } = watched();
  at(60_000);
  expect([said, supervision.watchdogAge_ms]).toEqual([[], null]);
  supervision.watchdogAsked();
  at(64_000);
  expect(said).toEqual([]);
  at(66_000);
  at(67_000);
  expect([said, supervision.watchdogAge_ms]).toEqual([['watchdog bad'], 7_000]);
  supervision.watchdogAsked();
  at(67_500);
  expect(said).toEqual(['watchdog bad', 'watchdog well']);
});
