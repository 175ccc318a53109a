import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlBus } from '@relight/bus';
import { createMemoryBus } from '@relight/bus';
import type {
  ControlOrder,
  ControlReport,
  GatewayMessage,
  LinkHealth,
  PointUpdate,
  PointValue,
} from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import type { Clock } from '@relight/foundation';
import type { Dial, Driver, DriverDependencies } from '../driver.ts';
import { fileCommandStore } from '../file-command-store.ts';
import { createGateway } from '../gateway.ts';
import type { Gateway } from '../gateway.ts';
import { parsePointList } from '../point-list.ts';
import type { Point, PointList, Rtu } from '../point.ts';
import { realClock } from './real-clock.ts';
import { until } from './until.ts';

/**
 * A device for the suite, behind real bytes of its protocol: one load break switch `L1` (open at
 * the start, `localRemote` remote) and its current, 100 A. It moves at once when operated.
 */
export interface DeviceUnderTest {
  /** How drivers reach it; absent: over TCP. */
  readonly dial?: Dial;
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
  /** True where a select reads the position; else the device itself holds the selection. */
  readonly readsBackOnSelect: boolean;
}

/** What an operator's side sees of the gateway. */
export class ConformanceRig {
  readonly device: DeviceUnderTest;
  readonly #folder: string;
  readonly #list: PointList;
  readonly #subject: ConformanceSubject;
  readonly #clock: Clock;
  #gateway: Gateway | null = null;
  #control: ControlBus | null = null;
  readonly newest = new Map<string, PointUpdate>();
  readonly history: PointUpdate[] = [];
  link: LinkHealth | null = null;
  readonly reports: ControlReport[] = [];
  readonly polls: { requestId: string; ok: boolean }[] = [];

  private constructor(
    subject: ConformanceSubject,
    device: DeviceUnderTest,
    folder: string,
    clock: Clock,
  ) {
    this.#subject = subject;
    this.#clock = clock;
    this.device = device;
    this.#folder = folder;
    const list = parsePointList(device.pointList);
    if (!list.ok) throw new Error(JSON.stringify(list.error));
    this.#list = list.value;
  }

  static async start(subject: ConformanceSubject, clock = realClock): Promise<ConformanceRig> {
    const folder = await mkdtemp(join(tmpdir(), 'relight-driver-'));
    const rig = new ConformanceRig(subject, await subject.device(), folder, clock);
    await rig.startGateway();
    return rig;
  }

  async startGateway(): Promise<void> {
    const { gateway, control } = createMemoryBus();
    const commandStore = await fileCommandStore(join(this.#folder, 'commands.jsonl'));
    const drivers = this.#list.rtus.map((rtu) => {
      const points = this.#list.points.filter((point) => point.rtu === rtu.id);
      const chance = new RandomStream(1, `driver ${rtu.id}`);
      const { dial } = this.device;
      const dependencies = { clock: this.#clock, chance, ...(dial === undefined ? {} : { dial }) };
      return this.#subject.driver(rtu, points, dependencies);
    });
    control.subscribe((message) => this.#take(message));
    this.#control = control;
    this.#gateway = createGateway({
      pointList: this.#list,
      drivers,
      clock: this.#clock,
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
    await until('everything read', 30_000, () => {
      return ['position', 'localRemote', 'current_A'].every((one) => this.quality(one) === 'good');
    });
    await until('the link is up', 15_000, () => this.link?.state === 'up');
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
    await until(`report of ${order.commandId}`, 20_000, () => this.reports.some(mine));
    const report = this.reports.find(mine);
    if (report === undefined) throw new Error('unreachable');
    return report;
  }
}
