import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileCommandStore } from './file-command-store.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relight-store-'));
  path = join(folder, 'commands.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const opening = { commandId: 'C1', equipment: '471-58', operation: 'open' } as const;

test('commands, their outcomes and the newest token are known to the next life', async () => {
  const first = await fileCommandStore(path);
  await first.raiseToken(7);
  await first.raiseToken(5);
  await first.begin(opening);
  await first.finish('C1', 'acknowledged');
  await first.begin({ ...opening, commandId: 'C2' });
  await first.close();
  const second = await fileCommandStore(path);
  expect(second.newestToken).toBe(7);
  expect(second.find('C1')).toEqual({ ...opening, outcome: 'acknowledged' });
  expect(second.find('C2')?.outcome).toBe(null);
  expect(second.find('C3')).toBe(undefined);
  expect(second.epoch).toBe(first.epoch + 1);
  await second.close();
});

test('a gateway killed right after `begin` has the command on disk', async () => {
  const store = await fileCommandStore(path);
  await store.begin(opening);
  expect(await readFile(path, 'utf8')).toContain('"commandId":"C1"');
  await store.close();
});

test('the last line, torn by a power loss at any byte, is left out', async () => {
  const store = await fileCommandStore(path);
  await store.begin(opening);
  await store.close();
  const whole = await readFile(path, 'utf8');
  const lastLine = whole.trimEnd().lastIndexOf('\n') + 1;
  for (let end = lastLine; end < whole.length - 1; end++) {
    await writeFile(path, whole.slice(0, end));
    const again = await fileCommandStore(path);
    expect(again.find('C1')).toBe(undefined);
    await again.begin(opening);
    expect(again.find('C1')).toBeDefined();
    await again.close();
  }
});

test('a file damaged in the middle is refused, because a forgotten command could go twice', async () => {
  const store = await fileCommandStore(path);
  await store.begin(opening);
  await store.close();
  const whole = await readFile(path, 'utf8');
  await writeFile(path, whole.replace('"begin"', '"bogus"'));
  await appendFile(path, '{"kind":"token","token":9}\n');
  await expect(fileCommandStore(path)).rejects.toThrow(/line 3 is damaged/);
});

test('ten thousand commands are remembered, and the file does not grow beyond that', async () => {
  const store = await fileCommandStore(path);
  for (let n = 0; n < 10_050; n++) void store.begin({ ...opening, commandId: `N${n}` });
  await store.finish('N10049', 'failed');
  await store.close();
  const again = await fileCommandStore(path);
  expect(again.find('N0')).toBe(undefined);
  expect(again.find('N10049')?.outcome).toBe('failed');
  await again.close();
  expect((await readFile(path, 'utf8')).split('\n').length).toBeLessThan(10_010);
});
