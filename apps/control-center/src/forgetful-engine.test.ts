import { afterEach, expect, test, vi } from 'vitest';
import { Desk } from './testing/desk.ts';

/**
 * The engine is broken on purpose: no gate shuts, and it keeps less dead than it found, or nothing.
 * What is faulted the monitor has to know by itself.
 */
type Share = 'nothing' | 'first' | 'all';
const { keeps } = vi.hoisted(() => {
  const keeps: { share: Share } = { share: 'nothing' };
  return { keeps };
});

vi.mock('../../../packages/operations/src/gates.ts', async (original) => ({
  ...(await original<Record<string, unknown>>()),
  firstShut: () => null,
}));
vi.mock('../../../packages/operations/src/interlocks/energises-fault.ts', async (original) => {
  const real =
    await original<
      typeof import('../../../packages/operations/src/interlocks/energises-fault.ts')
    >();
  return {
    ...real,
    sectionsKeptDead: (...args: Parameters<typeof real.sectionsKeptDead>) => {
      const all = real.sectionsKeptDead(...args);
      return keeps.share === 'nothing' ? [] : keeps.share === 'first' ? all.slice(0, 1) : all;
    },
  };
});

let desk: Desk;
afterEach(() => desk.stop());

/** CBA trips and locks out; the indicator at S1 says whether the fault current passed it. */
function trip(share: Share, passed: boolean | null): void {
  keeps.share = share;
  desk = new Desk(['TIE']);
  if (passed !== null) desk.report({ 'S1.faultIndicator': false });
  if (passed === true) desk.report({ 'S1.faultIndicator': true });
  desk.report({ 'CBA.position': 'open', 'CBA.protectionTrip': true, 'CBA.lockout': true });
}

/** People declare what the only incident holds clear. */
async function liftBlocks(): Promise<void> {
  const [incident] = desk.state.incidents;
  const { error } = await desk.ask({
    type: 'decide',
    incident: incident!.id,
    decision: 'liftBlocks',
    planVersion: incident!.planVersion,
    planHash: incident!.planHash,
  });
  expect(error).toBeUndefined();
}

test('an engine that forgets which section is faulted is stopped before it energises the fault', async () => {
  trip('nothing', true);
  expect(await desk.wish('TIE', 'close')).toContain('what is faulted: section S.a3');
  expect(desk.orders).toHaveLength(0);
});

test('what only the monitor holds dead is told to the next run, and no more once people lift it', async () => {
  trip('nothing', true);
  const told = () => desk.earlier.left().monitorHolds;
  await vi.waitFor(() => expect(told()).toEqual(['S.a3']), 10_000);
  const [incident] = desk.state.incidents;
  await desk.ask({
    type: 'decide',
    incident: incident!.id,
    decision: 'liftBlocks',
    planVersion: incident!.planVersion,
    planHash: incident!.planHash,
    sections: ['S.a3'],
  });
  await vi.waitFor(() => {
    desk.report({});
    expect(told()).toBeUndefined();
  }, 20_000);
});

test('what the monitor alone held is told to nobody any more once it has stood live for five seconds', async () => {
  trip('nothing', true);
  const told = () => desk.earlier.left().monitorHolds;
  await vi.waitFor(() => expect(told()).toEqual(['S.a3']), 10_000);
  desk.report({ 'CBA.protectionTrip': false, 'CBA.lockout': false, 'CBA.position': 'closed' });
  await vi.waitFor(
    () => {
      desk.report({ 'CBA.lockout': false });
      expect(told()).toBeUndefined();
    },
    { timeout: 40_000, interval: 100 },
  );
});

test('what was held so before a restart and people have lifted since does not come back with the next', async () => {
  keeps.share = 'all';
  const left = { lastIncident: 1, keptDead: [], monitorHolds: ['S.a3'], openCommands: [] };
  desk = new Desk(['CBA', 'TIE'], undefined, left);
  const stillDead = () => {
    const { keptDead, monitorHolds } = desk.earlier.left();
    return [...keptDead.flatMap(({ sections }) => sections), ...(monitorHolds ?? [])];
  };
  await vi.waitFor(() => expect(desk.state.incidents).toHaveLength(1), 10_000);
  expect(stillDead()).toContain('S.a3');
  await liftBlocks();
  await vi.waitFor(() => {
    desk.report({});
    expect(stillDead()).toEqual([]);
  }, 20_000);
});

test('nor can it go back onto the fault by the breaker that tripped', async () => {
  trip('nothing', true);
  expect(await desk.wish('CBA', 'close')).toContain('what is faulted: section S.a3');
  const [command] = desk.state.commands.values();
  expect(command?.reason).toEqual({
    vi: 'bộ giám sát độc lập: Có thể đóng điện vào vùng sự cố: phân đoạn S.a3 (bộ giám sát tự giữ từ khi CBA nhảy)',
    en: "independent monitor: Could energise what is faulted: section S.a3 (by the monitor's own account since CBA tripped)",
  });
});

test('an engine that keeps only one of two sections dead, which nothing tells apart, is stopped', async () => {
  trip('first', null);
  expect(await desk.wish('TIE', 'close')).toContain('what is faulted');
  expect(desk.orders).toHaveLength(0);
});

test('the sound section behind the fault comes back from the other side', async () => {
  trip('nothing', false);
  desk.read({ S1: 'open' });
  expect(await desk.wish('TIE', 'close')).toBeNull();
  expect(desk.orders.map((order) => order.phase)).toEqual(['select']);
});

test('once people declare the section clear the monitor lets it be energised again', async () => {
  trip('all', true);
  await vi.waitFor(
    () => expect(desk.state.incidents[0]?.location?.isolate).toHaveLength(2),
    10_000,
  );
  await liftBlocks();
  desk.report({ 'CBA.protectionTrip': false, 'CBA.lockout': false });
  expect(await desk.wish('CBA', 'close')).toBeNull();
});
