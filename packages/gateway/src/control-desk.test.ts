import { expect, test } from 'vitest';
import { GatewayRig } from './testing/gateway-rig.ts';

const readyRig = async (): Promise<GatewayRig> => {
  const rig = new GatewayRig();
  await rig.ready();
  return rig;
};

test('an order is selected, operated once, and remembered with its outcome', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  expect(await rig.send(order)).toMatchObject({ outcome: 'selected', phase: 'select' });
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'acknowledged' });
  expect(rig.device.written).toEqual(['select C1', 'operate C1 open']);
  expect(rig.store.find('C1')?.outcome).toBe('acknowledged');
});

test('the same operate fifty times at once is one write and one report', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  let release = (): void => {};
  rig.device.hold = new Promise((resolve) => {
    release = resolve;
  });
  const before = rig.reports.length;
  for (let i = 0; i < 50; i++) {
    rig.control.publish({ type: 'control', order: { ...order, phase: 'operate' } });
  }
  await rig.pass();
  release();
  await rig.pass();
  expect(rig.device.written).toEqual(['select C1', 'operate C1 open']);
  expect(rig.reports.slice(before)).toHaveLength(1);
});

test('an operate that comes again later repeats the first outcome and writes nothing', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  rig.device.answers.operate = { outcome: 'unknown', reason: 'the connection was lost' };
  await rig.send(order);
  await rig.send({ ...order, phase: 'operate' });
  rig.device.answers = {};
  expect(await rig.send(order)).toMatchObject({ outcome: 'unknown' });
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'unknown' });
  expect(rig.device.written).toEqual(['select C1', 'operate C1 open']);
});

test('a command whose write had begun when the gateway died is unknown', async () => {
  const rig = await readyRig();
  await rig.store.begin({ commandId: 'C1', equipment: '471-58', operation: 'open' });
  const order = rig.order('C1', { phase: 'operate' });
  expect(await rig.send(order)).toMatchObject({ outcome: 'unknown' });
  expect(await rig.send({ ...order, phase: 'select', operation: 'close' })).toMatchObject({
    outcome: 'refused',
  });
  expect(rig.device.written).toEqual([]);
});

test('nothing is written while the memory of commands cannot be', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  rig.store.full = true;
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'refused' });
  expect(rig.device.written).toEqual(['select C1']);
});

test('one command holds a device; the next is told which', async () => {
  const rig = await readyRig();
  await rig.send(rig.order('C1'));
  expect(await rig.send(rig.order('C2'))).toMatchObject({
    outcome: 'refused',
    refusedBy: 'gateway',
    reason: 'the device is held by command C1',
  });
  await rig.send({ ...rig.order('C1'), phase: 'cancel' });
  expect(await rig.send(rig.order('C2'))).toMatchObject({ outcome: 'selected' });
});

test('a command cancelled while it is being selected leaves the device free for the next one', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  let release = (): void => {};
  rig.device.hold = new Promise((resolve) => {
    release = resolve;
  });
  rig.control.publish({ type: 'control', order });
  await rig.pass();
  expect(await rig.send({ ...order, phase: 'cancel' })).toMatchObject({ outcome: 'cancelled' });
  release();
  await rig.pass();
  expect(rig.reports.at(-1)).toMatchObject({ phase: 'select', outcome: 'refused' });
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'refused' });
  expect(await rig.send(rig.order('C2'))).toMatchObject({ outcome: 'selected' });
  expect(rig.device.written).toEqual(['select C1', 'cancel C1', 'select C2']);
});

test('a cancel that comes while the operate waits for its device still prevents the write', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  let release = (): void => {};
  rig.device.hold = new Promise((resolve) => {
    release = resolve;
  });
  rig.control.publish({ type: 'control', order: { ...order, phase: 'operate' } });
  await rig.pass();
  await rig.send({ ...order, phase: 'cancel' });
  release();
  await rig.pass();
  expect(rig.reports.at(-1)).toMatchObject({ phase: 'operate', outcome: 'refused' });
  expect(rig.device.written).toEqual(['select C1']);
});

test('a selection nobody uses lapses, and its operate is refused', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  for (let i = 0; i < 61; i++) {
    rig.device.alive();
    await rig.pass(1_000);
  }
  const late = rig.order('C1', { phase: 'operate' });
  expect(await rig.send(late)).toMatchObject({ outcome: 'refused' });
  expect(rig.device.written).toEqual(['select C1']);
});

test('a person may look at a selected switch for 25 s and then execute', async () => {
  const rig = await readyRig();
  await rig.send(rig.order('C1'));
  for (let i = 0; i < 25; i++) {
    rig.device.alive();
    await rig.pass(1_000);
  }
  expect(await rig.send(rig.order('C1', { phase: 'operate' }))).toMatchObject({
    outcome: 'acknowledged',
  });
});

test('an operate without a selection is refused', async () => {
  const rig = await readyRig();
  expect(await rig.send(rig.order('C1', { phase: 'operate' }))).toMatchObject({
    outcome: 'refused',
  });
  expect(rig.device.written).toEqual([]);
});

test('an older token than the newest seen is refused, also for a command selected before', async () => {
  const rig = await readyRig();
  const order = rig.order('C1', { token: 3 });
  await rig.send(order);
  const other = { equipment: '471-74', seenPosition: 'open', seenSequence: null };
  rig.other.link(true);
  rig.other.says('471-74.position', 'open');
  await rig.pass(50);
  await rig.send(rig.order('C2', { ...other, operation: 'close', token: 4 }));
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({
    outcome: 'refused',
    reason: 'the token is old',
  });
  expect(rig.store.newestToken).toBe(4);
  expect(rig.device.written).toEqual(['select C1']);
});

test('an order whose life is over at the last moment writes nothing', async () => {
  const rig = await readyRig();
  const order = rig.order('C1', { expiresAt_ms: rig.clock.now() + 1_000 });
  await rig.send(order);
  let release = (): void => {};
  rig.device.hold = new Promise((resolve) => {
    release = resolve;
  });
  rig.control.publish({ type: 'control', order: { ...order, phase: 'operate' } });
  await rig.pass(1_001);
  release();
  await rig.pass();
  expect(rig.reports.at(-1)).toMatchObject({ outcome: 'expired', phase: 'operate' });
  expect(rig.device.written).toEqual(['select C1']);
});

test('a wall clock set back or forward between select and operate changes no life', async () => {
  for (const step_ms of [3_600_000, -3_600_000]) {
    const rig = await readyRig();
    const order = rig.order('C1', { expiresAt_ms: rig.clock.now() + 2_000 });
    await rig.send(order);
    rig.clock.stepWall(step_ms);
    await rig.pass(1_000);
    expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({
      outcome: 'acknowledged',
    });
    const second = { ...rig.order('C2'), expiresAt_ms: order.expiresAt_ms };
    // Made by a clock that is an hour off: over, or from a future nobody believes.
    expect((await rig.send(second))?.outcome).not.toBe('selected');
  }
});

test('a position that contradicts the order, is stale, or was never read stops it', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  rig.device.says('471-58.position', 'open');
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({
    outcome: 'refused',
    reason: 'the gateway reads open, the order saw closed',
  });
  rig.device.says('471-58.position', 'open', { quality: 'invalid' });
  const open = { seenPosition: 'open', operation: 'close' } as const;
  expect(await rig.send(rig.order('C2', open))).toMatchObject({ outcome: 'refused' });
  rig.other.link(true);
  expect(await rig.send(rig.order('C3', { ...open, equipment: '471-74' }))).toMatchObject({
    outcome: 'refused',
  });
  rig.device.says('471-58.position', 'open');
  const future = { ...open, seenSequence: 2 ** 33 };
  expect(await rig.send(rig.order('C4', future))).toMatchObject({ outcome: 'refused' });
  expect(rig.device.written).toEqual(['select C1']);
});

test('without a position seen, an open may go and a close may not', async () => {
  const rig = await readyRig();
  const blind = { seenPosition: null, seenSequence: null };
  expect(await rig.send(rig.order('C1', { ...blind, operation: 'close' }))).toMatchObject({
    outcome: 'refused',
  });
  rig.device.says('471-58.position', 'closed', { quality: 'invalid' });
  const order = rig.order('C2', blind);
  expect(await rig.send(order)).toMatchObject({ outcome: 'selected' });
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'acknowledged' });
});

test('a device in local, or behind a link that is down, takes no order', async () => {
  const rig = await readyRig();
  rig.device.says('471-58.localRemote', false);
  expect(await rig.send(rig.order('C1'))).toMatchObject({ reason: 'the device is in local' });
  rig.device.says('471-58.localRemote', true);
  rig.device.link(false);
  expect(await rig.send(rig.order('C2'))).toMatchObject({
    reason: 'the link to the RTU is down',
  });
  expect(rig.device.written).toEqual([]);
});

test('equipment without a command, or without that command, takes no order', async () => {
  const rig = await readyRig();
  expect(await rig.send(rig.order('C1', { equipment: 'L12' }))).toMatchObject({
    outcome: 'refused',
  });
  expect(await rig.send(rig.order('C2', { operation: 'disableReclosing' }))).toMatchObject({
    outcome: 'refused',
  });
});

test('a driver that breaks makes an operate unknown, never silent', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  rig.device.operate = () => Promise.reject(new Error('defect'));
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'unknown' });
});

test('without the lease nothing is written: no selection, no operation, no cancel', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  rig.leads = false;
  for (const phase of ['operate', 'cancel'] as const) {
    expect(await rig.send({ ...order, phase })).toMatchObject({
      outcome: 'refused',
      reason: 'this control centre no longer holds its lease',
    });
  }
  expect(await rig.send(rig.order('C2'))).toMatchObject({ outcome: 'refused' });
  expect(rig.device.written).toEqual(['select C1']);
});

test('a lease lost while the RTU was being selected ends the command without another byte', async () => {
  const rig = await readyRig();
  let release = (): void => {};
  rig.device.hold = new Promise((resolve) => {
    release = resolve;
  });
  await rig.send(rig.order('C1'));
  rig.leads = false;
  release();
  await rig.pass();
  expect(rig.reports.at(-1)).toMatchObject({ commandId: 'C1', outcome: 'refused' });
  expect(rig.device.written).toEqual(['select C1']);
});

test('the last look before the bytes asks for the lease: lost after the order was taken up, it stops the write', async () => {
  const rig = await readyRig();
  const order = rig.order('C1');
  await rig.send(order);
  const { begin } = rig.store;
  rig.store.begin = async (command) => {
    await begin.call(rig.store, command);
    rig.leads = false; // The process stood still while the record was written.
  };
  expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'refused' });
  expect(rig.device.written).toEqual(['select C1']);
});
