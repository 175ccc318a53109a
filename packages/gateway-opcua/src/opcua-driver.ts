import { BackOff, HealthCounters, OPERATION_CODES, wait } from '@relight/gateway';
import type {
  Driver,
  DriverAnswer,
  DriverDependencies,
  DriverEvent,
  DriverHealth,
  DriverOrder,
  OpcUaRtu,
  Point,
  Wait,
} from '@relight/gateway';
import { Subject } from 'rxjs';
import { OpcUaConnection } from './opcua-connection.ts';
import type { CallOutcome } from './opcua-connection.ts';

/** Servers hold a selection for 10 s; an older one is renewed before it is used. */
const SELECTION_AGE_ms = 8_000;

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
  readonly changes = new Subject<DriverEvent>();
  readonly #place: OpcUaRtu;
  readonly #points: readonly Point[];
  readonly #dependencies: OpcUaDriverDependencies;
  readonly #backOff: BackOff;
  readonly #health = new HealthCounters();
  #connection: OpcUaConnection | null = null;
  #up = false;
  #reason = '';
  #pause: Wait | null = null;
  #closing = false;
  #loop: Promise<void> | null = null;
  /** Monotonic time of each selection that stands, by command id. */
  readonly #selectedAt = new Map<string, number>();

  constructor(rtu: OpcUaRtu, points: readonly Point[], dependencies: OpcUaDriverDependencies) {
    this.rtu = rtu.id;
    this.#place = rtu;
    this.#points = points;
    this.#dependencies = dependencies;
    this.#backOff = new BackOff(dependencies.chance);
  }

  connect(): void {
    this.#loop ??= this.#run();
  }

  health(): DriverHealth {
    return this.#health.snapshot();
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#pause?.end();
    await this.#connection?.close(true);
    await this.#loop;
    this.changes.complete();
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
    return this.#up && this.#connection?.isOpen === true ? this.#connection : null;
  }

  #noConnection(): DriverAnswer {
    return { outcome: 'refused', reason: `no connection: ${this.#reason}` };
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
    if (outcome.kind === 'open') this.#health.errors += 1;
    else this.#health.answered(clock, startedAt);
    return outcome;
  }

  async #run(): Promise<void> {
    const { clock, pkiFolder, passwordOf } = this.#dependencies;
    while (!this.#closing) {
      let connection: OpcUaConnection | null = null;
      try {
        connection = await OpcUaConnection.open(this.#place, this.#points, clock, {
          pkiFolder,
          password: passwordOf?.(this.rtu),
        });
        this.#connection = connection;
        this.#health.connections += 1;
        this.#setDown(this.#closing ? 'closed' : await this.#serve(connection));
      } catch (error) {
        this.#health.errors += 1;
        this.#setDown(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed');
      }
      this.#connection = null;
      this.#selectedAt.clear();
      await connection?.close(this.#closing);
      if (!this.#closing) await this.#sleep(this.#backOff.next());
    }
  }

  /** Uses the connection until it ends; reads everything first. @returns Why it ended. */
  async #serve(connection: OpcUaConnection): Promise<string> {
    // Read first, then subscribe: what the subscription brings is never older than what was read.
    if (!(await this.#interrogate(connection, this.#points))) {
      return connection.isOpen ? 'the server could not be read' : connection.end;
    }
    await connection.subscribe({
      spontaneous: (readings) => {
        this.changes.next({ kind: 'readings', cause: 'spontaneous', readings });
      },
      alive: () => {
        this.#health.lastSuccess_ms = this.#dependencies.clock.now();
        if (this.#up) this.changes.next({ kind: 'alive' });
      },
    });
    if (!connection.isOpen) return connection.end;
    const { clock } = this.#dependencies;
    const upAt = clock.monotonic();
    this.#up = true;
    this.#reason = '';
    this.changes.next({ kind: 'link', up: true, reason: '' });
    const reason = await connection.end;
    this.#backOff.linkStood(clock.monotonic() - upAt);
    this.#health.errors += this.#closing ? 0 : 1;
    return reason;
  }

  async #interrogate(connection: OpcUaConnection, points: readonly Point[]): Promise<boolean> {
    const { clock } = this.#dependencies;
    const startedAt = clock.monotonic();
    try {
      const readings = await connection.read(points);
      this.#health.answered(clock, startedAt);
      this.changes.next({ kind: 'readings', cause: 'interrogation', readings });
      return readings.length === points.length;
    } catch {
      this.#health.errors += 1;
      return false;
    }
  }

  #setDown(reason: string): void {
    const changed = this.#up || this.#reason !== reason;
    this.#up = false;
    this.#reason = reason;
    if (changed) this.changes.next({ kind: 'link', up: false, reason });
  }

  async #sleep(ms: number): Promise<void> {
    this.#pause = wait(this.#dependencies.clock, ms);
    await this.#pause.done;
    this.#pause = null;
  }
}

function failed(reason: string): DriverAnswer {
  return { outcome: 'failed', reason };
}
