import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandView } from '@relight/contract';
import { writeFromElsewhere } from '../../kit/foreign-master.ts';
import { pause_ms, SurvivalRig } from '../../kit/survival-rig.ts';

// Rows of the table "what it must survive", judged by the wire log and the plant.

let rig: SurvivalRig;
beforeAll(async () => {
  rig = await SurvivalRig.start({ speed: 10 });
});
afterAll(() => rig.stop());

async function selected(
  device: string,
  operation: 'open' | 'close' | 'disableReclosing' | 'enableReclosing',
): Promise<string> {
  const answer = await rig.select(device, operation);
  expect(answer, JSON.stringify(answer)).toMatchObject({ state: 'selected' });
  return 'id' in answer ? answer.id : '';
}

test('fifty equal requests at once are one command and one write', async () => {
  const body = {
    idempotencyKey: 'fifty-equal-requests',
    equipment: '471-74',
    operation: 'disableReclosing',
  };
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => rig.ask('POST', '/commands', body)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  const ids = new Set(answers.map((answer) => CommandView.parse(answer.body).id));
  expect(ids.size).toBe(1);
  const [id = ''] = ids;
  await rig.until('it is selected', 30_000, ({ commands }) =>
    commands.some((command) => command.id === id && command.state === 'selected'),
  );
  await Promise.all(Array.from({ length: 50 }, () => rig.ask('POST', `/commands/${id}/execute`)));
  expect((await rig.endOf(id)).state).toBe('verified');
  expect(await rig.operates('471-74')).toHaveLength(1);
  const other = await rig.ask('POST', '/commands', { ...body, operation: 'enableReclosing' });
  expect(other.status).toBe(409);
});

test('a command that stalls past its life is over, and is never written', async () => {
  const id = await selected('472-63', 'disableReclosing');
  rig.pause(true);
  const asked = rig.ask('POST', `/commands/${id}/execute`);
  // A selection holds thirty seconds; nobody hears of the request before it has ended.
  await pause_ms(31_000);
  rig.pause(false);
  expect((await asked).status).toBe(409);
  expect((await rig.endOf(id)).state).toBe('expired');
  expect(await rig.operates('472-63')).toEqual([]);
  // What it read before it stood still is too old to operate on: every RTU is read afresh first.
  await expect
    .poll(async () => {
      const { status, body } = await rig.ask('POST', '/commands/check', {
        equipment: '473-73',
        operation: 'open',
      });
      return status === 200 && !JSON.stringify(body).includes('"ok":false');
    })
    .toBe(true);
});

test('an RTU that acknowledges while the drive stays: failed, after one write', async () => {
  await rig.misbehave('473-73', { stick: 'closed' });
  const id = await selected('473-73', 'open');
  expect((await rig.execute(id)).state).toBe('failed');
  expect(await rig.operates('473-73')).toHaveLength(1);
  expect((await rig.truth()).switches['473-73']).toBe('closed');
});

test('a drive that stops half-way: unknown, and the device takes no other command', async () => {
  await rig.misbehave('474-80', { stick: 'intermediate' });
  const id = await selected('474-80', 'open');
  expect((await rig.execute(id)).state).toBe('unknown');
  expect(await rig.operates('474-80')).toHaveLength(1);
  const again = await rig.select('474-80', 'open');
  expect('status' in again && again.status).not.toBe(202);
  const { alarms } = await rig.snapshot();
  expect(alarms.some((alarm) => alarm.equipment === '474-80' && alarm.stands === true)).toBe(true);
});

test('a frozen RTU is shown as stale, and nothing is closed on its word until it is read afresh', async () => {
  const device = '475-477-87';
  await rig.misbehave(device, { freeze: true });
  await rig.until('it is stale', 30_000, ({ switches }) =>
    switches.some(({ id, quality }) => id === device && quality !== 'good'),
  );
  const refused = await rig.select(device, 'close');
  expect(refused).toMatchObject({ status: 422 });
  expect(await rig.operates(device)).toEqual([]);
  await rig.misbehave(device, { freeze: false });
  await rig.until('it is good again', 60_000, ({ switches }) =>
    switches.some(({ id, quality }) => id === device && quality === 'good'),
  );
});

test('a write of another master is an alarm, restores nothing, and its feeder leaves automatic', async () => {
  const device = '476-77';
  const automatic = await rig.ask('PUT', '/feeders/F476/mode', { mode: 'automatic' });
  expect(automatic.status).toBe(202);
  await rig.until('it is automatic', 30_000, ({ feeders }) =>
    feeders.some((each) => each.id === 'F476' && each.mode === 'automatic' && !each.outOfAutomatic),
  );
  const before = (await rig.operates()).length;
  await writeFromElsewhere(join(rig.folder, 'points.json'), device, 'open');
  await expect
    .poll(async () => (await rig.truth()).switches[device], { interval: 20 })
    .toBe('open');
  const moved = performance.now();
  const shown = await rig.until('the alarm', 60_000, ({ alarms }) =>
    alarms.some((alarm) => alarm.equipment === device && alarm.state === 'unacknowledged'),
  );
  // Two seconds, held to on the simulated clock of the core's tests; here suites share two cores.
  expect(performance.now() - moved).toBeLessThan(10_000);
  expect(shown.feeders.find(({ id }) => id === 'F476')?.outOfAutomatic?.en).toMatch(
    /without a command/,
  );
  await pause_ms(3_000);
  const later = await rig.snapshot();
  expect(later.incidents).toEqual([]);
  expect(later.summary.customersOut).toBeGreaterThan(0);
  // The one write is theirs.
  expect((await rig.operates()).length).toBe(before + 1);
  expect((await rig.truth()).switches[device]).toBe('open');
});

test('thirty RTUs that vanish at once are one alarm; back again, no command is repeated', async () => {
  const before = (await rig.operates()).length;
  const { links, switches } = await rig.snapshot();
  const devices = switches
    .map(({ id }) => id)
    .filter((id) => links.some(({ rtu }) => rtu === `RTU-${id}`))
    .slice(0, 30);
  expect(devices).toHaveLength(30);
  await Promise.all(devices.map((id) => rig.misbehave(id, { vanish: true })));
  const lost = await rig.until('the group', 60_000, ({ summary, alarms }) => {
    const behind = alarms.filter(({ state }) => state === 'suppressed');
    return summary.rtusUp === summary.rtus - 30 && behind.length === 30;
  });
  const rtus = new Set(devices.map((id) => `RTU-${id}`));
  const ringing = lost.alarms.filter(
    ({ equipment, state }) => rtus.has(equipment) && state === 'unacknowledged',
  );
  expect(ringing.map(({ text }) => text.en)).toEqual([expect.stringMatching(/^30 RTUs/)]);
  await Promise.all(devices.map((id) => rig.misbehave(id, { vanish: false })));
  const back = await rig.until('all are back', 90_000, ({ summary }) => {
    return summary.rtusUp === summary.rtus;
  });
  expect(back.alarms.filter(({ state }) => state === 'suppressed')).toEqual([]);
  const sequences = back.events.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  await pause_ms(2_000);
  expect((await rig.operates()).length).toBe(before);
});
