import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leadWhenFree } from './await-leadership.ts';
import { createLog } from './log.ts';
import { StartError } from './start-error.ts';

const log = createLog('silent', { write: () => undefined });

test('a standby that cannot take over yet waits on, and one with a fault of its own ends', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'relight-standby-'));
  try {
    const tries: number[] = [];
    const led = await leadWhenFree(directory, log, async ({ token }) => {
      tries.push(token);
      if (tries.length < 2) throw new StartError('RL-031', 'database is locked');
      return 'leads';
    });
    expect([led, tries]).toEqual(['leads', [0, 0]]);
    const broken = leadWhenFree(directory, log, async () => {
      throw new StartError('RL-030', 'points');
    });
    await expect(broken).rejects.toMatchObject({ code: 'RL-030' });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
