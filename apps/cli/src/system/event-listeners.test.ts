import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { EventListeners } from './event-listeners.ts';

test('a listener that stops reading is cut off before it fills the memory; the others hear on', () => {
  const listeners = new EventListeners();
  const [reads, sleeps] = [new PassThrough(), new PassThrough()];
  const heard: string[] = [];
  reads.setEncoding('utf8').on('data', (text: string) => void heard.push(text));
  expect(listeners.add(reads) && listeners.add(sleeps)).toBe(true);
  for (let second = 0; second < 2_000; second++) listeners.tell({ second, words: 'x'.repeat(100) });
  expect(sleeps.destroyed).toBe(true);
  expect(reads.destroyed).toBe(false);
  expect(heard.join('').match(/"second":1999/)).not.toBeNull();
});

test('more than can be served are turned away', () => {
  const listeners = new EventListeners();
  const added = Array.from({ length: 501 }, () => listeners.add(new PassThrough()));
  expect(added.filter((each) => !each)).toHaveLength(1);
});
