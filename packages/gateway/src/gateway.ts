import type { GatewayBus } from '@relight/bus';
import type { GatewayFigures, GatewayRequest, LinkHealth } from '@relight/contract';
import { assert } from '@relight/foundation';
import type { Clock } from '@relight/foundation';
import { map, merge } from 'rxjs';
import type { Subscription } from 'rxjs';
import type { CommandStore } from './command-store.ts';
import { ControlDesk } from './control-desk.ts';
import type { ControlledPoint } from './control-desk.ts';
import type { Driver, DriverEvent } from './driver.ts';
import { Outbox } from './outbox.ts';
import type { Point, PointList } from './point.ts';
import { TelemetryImage } from './telemetry-image.ts';
import { ticks } from './timing.ts';

/** One batch of telemetry per tick. */
const TICK_ms = 50;
/** Ages are looked at this often. */
const WATCH_ms = 250;
/** Figures of the links are sent this often, and at once when a link goes up or down. */
const LINKS_ms = 1_000;
/** Sequence numbers of one life of the gateway; the next life starts above all of them. */
const SEQUENCES_PER_EPOCH = 2 ** 32;

export interface GatewayParts {
  readonly pointList: PointList;
  /** One for each RTU of the list. */
  readonly drivers: readonly Driver[];
  readonly clock: Clock;
  readonly bus: GatewayBus;
  readonly commandStore: CommandStore;
  /** Whether the control centre this gateway works for still leads; absent: there is no other. */
  readonly mayWrite?: () => boolean;
}

export interface Gateway {
  /** Connects to every RTU, and says `ready` on the bus. */
  start(): void;
  /** Closes every connection, sends what is left, and says `stopped`. Safe to call twice. */
  stop(): Promise<void>;
  readonly counters: GatewayFigures;
}

/**
 * The gateway: drivers on one side, the bus on the other. It keeps the newest value of every
 * point, decides what is good, passes changes on in one batch per tick, and is the only writer of
 * orders. It stops itself on the request `stop`.
 */
export function createGateway(parts: GatewayParts): Gateway {
  return new RunningGateway(parts);
}

interface Link {
  readonly driver: Driver;
  state: LinkHealth['state'];
  since_ms: number;
  reason: string;
}

class RunningGateway implements Gateway {
  readonly #parts: GatewayParts;
  readonly #outbox = new Outbox();
  readonly #image: TelemetryImage;
  readonly #desk: ControlDesk;
  readonly #links = new Map<string, Link>();
  readonly #subscriptions: Subscription[] = [];
  #unsubscribeBus = (): void => {};
  #linksChanged = true;
  #stopped: Promise<void> | null = null;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    const { pointList, drivers, clock, commandStore } = parts;
    for (const driver of drivers) {
      this.#links.set(driver.rtu, {
        driver,
        state: 'connecting',
        since_ms: clock.now(),
        reason: '',
      });
    }
    this.#image = new TelemetryImage(
      pointList.rtus.map(({ id }) => id),
      pointList.points,
      clock,
      this.#outbox,
      commandStore.epoch * SEQUENCES_PER_EPOCH,
    );
    const controls = controlDirectory(pointList.points, this.#links);
    this.#desk = new ControlDesk({
      clock,
      store: commandStore,
      image: this.#image,
      directory: (equipment, what) => controls.get(`${what} ${equipment}`) ?? null,
      linkUp: (rtu) => this.#links.get(rtu)?.state === 'up',
      report: (report) => parts.bus.publish({ type: 'controlReport', report }),
      ...(parts.mayWrite === undefined ? {} : { mayWrite: parts.mayWrite }),
    });
    for (const { id } of pointList.rtus) {
      assert(this.#links.has(id), `RTU ${id} has a driver`);
    }
  }

  get counters(): GatewayFigures {
    const { waiting, mergedRefreshes, lostEvents } = this.#outbox;
    return { waiting, mergedRefreshes, lostEvents, unknownPoints: this.#image.unknownPoints };
  }

  start(): void {
    const { clock, bus, drivers } = this.#parts;
    const everything = merge(
      ...drivers.map((driver) => driver.changes.pipe(map((event) => ({ rtu: driver.rtu, event })))),
    );
    this.#subscriptions.push(
      everything.subscribe(({ rtu, event }) => this.#ingest(rtu, event)),
      ticks(clock, WATCH_ms).subscribe(() => this.#image.watch()),
      ticks(clock, TICK_ms).subscribe(() => this.#flush(false)),
      ticks(clock, LINKS_ms).subscribe(() => {
        this.#linksChanged = true;
      }),
    );
    this.#unsubscribeBus = bus.subscribe((request) => this.#take(request));
    for (const driver of drivers) driver.connect();
    bus.publish({ type: 'ready' });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#unsubscribeBus();
    await Promise.all(this.#parts.drivers.map((driver) => driver.close()));
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#flush(true);
    await this.#parts.commandStore.close();
    this.#parts.bus.publish({ type: 'stopped' });
  }

  #take(request: GatewayRequest): void {
    switch (request.type) {
      case 'control':
        void this.#desk.handle(request.order);
        break;
      case 'integrityPoll': {
        const rtus = request.rtus.length === 0 ? [...this.#links.keys()] : request.rtus;
        for (const rtu of rtus) void this.#poll(request.requestId, rtu);
        break;
      }
      case 'stop':
        void this.stop();
        break;
    }
  }

  async #poll(requestId: string, rtu: string): Promise<void> {
    const driver = this.#links.get(rtu)?.driver;
    const ok = driver === undefined ? false : await driver.readAll().catch(() => false);
    // What was read goes out before the message that says it is complete.
    this.#flush(true);
    this.#parts.bus.publish({ type: 'integrityDone', requestId, rtu, ok });
  }

  #ingest(rtu: string, event: DriverEvent): void {
    switch (event.kind) {
      case 'readings':
        this.#image.read(event.cause, event.readings);
        break;
      case 'alive':
        this.#image.alive(rtu);
        break;
      case 'link':
        this.#setLink(rtu, event.up ? 'up' : 'down', event.reason);
        if (!event.up) this.#image.lost(rtu);
        break;
    }
  }

  #setLink(rtu: string, state: Link['state'], reason: string): void {
    const link = this.#links.get(rtu);
    if (link === undefined) return;
    link.reason = reason;
    if (link.state === state) return;
    link.state = state;
    link.since_ms = this.#parts.clock.now();
    this.#linksChanged = true;
  }

  /** @param all - Also what could wait, and to a control centre that is behind. */
  #flush(all: boolean): void {
    const { bus } = this.#parts;
    // Told before the outbox is emptied: what waits now is what the figure is about.
    const figures = this.counters;
    while (this.#outbox.waiting > 0 && (all || !bus.congested)) {
      bus.publish({ type: 'telemetry', updates: this.#outbox.take() });
    }
    if (this.#linksChanged && (all || !bus.congested)) {
      this.#linksChanged = false;
      bus.publish({ type: 'links', links: [...this.#links.values()].map((link) => health(link)) });
      bus.publish({ type: 'figures', figures });
    }
  }
}

function health(link: Link): LinkHealth {
  const { problem, ...figures } = link.driver.health();
  return {
    rtu: link.driver.rtu,
    state: link.state,
    since_ms: link.since_ms,
    ...figures,
    ...(problem === null ? {} : { problem }),
    ...(link.reason === '' ? {} : { reason: link.reason }),
  };
}

function controlDirectory(
  points: readonly Point[],
  links: ReadonlyMap<string, Link>,
): ReadonlyMap<string, ControlledPoint> {
  const bySignal = new Map(points.map((point) => [`${point.signal} ${point.equipment}`, point]));
  const controls = new Map<string, ControlledPoint>();
  for (const point of points) {
    const driver = links.get(point.rtu)?.driver;
    if (point.command === null || driver === undefined) continue;
    const localRemote = bySignal.get(`localRemote ${point.equipment}`);
    controls.set(`${point.signal} ${point.equipment}`, {
      driver,
      point,
      localRemote: localRemote?.rtu === point.rtu ? localRemote : null,
    });
  }
  return controls;
}
