import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CommandCheckView,
  CommandView,
  NormalState,
  type GridFile,
  type Snapshot,
} from '@relight/contract';
import { verifyJournal } from '@relight/journal';
import { SurvivalRig } from '../../kit/survival-rig.ts';
import { relight } from '../run-relight.ts';

/** One field for all: an open point is moved, and two people adopt that. */
let world: SurvivalRig;
beforeAll(async () => {
  world = await SurvivalRig.start({ speed: 10 });
  for (const [out, tie] of OPEN_POINTS) {
    const check = { equipment: out, operation: 'open' };
    const { body } = await world.ask('POST', '/commands/check', check);
    if (CommandCheckView.parse(body).allowed) {
      [OUT, TIE] = [out, tie];
      break;
    }
  }
  await moveTo(OUT, 'open');
  await moveTo(TIE, 'close');
  const moved = await world.until('both are off normal', 60_000, (picture) =>
    [OUT, TIE].every((id) => offNormal(picture).includes(id)),
  );
  expect(offNormal(moved)).toEqual([OUT, TIE].sort());
  const asked = await world.ask('POST', '/normal-state/adopt', {
    idempotencyKey: 'stays-so-until-the-cable',
    switches: [OUT, TIE],
    reason: 'stays so until the new cable is laid',
  });
  expect(asked).toMatchObject({ status: 202 });
  const waiting = (await world.snapshot()).approvals.find(({ state }) => state === 'waiting');
  const agreed = await world.askAs('minh', 'POST', `/approvals/${waiting?.id}/approve`, {
    hash: waiting?.hash,
  });
  expect(agreed).toMatchObject({ status: 202 });
  expect(offNormal(await world.snapshot())).toEqual([]);
});
afterAll(() => world.stop());

/** Each the last switch before a tie, and the tie; of the first whose customers may be off a moment. */
const OPEN_POINTS = [
  ['478-67', '474-478-91'],
  ['474-80', '474-478-91'],
  ['475-61', '475-477-87'],
  ['476-77', '476-480-84'],
  ['471-118', '471-479-96'],
  ['473-73', '473-481-95'],
] as const;
let [OUT, TIE]: readonly [string, string] = OPEN_POINTS[0];

async function moveTo(device: string, operation: 'open' | 'close'): Promise<void> {
  const asked = await world.select(device, operation);
  const selected = CommandView.safeParse(asked).data;
  if (selected === undefined) throw new Error(`${operation} ${device}: ${JSON.stringify(asked)}`);
  expect(await world.execute(selected.id)).toMatchObject({ state: 'verified' });
}

const offNormal = ({ switches }: Snapshot): readonly string[] =>
  switches.flatMap(({ id, normal }) => (normal ? [] : [id])).sort();

const adoptedIn = ({ switches }: Snapshot): readonly string[] =>
  switches.flatMap(({ id, adopted }) => (adopted === undefined ? [] : [id])).sort();

const normalState = async (): Promise<NormalState> =>
  NormalState.parse((await world.ask('GET', '/normal-state')).body);

test('an open point that two people adopted is the normal one after kill -9, and for the standby', async () => {
  await world.kill();
  await world.startCenter();
  expect(offNormal(await world.snapshot())).toEqual([]);
  expect(adoptedIn(await world.snapshot())).toEqual([OUT, TIE].sort());

  await world.startStandby();
  await world.kill();
  await world.followStandby();
  expect(offNormal(await world.snapshot())).toEqual([]);
  const { adopted } = await normalState();
  expect(adopted.find((each) => each.switch === OUT)).toMatchObject({
    position: 'open',
    reason: 'stays so until the new cable is laid',
  });
  expect(adopted.find((each) => each.switch === TIE)).toMatchObject({ position: 'closed' });
  expect(verifyJournal(join(world.journalFolder, 'journal.db'))).toMatchObject({ valid: true });
});

test('the engineer gets the grid file with these normal positions, and nothing else in it changes', async () => {
  const out = join(world.folder, 'grid-with-normal.json');
  const run = await relight('normal', 'export', '--journal', world.journalFolder, '--out', out);
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toContain(`${OUT}: normally open, adopted`);
  const before = JSON.parse(
    readFileSync(join(world.journalFolder, 'grid.json'), 'utf8'),
  ) as GridFile;
  const after = JSON.parse(readFileSync(out, 'utf8')) as GridFile;
  const positions = new Map<string, boolean>([
    [OUT, true],
    [TIE, false],
  ]);
  expect(after).toEqual({
    ...before,
    switches: before.switches?.map((each) => {
      const normallyOpen = positions.get(each.id);
      return normallyOpen === undefined ? each : { ...each, normallyOpen };
    }),
  });
  const listed = await relight('normal', 'export', '--journal', world.journalFolder, '--json');
  expect(JSON.parse(listed.stdout)).toEqual(await normalState());
});

/** The joint is told, and the tie beside it refused. */
async function expectDoubt(section: string | undefined): Promise<void> {
  const { sections } = await world.snapshot();
  expect(sections.find(({ id }) => id === section)?.phaseUnconfirmed).toMatchObject({
    text: 'cable joint at pole 12',
  });
  const check = await world.ask('POST', '/commands/check', {
    equipment: '471-473-42',
    operation: 'close',
  });
  const gates = (check.body as { gates?: readonly { name: string; ok: boolean }[] }).gates ?? [];
  expect(gates.find(({ name }) => name === 'phaseOrder')).toMatchObject({ ok: false });
}

test('a joint of unconfirmed phase order is in doubt after kill -9 and out of a backup, as what was adopted stays normal', async () => {
  const section = (await world.snapshot()).sections.find(
    ({ feeder, lines }) => feeder === 'F471' && lines.length > 0,
  );
  const told = await world.ask('POST', `/sections/${section?.id}/phase-order`, {
    state: 'unconfirmed',
    text: 'cable joint at pole 12',
  });
  expect(told).toMatchObject({ status: 202 });
  await world.kill();
  await world.startCenter();
  await expectDoubt(section?.id);
  const copy = join(world.folder, 'backup');
  expect(await relight('backup', '--journal', world.journalFolder, '--to', copy)).toMatchObject({
    code: 0,
  });
  await world.kill();
  renameSync(world.journalFolder, join(world.folder, 'lost'));
  expect(await relight('restore', copy, '--journal', world.journalFolder)).toMatchObject({
    code: 0,
  });
  await world.startCenter();
  expect(adoptedIn(await world.snapshot())).toEqual([OUT, TIE].sort());
  expect(offNormal(await world.snapshot())).toEqual([]);
  await expectDoubt(section?.id);
  const confirmed = await world.ask('POST', `/sections/${section?.id}/phase-order`, {
    state: 'confirmed',
    by: 'Tổ thí nghiệm',
    how: 'phase meter at pole 12',
  });
  expect(confirmed).toMatchObject({ status: 202 });
  const lifted = await world.snapshot();
  expect(lifted.sections.find(({ id }) => id === section?.id)?.phaseUnconfirmed).toBeUndefined();
});

test('whoever lifts a block over the interface has to say whether conductors were joined', async () => {
  const { status, body } = await world.ask('POST', '/incidents/SC-0001/decision', {
    decision: 'liftBlocks',
    planVersion: 0,
    planHash: null,
  });
  expect({ status, code: (body as { code?: string }).code }).toEqual({
    status: 422,
    code: 'RL-075',
  });
});
