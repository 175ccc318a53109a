import { afterAll, beforeAll, expect, test } from 'vitest';
import { pause_ms, SurvivalRig } from '../../kit/survival-rig.ts';

// A drive that reaches its end, reports it and falls back: judged by the wire log and the plant.

let rig: SurvivalRig;
beforeAll(async () => {
  rig = await SurvivalRig.start({ speed: 10 });
});
afterAll(() => rig.stop());

// Fallen back before the end of its way was read, the command has failed; read in time, it is
// verified first; it has failed either way.
test.each([
  { device: '474-80', fallBackAfter_ms: 30, ends: ['failed', 'verified'] },
  { device: '472-63', fallBackAfter_ms: 4_000, ends: ['verified'] },
])(
  '$device opens and falls back after $fallBackAfter_ms ms: an alarm, one write, no second try',
  async ({ device, fallBackAfter_ms, ends }) => {
    await rig.misbehave(device, { fallBackAfter_ms });
    const answer = await rig.select(device, 'open');
    expect(answer).toMatchObject({ state: 'selected' });
    expect(ends).toContain((await rig.execute('id' in answer ? answer.id : '')).state);
    const shown = await rig.until('the alarm', 60_000, ({ alarms }) =>
      alarms.some(
        ({ equipment, text, state }) =>
          equipment === device &&
          state === 'unacknowledged' &&
          /closed without a command|did not move/.test(text.en),
      ),
    );
    expect(shown.switches.find(({ id }) => id === device)?.position).toBe('closed');
    await pause_ms(2_000);
    expect(await rig.operates(device)).toHaveLength(1);
    expect((await rig.truth()).switches[device]).toBe('closed');
    const { commands } = await rig.snapshot();
    const own = commands.find(({ id }) => 'id' in answer && id === answer.id);
    expect(own?.state).toBe('failed');
  },
);

test('a border switch of a plan falls back: the plan stops, and the next step is never sent', async () => {
  const before = await rig.snapshot();
  for (const { id, mode } of before.feeders) {
    if (mode !== 'automatic') await rig.ask('PUT', `/feeders/${id}/mode`, { mode: 'automatic' });
  }
  const sections = before.sections.filter(
    ({ normalFeeder, lines }) => normalFeeder === 'F473' && lines.length > 0,
  );
  const drives = before.switches.map(({ id }) => id).filter((id) => id.startsWith('473-'));
  for (const id of drives) await rig.misbehave(id, { fallBackAfter_ms: 30 });
  const written = (await rig.operates()).length;
  const equipment = sections.at(1)?.lines[0] ?? '';
  await rig.simulation.placeFault({ equipment, kind: 'permanent' });
  const stopped = await rig.until('it asks a person', 60_000, ({ incidents }) =>
    incidents.some(({ state }) => state === 'approval'),
  );
  expect(stopped.incidents.map(({ automatic }) => automatic)).toEqual([false]);
  const [first, ...others] = (await rig.operates()).slice(written);
  expect(drives).toContain(first?.switch);
  expect(others).toEqual([]);
  expect(
    stopped.alarms.some(({ equipment: at, priority }) => at === first?.switch && priority <= 2),
  ).toBe(true);
  await pause_ms(5_000);
  expect(await rig.operates()).toHaveLength(written + 1);
  const { switches, faultedEnergisedAfterTrip } = await rig.truth();
  expect(switches[first?.switch ?? '']).toBe('closed');
  expect(faultedEnergisedAfterTrip).toBe(false);
});
