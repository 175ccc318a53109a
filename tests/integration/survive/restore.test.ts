import { join } from 'node:path';
import { renameSync, rmSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { backUpJournal, restoreJournal } from '@relight/journal';
import { writeFromElsewhere } from '../../kit/foreign-master.ts';
import { SurvivalRig, type SurvivalOptions } from '../../kit/survival-rig.ts';

let rig: SurvivalRig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

async function start(options: SurvivalOptions = {}): Promise<SurvivalRig> {
  rig = await SurvivalRig.start({ speed: 10, ...options });
  return rig;
}

test('restored from a backup everything is seen and nothing is commanded', async () => {
  const world = await start();
  const copy = join(world.folder, 'backup');
  const { records } = await backUpJournal(world.journalFolder, copy, Date.now());
  expect(records).toBeGreaterThan(0);
  await world.kill();
  renameSync(world.journalFolder, join(world.folder, 'lost'));
  restoreJournal(copy, world.journalFolder, Date.now());
  await world.startCenter();
  expect((await world.snapshot()).summary.controlLock).toMatchObject({ declared: null });
  expect(await world.select('471-74', 'disableReclosing')).toMatchObject({ status: 422 });
  const note = 'compared with the crews by radio and with the paper log';
  expect((await world.ask('POST', '/control-lock/reconcile', { note })).status).toBe(202);
  expect((await world.ask('POST', '/control-lock/reconcile', { note })).status).toBe(409);
  // The lock is in the journal by now: a restart does not lift it.
  await world.kill();
  await world.startCenter();
  expect((await world.snapshot()).summary.controlLock?.declared).toMatchObject({ note });
  expect(await world.operates()).toEqual([]);
  rmSync(copy, { recursive: true });
});

test('on a full disk commands are refused and telemetry goes on', async () => {
  // A limit on the size of a file fails its writes just as a full disk does. In KiB.
  const limited = ['bash', '-c', 'ulimit -f 400; trap "" XFSZ; exec "$@"', 'limited'];
  const world = await start({ under: limited });
  await world.until('the disk is full', 90_000, ({ alarms }) =>
    alarms.some(({ equipment, stands }) => equipment === 'journal' && stands === true),
  );
  const refused = await world.select('471-74', 'disableReclosing');
  expect('status' in refused && [422, 503].includes(refused.status)).toBe(true);
  expect(await world.operates()).toEqual([]);
  // What happens in the field is seen all the same.
  await writeFromElsewhere(join(world.folder, 'points.json'), '476-77', 'open');
  await world.until('telemetry goes on', 60_000, ({ switches }) =>
    switches.some(({ id, position }) => id === '476-77' && position === 'open'),
  );
});
