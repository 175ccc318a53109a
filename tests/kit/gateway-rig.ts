import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from '@relight/bus';
import type { ControlBus } from '@relight/bus';
import type { ControlReport, LinkHealth, PointListFile, PointUpdate } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import type { Clock, Instant } from '@relight/foundation';
import { createGateway, fileCommandStore, parsePointList } from '@relight/gateway';
import type { Driver, Gateway } from '@relight/gateway';
import { createModbusDriver } from '@relight/gateway-modbus';
import { createOpcUaDriver } from '@relight/gateway-opcua';
import { realClock } from '../../packages/gateway/src/testing/real-clock.ts';
import { until } from '../../packages/gateway/src/testing/until.ts';

interface Secrets {
  readonly pkiFolder: string;
  readonly passwordOf: () => string;
}

/** A gateway with both drivers on real sockets, and what a control centre sees of it. */
export class GatewayRig {
  readonly newest = new Map<string, PointUpdate>();
  /** Every update since the start, in order. */
  readonly history: PointUpdate[] = [];
  readonly links = new Map<string, LinkHealth>();
  readonly reports: ControlReport[] = [];
  /** RTUs whose integrity poll has ended, in order. */
  readonly polled: string[] = [];
  readonly #folder: string;
  readonly #list: PointListFile;
  readonly #secrets: Secrets;
  #gateway: Gateway | null = null;
  #control: ControlBus | null = null;
  #step_ms = 0;

  private constructor(folder: string, list: PointListFile, secrets: Secrets) {
    this.#folder = folder;
    this.#list = list;
    this.#secrets = secrets;
  }

  static async start(
    list: PointListFile,
    secrets: { readonly pkiFolder?: string; readonly passwordOf?: () => string } = {},
  ): Promise<GatewayRig> {
    const folder = await mkdtemp(join(tmpdir(), 'relight-gateway-'));
    const { pkiFolder = join(folder, 'pki'), passwordOf = () => '' } = secrets;
    const rig = new GatewayRig(folder, list, { pkiFolder, passwordOf });
    await rig.#start();
    return rig;
  }

  /** The wall clock of the gateway's machine as it stands now, ms. */
  now = (): Instant => (realClock.now() + this.#step_ms) as Instant;

  /** Sets that clock forward, or back. */
  stepWall(ms: number): void {
    this.#step_ms += ms;
  }

  /** Another life of the gateway on the same memory of commands; nothing has been read in it yet. */
  async restart(): Promise<void> {
    await this.#gateway?.stop();
    this.newest.clear();
    this.links.clear();
    await this.#start();
  }

  async #start(): Promise<void> {
    const list = parsePointList(this.#list);
    const clock: Clock = { ...realClock, now: this.now };
    if (!list.ok) throw new Error(JSON.stringify(list.error));
    const { gateway, control } = createMemoryBus();
    this.#control = control;
    control.subscribe((message) => {
      if (message.type === 'telemetry') {
        for (const update of message.updates) {
          this.newest.set(update.point, update);
          this.history.push(update);
        }
      }
      if (message.type === 'links')
        for (const link of message.links) this.links.set(link.rtu, link);
      if (message.type === 'integrityDone') this.polled.push(message.rtu);
      if (message.type === 'controlReport') this.reports.push(message.report);
    });
    const drivers = list.value.rtus.map((rtu): Driver => {
      const points = list.value.points.filter((point) => point.rtu === rtu.id);
      const dependencies = { clock, chance: new RandomStream(1, rtu.id) };
      return rtu.protocol === 'opcua'
        ? createOpcUaDriver(rtu, points, { ...dependencies, ...this.#secrets })
        : createModbusDriver(rtu, points, dependencies);
    });
    this.#gateway = createGateway({
      pointList: list.value,
      drivers,
      clock,
      bus: gateway,
      commandStore: await fileCommandStore(join(this.#folder, 'commands.jsonl')),
    });
    this.#gateway.start();
  }

  get control(): ControlBus {
    if (this.#control === null) throw new Error('the gateway runs');
    return this.#control;
  }

  /** Waits until it can command: every point is good, and every link is known to be up. */
  async ready(): Promise<void> {
    await until('every point is good and every link up', 30_000, () => {
      const up = this.#list.rtus.every(({ id }) => this.links.get(id)?.state === 'up');
      return up && this.#list.points.every(({ id }) => this.quality(id) === 'good');
    });
  }

  quality(point: string): string | undefined {
    return this.newest.get(point)?.quality;
  }

  async stop(): Promise<void> {
    await this.#gateway?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
