import type { GatewayMessage, LinkHealth, PointUpdate, PointValue } from '@relight/contract';
import type { ControlBus } from '@relight/bus';
import { createMemoryBus } from '@relight/bus';
import type { ControlOrder, ControlReport } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Driver, DriverDependencies } from '../driver.ts';
import { fileCommandStore } from '../file-command-store.ts';
import { createGateway } from '../gateway.ts';
import type { Gateway } from '../gateway.ts';
import { parsePointList } from '../point-list.ts';
import type { Point, PointList, Rtu } from '../point.ts';
import { realClock } from './real-clock.ts';

/**
 * A device for the suite, behind a real socket: one load break switch `L1` (open at the start,
 * `localRemote` remote) and its current, 100 A. It moves at once when operated.
 */
export interface DeviceUnderTest {
  /** Point list with RTU `R1` and the points `L1.position`, `L1.localRemote`, `L1.current_A`. */
  readonly pointList: unknown;
  /** Changes what the device measures or where its switch stands. */
  set(signal: 'position' | 'localRemote' | 'current_A', value: PointValue): void;
  /** The device reports this value as invalid from now on. */
  invalidate(signal: 'current_A'): void;
  /** Operating writes that arrived, in order: what, and with which token. */
  readonly writes: readonly { readonly operation: string; readonly token: number }[];
  /** Stops answering; connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Cuts every connection with a reset; new ones are accepted. */
  reset(): void;
  /** Takes the next operating write, acts on it, and cuts the connection instead of answering. */
  cutAfterNextOperate(): void;
  /** Refuses the next operating write. */
  refuseNextOperate(): void;
  /** Ends, as a process does; `start` listens on the same port again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface ConformanceSubject {
  readonly name: string;
  device(): Promise<DeviceUnderTest>;
  driver(rtu: Rtu, points: readonly Point[], dependencies: DriverDependencies): Driver;
  /** True where the protocol carries the device's own time. */
  readonly sourceTime: boolean;
}

/** What an operator's side sees of the gateway. */
class Rig {
  readonly device: DeviceUnderTest;
  readonly #folder: string;
  readonly #list: PointList;
  readonly #subject: ConformanceSubject;
  #gateway: Gateway | null = null;
  #control: ControlBus | null = null;
  readonly newest = new Map<string, PointUpdate>();
  readonly history: PointUpdate[] = [];
  link: LinkHealth | null = null;
  readonly reports: ControlReport[] = [];
  readonly polls: { requestId: string; ok: boolean }[] = [];

  private constructor(subject: ConformanceSubject, device: DeviceUnderTest, folder: string) {
    this.#subject = subject;
    this.device = device;
    this.#folder = folder;
    const list = parsePointList(device.pointList);
    if (!list.ok) throw new Error(JSON.stringify(list.error));
    this.#list = list.value;
  }

  static async start(subject: ConformanceSubject): Promise<Rig> {
    const folder = await mkdtemp(join(tmpdir(), 'relight-driver-'));
    const rig = new Rig(subject, await subject.device(), folder);
    await rig.startGateway();
    return rig;
  }

  async startGateway(): Promise<void> {
    const { gateway, control } = createMemoryBus();
    const commandStore = await fileCommandStore(join(this.#folder, 'commands.jsonl'));
    const drivers = this.#list.rtus.map((rtu) => {
      const points = this.#list.points.filter((point) => point.rtu === rtu.id);
      const chance = new RandomStream(1, `driver ${rtu.id}`);
      return this.#subject.driver(rtu, points, { clock: realClock, chance });
    });
    control.subscribe((message) => this.#take(message));
    this.#control = control;
    this.#gateway = createGateway({
      pointList: this.#list,
      drivers,
      clock: realClock,
      bus: gateway,
      commandStore,
    });
    this.#gateway.start();
  }

  async stopGateway(): Promise<void> {
    await this.#gateway?.stop();
    this.#gateway = null;
  }

  async stop(): Promise<void> {
    await this.stopGateway();
    await this.device.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #take(message: GatewayMessage): void {
    switch (message.type) {
      case 'telemetry':
        for (const update of message.updates) {
          this.newest.set(update.point, update);
          this.history.push(update);
        }
        break;
      case 'links':
        this.link = message.links[0] ?? null;
        break;
      case 'controlReport':
        this.reports.push(message.report);
        break;
      case 'integrityDone':
        this.polls.push(message);
        break;
      case 'ready':
      case 'stopped':
        break;
    }
  }

  value(signal: string): PointValue | null | undefined {
    return this.newest.get(`L1.${signal}`)?.value;
  }

  quality(signal: string): string | undefined {
    return this.newest.get(`L1.${signal}`)?.quality;
  }

  poll(requestId: string): void {
    this.#control?.publish({ type: 'integrityPoll', requestId, rtus: ['R1'] });
  }

  async ready(): Promise<void> {
    await until('everything read', 15_000, () => {
      return ['position', 'localRemote', 'current_A'].every((one) => this.quality(one) === 'good');
    });
    await until('the link is up', 2_000, () => this.link?.state === 'up');
  }

  /** An order as the control centre would make it from what it has seen. */
  order(commandId: string, changes: Partial<ControlOrder> = {}): ControlOrder {
    const seen = this.newest.get('L1.position');
    return {
      commandId,
      phase: 'select',
      equipment: 'L1',
      operation: seen?.value === 'open' ? 'close' : 'open',
      token: 7,
      expiresAt_ms: Date.now() + 10_000,
      seenSequence: seen?.sequence ?? null,
      seenPosition: typeof seen?.value === 'string' ? seen.value : null,
      ...changes,
    };
  }

  async send(order: ControlOrder): Promise<ControlReport> {
    const before = this.reports.length;
    this.#control?.publish({ type: 'control', order });
    const mine = (report: ControlReport, index: number): boolean =>
      index >= before && report.commandId === order.commandId && report.phase === order.phase;
    await until(`report of ${order.commandId}`, 10_000, () => this.reports.some(mine));
    const report = this.reports.find(mine);
    if (report === undefined) throw new Error('unreachable');
    return report;
  }
}

async function until(what: string, limit_ms: number, condition: () => boolean): Promise<number> {
  const start = performance.now();
  while (!condition()) {
    const waited = performance.now() - start;
    if (waited > limit_ms) throw new Error(`${what}: not within ${limit_ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - start;
}

/** Every driver passes this, over real sockets and through a real gateway. */
export function describeDriver(subject: ConformanceSubject): void {
  describe(`${subject.name} driver`, () => {
    const rigs: Rig[] = [];
    const start = async (): Promise<Rig> => {
      const rig = await Rig.start(subject);
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
      const took = await until('the change', 2_000, () => {
        return rig.value('position') === 'closed' && rig.value('current_A') === 140;
      });
      expect(took).toBeLessThan(1_500);
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
      await until('invalid', 2_000, () => rig.quality('current_A') === 'invalid');
      expect(rig.value('current_A')).toBe(100);
      expect(rig.quality('position')).toBe('good');
    });

    test('an integrity poll sends every point again, then says that it is complete', async () => {
      const rig = await start();
      rig.history.length = 0;
      rig.poll('P1');
      await until('the poll', 3_000, () => rig.polls.length === 1);
      expect(rig.polls).toMatchObject([{ requestId: 'P1', ok: true }]);
      expect(new Set(rig.history.map(({ point }) => point))).toEqual(
        new Set(['L1.position', 'L1.localRemote', 'L1.current_A']),
      );
    });

    test('values of a frozen device leave good within 3 s and come back when it answers again', async () => {
      const rig = await start();
      rig.device.freeze();
      const took = await until('stale', 4_000, () => rig.quality('position') === 'notTopical');
      expect(took).toBeLessThan(3_000);
      expect(rig.value('position')).toBe('open');
      await until('all stale', 500, () => rig.quality('current_A') === 'notTopical');
      expect(rig.link?.state === 'down' || rig.link === null).toBe(true);
      rig.poll('P1');
      await until('the poll fails', 3_000, () => rig.polls.length === 1);
      expect(rig.polls).toMatchObject([{ ok: false }]);
      rig.device.thaw();
      await until('good again', 10_000, () => rig.quality('position') === 'good');
    });

    test('after a reset of the connection everything is read again', async () => {
      const rig = await start();
      rig.device.reset();
      rig.device.set('position', 'closed');
      await until('read again', 8_000, () => {
        return rig.value('position') === 'closed' && rig.quality('position') === 'good';
      });
      expect(rig.history.some(({ quality }) => quality === 'notTopical')).toBe(true);
      await until('the reconnection is counted', 3_000, () => (rig.link?.reconnects ?? 0) >= 1);
    });

    test('a device that restarts is back within one poll cycle and the back-off', async () => {
      const rig = await start();
      await rig.device.stop();
      await until('stale', 3_000, () => rig.quality('position') === 'notTopical');
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      rig.device.set('position', 'closed');
      await rig.device.start();
      // The longest back-off is 5 s, connecting and the first reading take well under 2 s.
      await until('back', 7_500, () => {
        return rig.value('position') === 'closed' && rig.quality('position') === 'good';
      });
      rig.device.set('current_A', 77);
      await until('changes flow again', 2_000, () => rig.value('current_A') === 77);
    });

    test('a select and an operate close the switch with one write', async () => {
      const rig = await start();
      const order = rig.order('C1');
      expect(await rig.send(order)).toMatchObject({ outcome: 'selected' });
      expect(rig.device.writes).toEqual([]);
      expect(await rig.send({ ...order, phase: 'operate' })).toMatchObject({
        outcome: 'acknowledged',
      });
      await until('closed', 2_000, () => rig.value('position') === 'closed');
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
      await until('read again', 8_000, () => {
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
      await until('good again', 10_000, () => rig.quality('position') === 'good');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(rig.device.writes.length).toBeLessThanOrEqual(report.outcome === 'unknown' ? 1 : 0);
    });

    test('an old token, an expired order and a used command id write nothing', async () => {
      const rig = await start();
      const order = rig.order('C1');
      await rig.send(order);
      await rig.send({ ...order, phase: 'operate' });
      await until('closed', 2_000, () => rig.value('position') === 'closed');
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
      expect(first.outcome === 'refused' || subject.name === 'OPC UA').toBe(true);
      await until('closed', 2_000, () => rig.value('position') === 'closed');
      expect(await rig.send({ ...stale, phase: 'operate' })).toMatchObject({ outcome: 'refused' });
      rig.device.set('localRemote', false);
      await until('local', 2_000, () => rig.value('localRemote') === false);
      expect(await rig.send(rig.order('C2'))).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('local'),
      });
      expect(rig.device.writes).toEqual([]);
    });
  });
}
