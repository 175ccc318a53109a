import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startChildProcess } from './child-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'relight-child-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(
  program: string,
  args: readonly string[] = [],
  signal = new AbortController().signal,
) {
  const main = join(folder, `main-${Math.abs(hash(program))}.ts`);
  writeFileSync(main, program);
  return startChildProcess({
    name: 'field',
    main,
    args,
    ready: z.object({ ready: z.literal(true), words: z.array(z.string()) }),
    readyWithin_ms: 20_000,
    logFile: join(folder, 'field.log'),
    signal,
  });
}

function hash(text: string): number {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) | 0;
  return sum;
}

const SAY_READY =
  'console.log("starting"); console.log(JSON.stringify({ ready: true, words: process.argv.slice(2) }));';

test('a process is ready when it says so; other lines go to its log', async () => {
  const child = await start(`${SAY_READY} process.stdin.resume();`, ['--token=-dash']);
  expect(child.ready).toEqual({ ready: true, words: ['--token=-dash'] });
  await child.stop();
  await expect.poll(() => readFileSync(join(folder, 'field.log'), 'utf8')).toContain('starting');
});

test('a process that ends instead of serving is reported with its last words', async () => {
  const program = 'console.error("no such grid"); process.exit(3);';
  await expect(start(program)).rejects.toMatchObject({
    code: 'RL-013',
    message: 'the field ended unexpectedly (exit code 3)',
    details: ['no such grid'],
  });
});

test('a process that names an error of the table is reported with that error alone', async () => {
  const program = 'console.error("RL-032 town.json: no such line"); process.exit(1);';
  await expect(start(program)).rejects.toMatchObject({
    code: 'RL-032',
    message: 'town.json: no such line',
    details: [],
  });
});

test('a process that dies later is noticed, one that was asked to stop is not', async () => {
  const dying = await start(`${SAY_READY} setTimeout(() => process.exit(5), 50);`);
  expect(await dying.died).toMatchObject({
    message: 'the field ended unexpectedly (exit code 5)',
  });
  const stopped = await start(`${SAY_READY} process.stdin.resume();`);
  let died = false;
  void stopped.died.then(() => (died = true));
  await stopped.stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(died).toBe(false);
});

test('a process that ignores every request to stop is killed', async () => {
  const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000);';
  const child = await start(`${deaf} ${SAY_READY}`);
  const before = performance.now();
  await child.stop();
  expect(performance.now() - before).toBeGreaterThan(3_900);
});

test('a start is broken off when the person asks to stop', async () => {
  const controller = new AbortController();
  const starting = start('setInterval(() => {}, 1_000);', [], controller.signal);
  setTimeout(() => controller.abort(), 100);
  await expect(starting).rejects.toThrow(expect.objectContaining({ name: 'Stopped' }));
});
