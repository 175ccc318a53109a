import { DeviceClock, LinkKeeper, OPERATION_CODES, ticks } from '@relight/gateway';
import type {
  Driver,
  DriverAnswer,
  DriverDependencies,
  DriverEvent,
  DriverHealth,
  DriverOrder,
  OpcUaRtu,
  Point,
  PointReading,
  ReadingCause,
} from '@relight/gateway';
import type { Observable } from 'rxjs';
import { OpcUaConnection } from './opcua-connection.ts';
import type { CallOutcome } from './opcua-connection.ts';

/** Servers hold a selection for 10 s; an older one is renewed before it is used. */
const SELECTION_AGE_ms = 8_000;
/** The server's clock is sampled each second; past two and a half it stands. */
const FROZEN_CLOCK_ms = 2_500;
/** How often it is looked whether it stands, ms. */
const CLOCK_WATCH_ms = 250;

export interface OpcUaDriverDependencies extends DriverDependencies {
  /** Folder of this gateway's key pair and of the certificates it trusts. */
  readonly pkiFolder: string;
  /** Password of the user this RTU is logged in to as; asked for at each connection. */
  readonly passwordOf?: (rtu: string) => string | undefined;
}

/** A driver for one OPC UA server; nothing is loaded and no socket opened before `connect`. */
export function createOpcUaDriver(
  rtu: OpcUaRtu,
  points: readonly Point[],
  dependencies: OpcUaDriverDependencies,
): Driver {
  return new OpcUaDriver(rtu, points, dependencies);
}

class OpcUaDriver implements Driver {
  readonly rtu: string;
  readonly #place: OpcUaRtu;
  readonly #points: readonly Point[];
  readonly #dependencies: OpcUaDriverDependencies;
  readonly #link: LinkKeeper;
  readonly #serverClock: DeviceClock;
  #connection: OpcUaConnection | null = null;
  /** Its clock stands: nothing it says is good until it moves again. */
  #frozen = false;
  /** Monotonic time of each selection that stands, by command id. */
  readonly #selectedAt = new Map<string, number>();

  constructor(rtu: OpcUaRtu, points: readonly Point[], dependencies: OpcUaDriverDependencies) {
    this.rtu = rtu.id;
    this.#place = rtu;
    this.#points = points;
    this.#dependencies = dependencies;
    this.#link = new LinkKeeper(dependencies, { attempt: () => this.#attempt() });
    this.#serverClock = new DeviceClock(dependencies.clock, this.#link.health, FROZEN_CLOCK_ms);
  }

  get changes(): Observable<DriverEvent> {
    return this.#link.changes;
  }

  connect(): void {
    this.#link.open();
  }

  health(): DriverHealth {
    return this.#link.health.snapshot();
  }

  close(): Promise<void> {
    return this.#link.close(() => this.#connection?.close(true));
  }

  async readAll(): Promise<boolean> {
    const connection = this.#usable();
    return connection === null ? false : this.#interrogate(connection, this.#points);
  }

  async select(order: DriverOrder): Promise<DriverAnswer> {
    const connection = this.#usable();
    if (connection === null) return this.#noConnection();
    const outcome = await this.#call(connection, order, 'select');
    if (outcome.kind !== 'done') return failed(`selecting: ${outcome.reason}`);
    this.#selectedAt.set(order.commandId, this.#dependencies.clock.monotonic());
    return { outcome: 'selected', reason: 'the server holds the selection' };
  }

  async operate(order: DriverOrder): Promise<DriverAnswer> {
    const connection = this.#usable();
    if (connection === null) return this.#noConnection();
    const { clock } = this.#dependencies;
    const selectedAt = this.#selectedAt.get(order.commandId);
    this.#selectedAt.delete(order.commandId);
    if (selectedAt === undefined) return failed('the selection was lost with its connection');
    if (clock.monotonic() - selectedAt > SELECTION_AGE_ms) {
      const renewed = await this.#call(connection, order, 'select');
      if (renewed.kind !== 'done') return failed(`selecting again: ${renewed.reason}`);
    }
    if (!(await this.#interrogate(connection, order.verify))) {
      return failed('the position could not be read back');
    }
    if (!connection.isOpen) return failed('the connection was lost before the write');
    const objection = order.objection();
    if (objection !== null) return objection;
    const outcome = await this.#call(connection, order, 'operate');
    if (outcome.kind === 'done') {
      return { outcome: 'acknowledged', reason: 'the server took the order' };
    }
    return outcome.kind === 'refused'
      ? { ...failed(outcome.reason), byDevice: true }
      : { outcome: 'unknown', reason: outcome.reason };
  }

  /** A selection that cannot be given up now lapses at the server by itself. */
  async cancel(order: DriverOrder): Promise<DriverAnswer> {
    const connection = this.#usable();
    const selected = this.#selectedAt.delete(order.commandId);
    if (connection === null || !selected) {
      return { outcome: 'cancelled', reason: 'no selection stands at the server' };
    }
    const outcome = await this.#call(connection, order, 'cancel');
    return outcome.kind === 'done'
      ? { outcome: 'cancelled', reason: 'the server gave the selection up' }
      : { outcome: 'cancelled', reason: `it lapses at the server: ${outcome.reason}` };
  }

  #usable(): OpcUaConnection | null {
    return this.#link.isUp && this.#connection?.isOpen === true ? this.#connection : null;
  }

  #noConnection(): DriverAnswer {
    return { outcome: 'refused', reason: `no connection: ${this.#link.reason}` };
  }

  async #call(
    connection: OpcUaConnection,
    order: DriverOrder,
    method: 'select' | 'operate' | 'cancel',
  ): Promise<CallOutcome> {
    const { command, token, operation } = order;
    if ('arm' in command) return { kind: 'refused', reason: 'no OPC UA command' };
    if (token > 0xffff_ffff) return { kind: 'refused', reason: 'the token exceeds 32 bits' };
    const { clock } = this.#dependencies;
    const startedAt = clock.monotonic();
    const numbers = method === 'cancel' ? [token] : [token, OPERATION_CODES[operation]];
    const outcome = await connection.call(command.object, command[method], numbers);
    if (outcome.kind === 'open') this.#link.health.errors += 1;
    else this.#link.health.answered(clock, startedAt);
    return outcome;
  }

  async #attempt(): Promise<string> {
    const { clock, pkiFolder, passwordOf, dial } = this.#dependencies;
    const { health } = this.#link;
    const access = { pkiFolder, password: passwordOf?.(this.rtu), dial };
    const connection = await OpcUaConnection.open(this.#place, this.#points, clock, access);
    this.#connection = connection;
    connection.misread = (problem) => health.misread(problem);
    health.connections += 1;
    try {
      return this.#link.isClosing ? 'closed' : await this.#serve(connection);
    } finally {
      this.#connection = null;
      this.#selectedAt.clear();
      await connection.close(this.#link.isClosing);
    }
  }

  /** Uses the connection until it ends; reads everything first. @returns Why it ended. */
  async #serve(connection: OpcUaConnection): Promise<string> {
    const link = this.#link;
    // Read first, then subscribe: what the subscription brings is never older than what was read.
    if (!(await this.#interrogate(connection, this.#points))) {
      return connection.isOpen ? 'the server could not be read' : connection.end;
    }
    let hasClock = true;
    this.#frozen = false;
    this.#serverClock.begin();
    await connection.subscribe({
      spontaneous: (readings) => {
        this.#report('spontaneous', readings);
      },
      alive: () => {
        link.health.lastSuccess_ms = this.#dependencies.clock.now();
        if (link.isUp && !this.#frozen) link.changes.next({ kind: 'alive' });
      },
      clock: (time_ms) => {
        hasClock = time_ms !== null;
        if (this.#serverClock.told(time_ms) && this.#frozen) void this.#thaw(connection);
      },
    });
    if (!connection.isOpen) return connection.end;
    link.setUp();
    const watch = ticks(this.#dependencies.clock, CLOCK_WATCH_ms).subscribe(() => {
      if (hasClock && !this.#frozen && this.#serverClock.stands) this.#freeze();
    });
    const ended = await connection.end;
    watch.unsubscribe();
    link.health.errors += link.isClosing ? 0 : 1;
    const reason = link.isClosing ? 'closed' : ended;
    // At once: tidying up after a peer that is gone takes its time.
    link.setDown(reason);
    return reason;
  }

  /** The server answers, but its clock stands: its values are those of a moment that has passed. */
  #freeze(): void {
    this.#frozen = true;
    this.#link.health.problem = "the server's clock stands still";
    const unread = { value: null, quality: 'notTopical', sourceTime_ms: null } as const;
    this.#report(
      'spontaneous',
      this.#points.map(({ id }) => ({ point: id, ...unread })),
    );
  }

  /** Signs of life alone make nothing good again: everything is read anew. */
  async #thaw(connection: OpcUaConnection): Promise<void> {
    this.#frozen = false;
    if (!(await this.#interrogate(connection, this.#points))) this.#frozen = true;
  }

  #report(cause: ReadingCause, readings: readonly PointReading[]): void {
    const told = this.#frozen ? readings.map(asFrozen) : readings;
    this.#link.changes.next({ kind: 'readings', cause, readings: told });
  }

  async #interrogate(connection: OpcUaConnection, points: readonly Point[]): Promise<boolean> {
    const { clock } = this.#dependencies;
    const startedAt = clock.monotonic();
    try {
      const readings = await connection.read(points);
      this.#link.health.answered(clock, startedAt);
      this.#report('interrogation', readings);
      return readings.length === points.length;
    } catch {
      this.#link.health.errors += 1;
      return false;
    }
  }
}

function asFrozen(reading: PointReading): PointReading {
  return reading.quality === 'good' ? { ...reading, quality: 'notTopical' } : reading;
}

function failed(reason: string): DriverAnswer {
  return { outcome: 'failed', reason };
}
