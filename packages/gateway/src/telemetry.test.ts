import { expect, test } from 'vitest';
import { GatewayRig, WALL_START_ms } from './testing/gateway-rig.ts';

test('a value not confirmed within its age leaves good before 3 s are over, and stays', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  await rig.pass(2_400);
  expect(rig.newest('471-58.position')?.quality).toBe('good');
  await rig.pass(500);
  expect(rig.newest('471-58.position')).toMatchObject({ value: 'closed', quality: 'notTopical' });
  rig.device.says('471-58.position', 'closed');
  await rig.pass(50);
  expect(rig.newest('471-58.position')).toMatchObject({ value: 'closed', quality: 'good' });
});

test('signs of life keep the values of a subscription good without a reading', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  for (let i = 0; i < 10; i++) {
    rig.device.alive();
    await rig.pass(1_000);
  }
  expect(rig.newest('471-58.current_A')).toMatchObject({ value: 100, quality: 'good' });
});

test('a current that never moves is questionable past its limit of 10 minutes, until it moves', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  const read = async (ampere: number): Promise<void> => {
    rig.device.says('471-58.current_A', ampere);
    rig.device.alive();
    await rig.pass(1_000);
  };
  for (let second = 0; second < 598; second++) await read(100);
  expect(rig.newest('471-58.current_A')).toMatchObject({ value: 100, quality: 'good' });
  for (let second = 0; second < 4; second++) await read(100);
  expect(rig.newest('471-58.current_A')).toMatchObject({ value: 100, quality: 'questionable' });
  // The position has no such limit: a switch may stand for years.
  expect(rig.newest('471-58.position')?.quality).toBe('good');
  await read(100.5);
  expect(rig.newest('471-58.current_A')).toMatchObject({ value: 100.5, quality: 'good' });
});

test('when a link goes down, every value of its RTU is stale at once, and none of another', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  rig.other.link(true);
  rig.other.says('471-74.position', 'open');
  rig.device.link(false);
  await rig.pass(50);
  for (const signal of ['position', 'localRemote', 'current_A', 'faultIndicator']) {
    expect(rig.newest(`471-58.${signal}`)?.quality).toBe('notTopical');
  }
  expect(rig.newest('471-74.position')?.quality).toBe('good');
});

test('an RTU that never answered shows its points as stale, without a value', async () => {
  const rig = new GatewayRig();
  await rig.pass(3_000);
  expect(rig.newest('471-74.position')).toMatchObject({ value: null, quality: 'notTopical' });
});

test('a current is reported when it has moved by more than its deadband of 5 A, drift included', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  for (const ampere of [102, 104, 105]) {
    rig.device.says('471-58.current_A', ampere);
    await rig.pass(50);
  }
  expect(rig.newest('471-58.current_A')?.value).toBe(100);
  rig.device.says('471-58.current_A', 106);
  await rig.pass(50);
  expect(rig.newest('471-58.current_A')?.value).toBe(106);
});

test('every step of a switch is reported, all of one tick in one batch', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  const batches = rig.messages.filter(({ type }) => type === 'telemetry').length;
  rig.device.says('471-58.position', 'intermediate');
  rig.device.says('471-58.position', 'open');
  rig.device.says('471-58.current_A', 0);
  await rig.pass(50);
  expect(rig.updates.slice(-3).map(({ value }) => value)).toEqual(['intermediate', 'open', 0]);
  expect(rig.messages.filter(({ type }) => type === 'telemetry')).toHaveLength(batches + 1);
});

test('an indicator that saw the fault once more is news, by its source time alone', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  rig.device.says('471-58.faultIndicator', true, { sourceTime_ms: 10 });
  rig.device.says('471-58.faultIndicator', true, { sourceTime_ms: 20 });
  rig.device.says('471-58.faultIndicator', true, { sourceTime_ms: 20 });
  await rig.pass(50);
  const times = rig.updates
    .filter(({ point }) => point === '471-58.faultIndicator')
    .map(({ sourceTime_ms }) => sourceTime_ms);
  expect(times).toEqual([1, 10, 20]);
});

test('a position that never changes is told again every 5 s while it is confirmed', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  for (let i = 0; i < 12; i++) {
    rig.device.alive();
    await rig.pass(1_000);
  }
  const told = rig.updates.filter(({ point }) => point === '471-58.position');
  expect(told).toHaveLength(3);
  // Its receive time is that of the confirmation, never of the telling.
  expect(told.at(-1)?.receiveTime_ms).toBeLessThanOrEqual(rig.clock.now() - 1_000);
  expect(rig.updates.filter(({ point }) => point === '471-58.current_A')).toHaveLength(1);
});

test('sequence numbers of an RTU count up by one and begin above those of an earlier life', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  rig.device.says('471-58.current_A', 50);
  await rig.pass(50);
  const numbers = rig.updates.map(({ sequence }) => sequence);
  expect(numbers).toEqual(numbers.map((_, i) => 2 ** 32 + 1 + i));
});

test('an integrity poll brings every value anew before it is called done', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  rig.messages.length = 0;
  rig.device.readings = [
    { point: '471-58.position', value: 'closed', quality: 'good', sourceTime_ms: 1 },
  ];
  rig.control.publish({ type: 'integrityPoll', requestId: 'P', rtus: ['R1', 'R2', 'R9'] });
  await rig.pass();
  const kinds = rig.messages.map((one) => {
    return one.type === 'integrityDone' ? `${one.rtu} ${one.ok}` : one.type;
  });
  expect(kinds.indexOf('telemetry')).toBeLessThan(kinds.indexOf('R1 true'));
  expect(kinds).toEqual(expect.arrayContaining(['telemetry', 'R1 true', 'R2 false', 'R9 false']));
});

test('while the control centre stands still, analogs merge and no event is lost', async () => {
  const rig = new GatewayRig(4);
  await rig.ready();
  rig.standStill();
  for (let i = 0; i < 200; i++) {
    rig.device.says('471-58.current_A', 100 + 10 * i);
    rig.device.says('471-58.position', i % 2 === 0 ? 'open' : 'closed');
    await rig.pass(50);
  }
  expect(rig.gateway.counters.mergedRefreshes).toBeGreaterThan(150);
  rig.messages.length = 0;
  rig.listen();
  await rig.pass(50);
  await rig.pass(50);
  const positions = rig.updates.filter(({ point }) => point === '471-58.position');
  expect(positions).toHaveLength(200);
  expect(rig.newest('471-58.current_A')?.value).toBe(100 + 10 * 199);
  expect(rig.gateway.counters).toMatchObject({ lostEvents: 0, waiting: 0 });
});

test('a jump of the wall clock by an hour makes nothing stale and nothing fresh', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  rig.clock.stepWall(3_600_000);
  await rig.pass(1_000);
  expect(rig.newest('471-58.position')?.quality).toBe('good');
  rig.clock.stepWall(-7_200_000);
  await rig.pass(2_000);
  expect(rig.newest('471-58.position')?.quality).toBe('notTopical');
});

test('stopping closes every connection and says so once', async () => {
  const rig = new GatewayRig();
  await rig.ready();
  rig.device.says('471-58.position', 'open', { sourceTime_ms: WALL_START_ms });
  rig.control.publish({ type: 'stop' });
  await rig.pass();
  await rig.gateway.stop();
  await rig.pass();
  expect(rig.device.closed && rig.other.closed).toBe(true);
  expect(rig.newest('471-58.position')?.value).toBe('open');
  expect(rig.messages.filter(({ type }) => type === 'stopped')).toHaveLength(1);
});
