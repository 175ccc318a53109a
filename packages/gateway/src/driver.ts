import type { Socket } from 'node:net';
import type { CommandAddress, PointValue, Quality, SwitchOperation } from '@relight/contract';
import type { Clock, RandomStream } from '@relight/foundation';
import type { Observable } from 'rxjs';
import type { Point } from './point.ts';

/**
 * Why readings came, after the cause of transmission of IEC 60870-5-101, 7.2.3: asked for as a
 * whole (20, interrogated), read in turn (1, periodic), or sent by the device itself (3,
 * spontaneous).
 */
export type ReadingCause = 'interrogation' | 'periodic' | 'spontaneous';

/** What a device says of one point now. */
export interface PointReading {
  readonly point: string;
  /** null: the device had no value to give; the last one stays, under the new quality. */
  readonly value: PointValue | null;
  readonly quality: Quality;
  /** The device's own time, ms since 1970 UTC; null where the protocol carries none. */
  readonly sourceTime_ms: number | null;
}

export type DriverEvent =
  | {
      readonly kind: 'readings';
      readonly cause: ReadingCause;
      readonly readings: readonly PointReading[];
    }
  /** The device lives and would have reported a change: every point it reports is confirmed. */
  | { readonly kind: 'alive' }
  /** After `up: false` nothing this RTU said before is good any more. */
  | { readonly kind: 'link'; readonly up: boolean; readonly reason: string };

/** Figures of one link since the driver was made. */
export interface DriverHealth {
  /** Of the newest answered request. */
  readonly roundTrip_ms: number | null;
  /** Wall time of the newest answer. */
  readonly lastSuccess_ms: number | null;
  /** Requests that ended without a usable answer. */
  readonly errors: number;
  /** Times the connection was made anew after the first. */
  readonly reconnects: number;
  /** Answers nobody waited for. */
  readonly strays: number;
  /** Reads that began more than one period late. */
  readonly latePolls: number;
  /** Values, events and answers that made no sense. */
  readonly malformed: number;
  /** Events that the RTU overwrote before they could be read. */
  readonly lostEvents: number;
  /** The device's clock minus ours, ms; null where the protocol shows none. */
  readonly skew_ms: number | null;
  /** The newest of what was malformed or refused: point, address and why; null if there was none. */
  readonly problem: string | null;
}

/** One order as a driver carries it out; the gateway has checked all that it can check. */
export interface DriverOrder {
  readonly commandId: string;
  readonly equipment: string;
  readonly operation: SwitchOperation;
  /** Fencing token; also the number the RTU ties its selection to. */
  readonly token: number;
  readonly command: CommandAddress;
  /** Points to be read back before the write: position, local/remote. */
  readonly verify: readonly Point[];
  /**
   * The last look before the bytes: asked in the same tick in which the write leaves, after the
   * read-back has been delivered through `changes`.
   * @returns Why nothing may be written, or null.
   */
  readonly objection: () => DriverAnswer | null;
}

/**
 * - `selected`, `cancelled`: done.
 * - `acknowledged`: the device took the order; that it moved is for the position to show.
 * - `refused`, `expired`: nothing was written.
 * - `failed`: the device refused, or the order provably did not reach the point of acting.
 * - `unknown`: the write may or may not have arrived. Nobody repeats it.
 */
export interface DriverAnswer {
  readonly outcome:
    | 'selected'
    | 'acknowledged'
    | 'cancelled'
    | 'refused'
    | 'expired'
    | 'failed'
    | 'unknown';
  readonly reason: string;
  /** True where the device itself said no. */
  readonly byDevice?: boolean;
}

/**
 * The connection to one RTU. A driver connects, reads, reports and writes; what is good, stale,
 * allowed or already done is decided once, in the gateway, for all protocols.
 *
 * The shape suits IEC 60870-5-104, which is to come: `readAll` is a general interrogation
 * (C_IC_NA_1), `changes` are its monitor ASDUs with their cause of transmission, `select` and
 * `operate` are C_DC_NA_1 with S/E set and clear, `cancel` its deactivation; `acknowledged` stands
 * for a positive activation confirmation, and termination shows as the new position does. TESTFR
 * gives `alive`, T1 running out gives `link` down, and k/w windows stay inside the driver.
 *
 * Rules every driver keeps (`testing/driver-conformance.ts`):
 * - after `connect` it keeps itself connected until `close`, with a jittered back-off;
 * - after every new connection it reads everything again before it reports the link as up;
 * - it reports the link as down as soon as an answer is overdue, at the latest after 2.5 s;
 * - every promise it hands out settles within its time-outs, whatever the peer does;
 * - one `operate` is at most one write, and no write is ever repeated or held back for later.
 */
export interface Driver {
  readonly rtu: string;
  /** Hot, shared, without replay; it ends at `close`. */
  readonly changes: Observable<DriverEvent>;
  /** Begins to connect and returns at once. */
  connect(): void;
  /** Reads every point now. False if any could not be read, or the link is down. */
  readAll(): Promise<boolean>;
  select(order: DriverOrder): Promise<DriverAnswer>;
  operate(order: DriverOrder): Promise<DriverAnswer>;
  cancel(order: DriverOrder): Promise<DriverAnswer>;
  health(): DriverHealth;
  /** Ends the connection; afterwards nothing of it is left. */
  close(): Promise<void>;
}

/** What every driver is given from outside. */
export interface DriverDependencies {
  readonly clock: Clock;
  /** Chance for the jitter of polls and back-off. */
  readonly chance: RandomStream;
  /** Absent: over TCP. */
  readonly dial?: Dial;
}

/**
 * Begins to connect to a device and returns at once; the socket's events `connect` and `error`
 * tell what became of it. The one place where a driver meets the network.
 */
export type Dial = (place: { readonly host: string; readonly port: number }) => Socket;

/** Figures of a driver, counted up in place. */
export class HealthCounters {
  roundTrip_ms: number | null = null;
  lastSuccess_ms: number | null = null;
  errors = 0;
  connections = 0;
  strays = 0;
  latePolls = 0;
  malformed = 0;
  skew_ms: number | null = null;
  problem: string | null = null;

  /** An answer came that cannot be right. */
  misread(problem: string): void {
    this.malformed += 1;
    this.problem = problem;
  }

  answered(clock: Clock, startedAt: number): void {
    this.roundTrip_ms = clock.monotonic() - startedAt;
    this.lastSuccess_ms = clock.now();
  }

  snapshot(): DriverHealth {
    return {
      roundTrip_ms: this.roundTrip_ms,
      lastSuccess_ms: this.lastSuccess_ms,
      errors: this.errors,
      reconnects: Math.max(0, this.connections - 1),
      strays: this.strays,
      latePolls: this.latePolls,
      malformed: this.malformed,
      lostEvents: 0,
      skew_ms: this.skew_ms,
      problem: this.problem,
    };
  }
}

/** The number of each operation on the wire, in both protocols. */
export const OPERATION_CODES: Readonly<Record<SwitchOperation, number>> = {
  open: 1,
  close: 2,
  disableReclosing: 3,
  enableReclosing: 4,
};
