import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandView, type JournalRecord } from '@relight/contract';
import { readJournal, verifyJournal } from '@relight/journal';
import { SurvivalRig } from '../../kit/survival-rig.ts';

/** One field for all: who led after one test leads at the begin of the next. */
let world: SurvivalRig;
beforeAll(async () => {
  world = await SurvivalRig.start({ speed: 10 });
});
afterAll(() => world.stop());

const DEVICE = '471-74';
const body = (idempotencyKey: string, operation: string) => ({
  idempotencyKey,
  equipment: DEVICE,
  operation,
});

const journal = (): string => join(world.journalFolder, 'journal.db');
const starts = (): readonly JournalRecord[] =>
  [...readJournal(journal())].flatMap(({ record }) => (record.kind === 'start' ? [record] : []));

async function requested(key: string, operation: string): Promise<CommandView> {
  const { id } = CommandView.parse(
    (await world.ask('POST', '/commands', body(key, operation))).body,
  );
  const { commands } = await world.until('it is selected', 60_000, (snapshot) =>
    snapshot.commands.some((each) => each.id === id && each.state === 'selected'),
  );
  const found = commands.find((each) => each.id === id);
  if (found === undefined) throw new Error(`${id} is gone`);
  return found;
}

test('a leader that stands still is followed out of the journal; awake again it writes nothing and ends', async () => {
  await world.startStandby();
  const tag = { kind: 'doNotOperate', equipment: 'PT.471', text: 'Đội 3' };
  const placed = await world.ask('POST', '/tags', { idempotencyKey: 'tag-before', ...tag });
  expect(placed.status).toBe(202);
  const done = await requested('done-before', 'disableReclosing');
  expect(await world.execute(done.id)).toMatchObject({ state: 'verified' });
  const selected = await requested('selected-before', 'enableReclosing');
  const written = await world.operates();
  // All this time the leader worked and its standby waited.
  expect(starts()).toHaveLength(1);
  await world.pauseBetweenCommits();
  await world.followStandby();
  // What was acknowledged before is known, and no request makes a second write.
  const { tags } = await world.snapshot();
  expect(tags.some(({ equipment }) => equipment === tag.equipment)).toBe(true);
  expect(
    await world.ask('POST', '/commands', body('done-before', 'disableReclosing')),
  ).toMatchObject({ status: 202, body: { id: done.id, state: 'verified' } });
  expect(
    await world.ask('POST', '/commands', body('selected-before', 'enableReclosing')),
  ).toMatchObject({ status: 202, body: { id: selected.id, state: 'expired' } });
  // The one that led finds the lease gone before its first byte, says why, and ends.
  expect(await world.wakeFormer()).toBe(1);
  expect(readFileSync(join(world.folder, 'control-center.log'), 'utf8')).toContain('RL-080');
  expect(await world.operates()).toEqual(written);
  // The new leader commands, under the next token.
  const next = await requested('by-the-next', 'enableReclosing');
  expect(await world.execute(next.id)).toMatchObject({ state: 'verified' });
  expect(await world.operates()).toHaveLength(written.length + 1);
  const tokens = starts().map(
    ({ body: { configuration } }) => (configuration as { token: number }).token,
  );
  expect(tokens).toEqual([1, 2]);
  expect(verifyJournal(journal())).toMatchObject({ valid: true });
});

test('a leader killed in the middle of a command is followed at once, and the write is not repeated', async () => {
  await world.startStandby();
  const command = await requested('cut-off-by-kill', 'disableReclosing');
  const before = (await world.operates(DEVICE)).length;
  void world.ask('POST', `/commands/${command.id}/execute`).catch(() => {});
  await expect
    .poll(async () => (await world.operates(DEVICE)).length, { timeout: 60_000, interval: 20 })
    .toBe(before + 1);
  await world.kill();
  await world.followStandby();
  const again = await world.ask('POST', '/commands', body('cut-off-by-kill', 'disableReclosing'));
  expect(again).toMatchObject({ status: 202, body: { id: command.id } });
  await expect
    .poll(async () => {
      const { commands } = await world.snapshot();
      return commands.find(({ id }) => id === command.id)?.state;
    })
    .toMatch(/verified|failed|unknown/);
  expect(await world.operates(DEVICE)).toHaveLength(before + 1);
});
