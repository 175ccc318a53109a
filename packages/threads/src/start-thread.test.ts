import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startThread } from './start-thread.ts';

const ECHO = new URL('./testing/echo-thread.ts', import.meta.url);

test('a thread is given its data and none of the options of the process', async () => {
  const thread = startThread(ECHO, { feeder: '471' });
  const [message] = (await once(thread, 'message')) as unknown[];
  expect(message).toEqual({ data: { feeder: '471' }, options: [] });
  await once(thread, 'exit');
});

test('a process that starts and ends many threads at once lives on', () => {
  const program = `
    import { once } from 'node:events';
    import { startThread } from ${JSON.stringify(new URL('./start-thread.ts', import.meta.url).href)};
    async function lane() {
      for (let i = 0; i < 8; i++) await once(startThread(new URL(${JSON.stringify(ECHO.href)}), i), 'exit');
    }
    await Promise.all([lane(), lane(), lane(), lane()]);
    console.log('alive');
  `;
  // With the smallest budget about half of such processes ended before their threads had.
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--wasm-wrapper-tiering-budget=1', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  expect(stdout, stderr).toBe('alive\n');
});
