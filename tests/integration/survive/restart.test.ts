import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { CommandView } from '@relight/contract';
import { verifyJournal } from '@relight/journal';
import { RandomStream } from '@relight/foundation';
import { SEED } from '../../kit/seed.ts';
import { pause_ms, SurvivalRig, type SurvivalOptions } from '../../kit/survival-rig.ts';

let rig: SurvivalRig | null = null;
afterEach(async () => {
  await rig?.stop();
  rig = null;
});

async function start(options: SurvivalOptions = {}): Promise<SurvivalRig> {
  rig = await SurvivalRig.start({ speed: 10, ...options });
  return rig;
}

const journalOf = (world: SurvivalRig): string => join(world.journalFolder, 'journal.db');

async function automatic(world: SurvivalRig): Promise<void> {
  for (const { id, mode } of (await world.snapshot()).feeders) {
    if (mode !== 'automatic') await world.ask('PUT', `/feeders/${id}/mode`, { mode: 'automatic' });
  }
}

test('killed at any moment of a plan: no step goes out again, the plan is not resumed, the fault stays dead', async () => {
  const world = await start();
  await automatic(world);
  const faulted = (await world.snapshot()).sections.filter(
    (section) => section.normalFeeder?.includes('473') === true && section.lines.length > 0,
  );
  const equipment = faulted.at(1)?.lines[0] ?? '';
  await world.simulation.placeFault({ equipment, kind: 'permanent' });
  const tagged = await world.ask('POST', '/tags', {
    idempotencyKey: 'before-the-kill',
    kind: 'doNotOperate',
    equipment: '476-77',
    text: 'Đội 3',
  });
  expect(tagged.status).toBe(202);
  const wanted = 1 + Math.floor(new RandomStream(SEED, 'step').next() * 3);
  await expect
    .poll(async () => (await world.operates()).length, { timeout: 60_000, interval: 20 })
    .toBeGreaterThanOrEqual(wanted);
  await world.kill();
  const written = await world.operates();
  await world.startCenter();
  await pause_ms(4_000);
  expect(await world.operates(), `seed ${SEED}`).toEqual(written);
  const tokens = written.map(({ switch: id, value, at_ms }) => `${id} ${value} ${at_ms}`);
  expect(new Set(tokens).size).toBe(tokens.length);
  const snapshot = await world.snapshot();
  expect(snapshot.incidents.map(({ state }) => state)).toContain('aborted');
  expect(snapshot.tags.map(({ kind, equipment }) => [kind, equipment])).toEqual([
    ['doNotOperate', '476-77'],
  ]);
  expect((await world.truth()).faultedEnergisedAfterTrip).toBe(false);
  expect(verifyJournal(journalOf(world))).toMatchObject({ valid: true, firstBad: null });
});

test('a journal whose log was torn at any byte is repaired, and what is missing is told', async () => {
  const world = await start();
  const shelved = await world.ask('POST', '/commands', {
    idempotencyKey: 'before-the-tear',
    equipment: '471-74',
    operation: 'disableReclosing',
  });
  expect(shelved.status).toBe(202);
  await world.kill();
  const log = readdirSync(world.journalFolder).find((name) => name.startsWith('input-')) ?? '';
  const chance = new RandomStream(SEED, 'tear');
  for (const path of [join(world.journalFolder, log), `${journalOf(world)}-wal`]) {
    truncateSync(path, Math.floor(chance.next() * statSync(path).size));
  }
  await world.startCenter();
  const verdict = verifyJournal(journalOf(world));
  const { summary } = await world.snapshot();
  // Either nothing that a head vouched for is gone, or control is locked and says why.
  expect(verdict.valid || (summary.controlLock ?? null) !== null, `seed ${SEED}`).toBe(true);
  expect(summary.rtusUp).toBe(summary.rtus);
});

test('a changed record is told at the start: control is locked, telemetry goes on', async () => {
  const world = await start();
  await world.ask('PUT', '/feeders/F471/mode', { mode: 'advisory' });
  await world.kill();
  const database = new DatabaseSync(journalOf(world));
  database.exec(`DROP TRIGGER record_never_changes;
    UPDATE record SET body = replace(body, 'relight', 'nobody')
      WHERE sequence = (SELECT max(sequence) FROM record WHERE body LIKE '%relight%');`);
  database.close();
  await world.startCenter();
  const { summary, alarms } = await world.snapshot();
  expect(summary.controlLock?.because.en).toMatch(/the journal is damaged from record \d+ on/);
  expect(alarms.some(({ equipment, priority }) => equipment === 'journal' && priority === 1)).toBe(
    true,
  );
  expect(await world.select('471-74', 'disableReclosing')).toMatchObject({ status: 422 });
  expect(summary.rtusUp).toBe(summary.rtus);
  expect(verifyJournal(journalOf(world)).valid).toBe(false);
});

test('a client that repeats its request after kill -9 gets the fate of the first one, and one write is all there is', async () => {
  const world = await start();
  const body = {
    idempotencyKey: 'over-the-crash',
    equipment: '471-74',
    operation: 'disableReclosing',
  };
  const first = CommandView.parse((await world.ask('POST', '/commands', body)).body);
  await world.until('it is selected', 60_000, ({ commands }) =>
    commands.some(({ id, state }) => id === first.id && state === 'selected'),
  );
  expect(await world.execute(first.id)).toMatchObject({ state: 'verified' });
  const second = { ...body, idempotencyKey: 'never-executed', operation: 'enableReclosing' };
  const unsent = CommandView.parse((await world.ask('POST', '/commands', second)).body);
  await world.until('it is selected', 60_000, ({ commands }) =>
    commands.some(({ id, state }) => id === unsent.id && state === 'selected'),
  );
  await world.kill();
  const written = await world.operates('471-74');
  expect(written).toHaveLength(1);
  for (const restart of [1, 2]) {
    await world.startCenter();
    const again = await world.ask('POST', '/commands', body);
    expect(again, `restart ${restart}`).toMatchObject({
      status: 202,
      body: { id: first.id, state: 'verified' },
    });
    expect(await world.ask('POST', '/commands', second)).toMatchObject({
      status: 202,
      body: { id: unsent.id, state: 'expired' },
    });
    const other = await world.ask('POST', '/commands', { ...body, operation: 'enableReclosing' });
    expect(other.status).toBe(409);
    await world.kill();
  }
  expect(await world.operates('471-74')).toEqual(written);
  expect(verifyJournal(journalOf(world))).toMatchObject({ valid: true });
});
