import { afterEach, describe, expect, test } from 'vitest';
import { ConformanceRig } from './conformance-rig.ts';
import type { ConformanceSubject } from './conformance-rig.ts';
import { until } from './until.ts';

/**
 * What is promised on a machine of its own; the rest of each limit is for a busy one, ms.
 * `drivers-in-memory.test.ts` grants none: there the clock is the test's own.
 */
const LEAVES_GOOD_ms = 3_000;
const BACK_ms = 7_500;
const SLACK_ms = 3_000;
/** Long enough for anything that must only happen some time. */
const AT_ALL_ms = 20_000;

/** Every driver passes this through a real gateway, over each network it is given. */
export function describeDriver(subject: ConformanceSubject): void {
  describe(`${subject.name} driver`, () => {
    const rigs: ConformanceRig[] = [];
    const start = async (): Promise<ConformanceRig> => {
      const rig = await ConformanceRig.start(subject);
      rigs.push(rig);
      await rig.ready();
      return rig;
    };
    afterEach(async () => {
      for (const rig of rigs.splice(0)) await rig.stop();
    });

    test('reads every point of the switch when it connects', async () => {
      const rig = await start();
      expect(rig.value('position')).toBe('open');
      expect(rig.value('localRemote')).toBe(true);
      expect(rig.value('current_A')).toBe(100);
      const sequences = rig.history.map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, i) => (sequences[0] ?? 0) + i));
    });

    test('a change arrives with its quality and, where there is one, its source time', async () => {
      const rig = await start();
      const before = Date.now();
      rig.device.set('position', 'closed');
      rig.device.set('current_A', 140);
      await until('the change', 1_500 + SLACK_ms, () => {
        return rig.value('position') === 'closed' && rig.value('current_A') === 140;
      });
      const update = rig.newest.get('L1.position');
      expect(update?.quality).toBe('good');
      expect(update?.receiveTime_ms).toBeGreaterThanOrEqual(before);
      if (subject.sourceTime) {
        expect(update?.sourceTime_ms).toBeGreaterThanOrEqual(before - 1);
        expect(update?.sourceTime_ms).toBeLessThanOrEqual(Date.now());
      }
    });

    test('a value the device calls invalid is passed on as invalid, and the last one stays', async () => {
      const rig = await start();
      rig.device.invalidate('current_A');
      await until('invalid', AT_ALL_ms, () => rig.quality('current_A') === 'invalid');
      expect(rig.value('current_A')).toBe(100);
      expect(rig.quality('position')).toBe('good');
    });

    test('an integrity poll sends every point again, then says that it is complete', async () => {
      const rig = await start();
      rig.history.length = 0;
      rig.poll('P1');
      await until('the poll', AT_ALL_ms, () => rig.polls.length === 1);
      expect(rig.polls).toMatchObject([{ requestId: 'P1', ok: true }]);
      expect(new Set(rig.history.map(({ point }) => point))).toEqual(
        new Set(['L1.position', 'L1.localRemote', 'L1.current_A']),
      );
    });

    test('values of a frozen device leave good within 3 s and come back when it answers again', async () => {
      const rig = await start();
      rig.device.freeze();
      await until('all stale', LEAVES_GOOD_ms + SLACK_ms, () => {
        return ['position', 'current_A'].every((one) => rig.quality(one) === 'notTopical');
      });
      expect(rig.value('position')).toBe('open');
      expect(rig.link?.state === 'down' || rig.link === null).toBe(true);
      rig.poll('P1');
      await until('the poll fails', AT_ALL_ms, () => rig.polls.length === 1);
      expect(rig.polls).toMatchObject([{ ok: false }]);
      rig.device.thaw();
      await until('good again', AT_ALL_ms, () => rig.quality('position') === 'good');
    });

    test('after a reset of the connection everything is read again', async () => {
      const rig = await start();
      rig.device.reset();
      rig.device.set('position', 'closed');
      await until('read again', AT_ALL_ms, () => {
        return rig.value('position') === 'closed' && rig.quality('position') === 'good';
      });
      expect(rig.history.some(({ quality }) => quality === 'notTopical')).toBe(true);
      await until('the reconnection is counted', AT_ALL_ms, () => (rig.link?.reconnects ?? 0) >= 1);
    });

    test('a device that restarts is back within one poll cycle and the back-off', async () => {
      const rig = await start();
      await rig.device.stop();
      await until(
        'stale',
        LEAVES_GOOD_ms + SLACK_ms,
        () => rig.quality('position') === 'notTopical',
      );
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      rig.device.set('position', 'closed');
      await rig.device.start();
      // The longest back-off is 5 s, connecting and the first reading take well under 2 s.
      await until('back', BACK_ms + SLACK_ms, () => {
        return rig.value('position') === 'closed' && rig.quality('position') === 'good';
      });
      rig.device.set('current_A', 77);
      await until('changes flow again', AT_ALL_ms, () => rig.value('current_A') === 77);
    });

    test('a select and an operate close the switch with one write', async () => {
      const rig = await start();
      const order = rig.order('C1');
      expect(await rig.send(order)).toMatchObject({ outcome: 'selected' });
      expect(rig.device.writes).toEqual([]);
      expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({
        outcome: 'acknowledged',
      });
      await until('closed', AT_ALL_ms, () => rig.value('position') === 'closed');
      expect(rig.device.writes).toEqual([{ operation: 'close', token: 7 }]);
    });

    test('a cancelled selection frees the device, and its operate is refused', async () => {
      const rig = await start();
      const order = rig.order('C1');
      await rig.send(order);
      expect(await rig.send(rig.order('C2'))).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('C1'),
      });
      expect(await rig.send({ ...order, phase: 'cancel' })).toMatchObject({ outcome: 'cancelled' });
      expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'refused' });
      expect(await rig.send(rig.order('C3'))).toMatchObject({ outcome: 'selected' });
      expect(rig.device.writes).toEqual([]);
    });

    test('an order the device refuses has failed, and is not tried again', async () => {
      const rig = await start();
      rig.device.refuseNextOperate();
      const order = rig.order('C1');
      await rig.send(order);
      expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'failed' });
      expect(rig.value('position')).toBe('open');
      expect(rig.device.writes.length).toBeLessThanOrEqual(1);
    });

    test('a connection lost at the write makes the outcome unknown, after exactly one write', async () => {
      const rig = await start();
      rig.device.cutAfterNextOperate();
      const order = rig.order('C1');
      await rig.send(order);
      expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'unknown' });
      await until('read again', AT_ALL_ms, () => {
        return rig.value('position') === 'closed' && rig.quality('position') === 'good';
      });
      expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({ outcome: 'unknown' });
      expect(rig.device.writes).toEqual([{ operation: 'close', token: 7 }]);
    });

    test('a write to a frozen device is unknown within its time-out, and never sent later', async () => {
      const rig = await start();
      const order = rig.order('C1');
      await rig.send(order);
      rig.device.freeze();
      const report = await rig.send({ ...order, phase: 'operate' });
      // Modbus arms first, and arming unanswered proves that nothing was operated.
      expect(['unknown', 'failed']).toContain(report.outcome);
      rig.device.thaw();
      await until('good again', AT_ALL_ms, () => rig.quality('position') === 'good');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(rig.device.writes.length).toBeLessThanOrEqual(report.outcome === 'unknown' ? 1 : 0);
    });

    test('an old token, an expired order and a used command id write nothing', async () => {
      const rig = await start();
      const order = rig.order('C1');
      await rig.send(order);
      await rig.send({ ...order, phase: 'operate' });
      await until('closed', AT_ALL_ms, () => rig.value('position') === 'closed');
      expect(await rig.send(rig.order('C2', { token: 6 }))).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('token'),
      });
      expect(await rig.send(rig.order('C3', { expiresAt_ms: Date.now() - 1 }))).toMatchObject({
        outcome: 'expired',
      });
      expect(await rig.send(rig.order('C1'))).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('already used'),
      });
      await rig.stopGateway();
      await rig.startGateway();
      await rig.ready();
      expect(await rig.send(rig.order('C4', { token: 6 }))).toMatchObject({ outcome: 'refused' });
      expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({
        outcome: 'acknowledged',
        reason: expect.stringContaining('nothing was written again'),
      });
      expect(rig.device.writes).toEqual([{ operation: 'close', token: 7 }]);
    });

    test('an order is refused where the gateway itself reads another position, or local', async () => {
      const rig = await start();
      const stale = rig.order('C1');
      rig.device.set('position', 'closed');
      // The read-back at the latest shows it, whether or not a poll has come by.
      const first = await rig.send(stale);
      expect(first.outcome === 'refused' || !subject.readsBackOnSelect).toBe(true);
      await until('closed', AT_ALL_ms, () => rig.value('position') === 'closed');
      expect(await rig.send({ ...stale, phase: 'operate' })).toMatchObject({ outcome: 'refused' });
      rig.device.set('localRemote', false);
      await until('local', AT_ALL_ms, () => rig.value('localRemote') === false);
      expect(await rig.send(rig.order('C2'))).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('local'),
      });
      expect(rig.device.writes).toEqual([]);
    });
  });
}
