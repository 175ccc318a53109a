import type { ControlOrder, ControlReport } from '@relight/contract';
import type { Clock } from '@relight/foundation';
import type { CommandStore, ControlOutcome } from './command-store.ts';
import type { Driver, DriverAnswer, DriverOrder } from './driver.ts';
import type { Point } from './point.ts';
import type { TelemetryImage } from './telemetry-image.ts';

/** An order that claims to live longer than this was not made by our control centre's clock. */
const LONGEST_LIFE_ms = 120_000;
/** A selection that is neither operated nor cancelled is given up after this, ms. */
const LONGEST_HOLD_ms = 60_000;
/** Said where another control centre may lead by now. */
const NO_LEASE = 'this control centre no longer holds its lease';
/** Orders being worked on at once; there are fewer devices a person could have in mind. */
const MOST_RESERVATIONS = 1_000;

interface Reservation {
  readonly order: ControlOrder;
  readonly driver: Driver;
  readonly driverOrder: DriverOrder;
  /** Monotonic time at which the life of the selecting order ends. */
  readonly lifeEndsAt: number;
  /** Monotonic time after which the device is free again. */
  readonly heldUntil: number;
  state: 'selecting' | 'selected' | 'operating' | 'cancelling';
  /** Taken back while being operated: the last look before the bytes says no. */
  recalled: boolean;
}

/** What one device's orders need. */
export interface ControlledPoint {
  readonly driver: Driver;
  /** Carries the command, and shows what became of it: a position, or reclosing on or off. */
  readonly point: Point;
  /** Of the same equipment, where the list has it. */
  readonly localRemote: Point | null;
}

/** Finds the point that carries a command, by equipment and what it switches. */
export type ControlDirectory = (
  equipment: string,
  what: 'position' | 'reclosing',
) => ControlledPoint | null;

/**
 * The one writer. Every order passes here, is checked against the gateway's own picture and
 * memory, and becomes at most one write: the record of the command is on disk before the first
 * byte, the last look is in the same tick as the bytes, and no outcome leads to a second try.
 */
export class ControlDesk {
  readonly #clock: Clock;
  readonly #store: CommandStore;
  readonly #image: TelemetryImage;
  readonly #directory: ControlDirectory;
  readonly #linkUp: (rtu: string) => boolean;
  readonly #report: (report: ControlReport) => void;
  readonly #mayWrite: () => boolean;
  /** By equipment: one command in flight per device. */
  readonly #reservations = new Map<string, Reservation>();

  constructor(parts: {
    readonly clock: Clock;
    readonly store: CommandStore;
    readonly image: TelemetryImage;
    readonly directory: ControlDirectory;
    readonly linkUp: (rtu: string) => boolean;
    readonly report: (report: ControlReport) => void;
    /** Whether our control centre still holds its lease; absent: there is no other one. */
    readonly mayWrite?: () => boolean;
  }) {
    this.#clock = parts.clock;
    this.#store = parts.store;
    this.#image = parts.image;
    this.#directory = parts.directory;
    this.#linkUp = parts.linkUp;
    this.#report = parts.report;
    this.#mayWrite = parts.mayWrite ?? (() => true);
  }

  /** Never rejects: whatever goes wrong becomes a report. */
  async handle(order: ControlOrder): Promise<void> {
    const now = this.#clock.monotonic();
    for (const [equipment, reservation] of this.#reservations) {
      const idle = reservation.state === 'selected';
      if (idle && now > reservation.heldUntil) this.#reservations.delete(equipment);
    }
    try {
      const answer = await this.#carryOut(order);
      if (answer !== null) this.#answer(order, answer);
    } catch (error) {
      const begun = this.#store.find(order.commandId) !== undefined;
      this.#release(order);
      this.#answer(order, {
        outcome: begun ? 'unknown' : 'refused',
        reason: `the gateway failed: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }

  #carryOut(order: ControlOrder): Promise<DriverAnswer | null> {
    switch (order.phase) {
      case 'select':
        return this.#select(order);
      case 'operate':
        return this.#operate(order);
      case 'cancel':
        return this.#cancel(order);
    }
  }

  async #select(order: ControlOrder): Promise<DriverAnswer | null> {
    const remembered = this.#remembered(order);
    if (remembered !== undefined) return remembered;
    const held = this.#reservations.get(order.equipment);
    if (held !== undefined) {
      if (!sameCommand(held.order, order)) {
        return refused(`the device is held by command ${held.order.commandId}`);
      }
      if (held.state !== 'selected') return null; // Its report is still to come.
      return { outcome: 'selected', reason: 'selected already' };
    }
    const control = this.#directory(order.equipment, target(order));
    if (control === null) return refused(`no point of ${order.equipment} takes this command`);
    if (this.#reservations.size >= MOST_RESERVATIONS) return refused('too many commands in flight');
    const now = this.#clock.monotonic();
    const lifeEndsAt = this.#lifeEnd(order);
    const objection = this.#objection(order, control, lifeEndsAt);
    if (objection !== null) return objection;
    const reservation: Reservation = {
      order,
      driver: control.driver,
      driverOrder: this.#driverOrder(order, control, lifeEndsAt),
      lifeEndsAt,
      heldUntil: now + LONGEST_HOLD_ms,
      state: 'selecting',
      recalled: false,
    };
    this.#reservations.set(order.equipment, reservation);
    await this.#store.raiseToken(order.token);
    const answer = await control.driver.select(reservation.driverOrder);
    const late =
      answer.outcome === 'selected'
        ? (withdrawn(reservation) ?? this.#objection(order, control, lifeEndsAt))
        : answer;
    if (late !== null) {
      this.#release(order);
      // Without the lease not even that is written: the selection lapses at the RTU by itself.
      if (late !== answer && this.#mayWrite()) {
        await control.driver.cancel(reservation.driverOrder);
      }
      return late;
    }
    reservation.state = 'selected';
    return answer;
  }

  async #operate(order: ControlOrder): Promise<DriverAnswer | null> {
    const held = this.#reservations.get(order.equipment);
    const mine = held !== undefined && sameCommand(held.order, order) ? held : null;
    if (mine?.state === 'operating') return null; // Its report is still to come.
    const remembered = this.#remembered(order);
    if (remembered !== undefined) return remembered;
    if (mine === null || mine.state !== 'selected') {
      return held === undefined || mine !== null
        ? refused('not selected, or the selection has lapsed')
        : refused(`the device is held by command ${held.order.commandId}`);
    }
    const control = this.#directory(order.equipment, target(order));
    if (control === null) return refused(`no point of ${order.equipment} takes this command`);
    // The life that counts is the one fixed at the selection, on the clock that does not jump,
    // unless this order names another one.
    const lifeEndsAt =
      order.expiresAt_ms === mine.order.expiresAt_ms ? mine.lifeEndsAt : this.#lifeEnd(order);
    const objection = this.#objection(order, control, lifeEndsAt);
    if (objection !== null) {
      this.#release(order);
      return objection;
    }
    mine.state = 'operating';
    const { commandId, equipment, operation } = order;
    try {
      await this.#store.raiseToken(order.token);
      await this.#store.begin({ commandId, equipment, operation });
    } catch {
      this.#release(order);
      return refused('the memory of commands cannot be written');
    }
    const driverOrder = this.#driverOrder(order, control, lifeEndsAt);
    const answer = await mine.driver.operate({
      ...driverOrder,
      objection: () =>
        mine.recalled ? refused('taken back before the write') : driverOrder.objection(),
    });
    this.#release(order);
    // The answer is true whether or not its record reaches the disk; without it, it is unknown.
    await this.#store.finish(commandId, answer.outcome).catch(() => {});
    return answer;
  }

  async #cancel(order: ControlOrder): Promise<DriverAnswer | null> {
    // What is selected at the RTU lapses there by itself; whoever leads now may hold it.
    if (!this.#mayWrite()) return refused(NO_LEASE);
    const held = this.#reservations.get(order.equipment);
    if (held === undefined || held.order.commandId !== order.commandId) {
      const remembered = this.#remembered(order);
      if (remembered !== undefined) return refused('it has been operated already');
      return { outcome: 'cancelled', reason: 'nothing was selected' };
    }
    if (held.state === 'operating') {
      // What has been written cannot be taken back; the report of the operate order says which.
      held.recalled = true;
      return refused('it is being operated: taken back if nothing has been written yet');
    }
    if (held.state === 'selecting') {
      // The selection under way gives the device free again as soon as it is answered.
      held.state = 'cancelling';
      return { outcome: 'cancelled', reason: 'taken back while it was being selected' };
    }
    if (held.state !== 'selected') return refused(`it is ${held.state}`);
    held.state = 'cancelling';
    const answer = await held.driver.cancel(held.driverOrder);
    this.#release(order);
    return answer;
  }

  /** What became of a command whose write has begun before; undefined if it is new. */
  #remembered(order: ControlOrder): DriverAnswer | undefined {
    const memory = this.#store.find(order.commandId);
    if (memory === undefined) return undefined;
    if (memory.equipment !== order.equipment || memory.operation !== order.operation) {
      return refused('the command id is already used for another command');
    }
    return {
      outcome: memory.outcome ?? 'unknown',
      reason: 'the command id is already used; nothing was written again',
    };
  }

  /** Everything that forbids this order now; null if nothing does. */
  #objection(
    order: ControlOrder,
    control: ControlledPoint,
    lifeEndsAt: number,
  ): DriverAnswer | null {
    if (!this.#mayWrite()) return refused(NO_LEASE);
    if (order.token < this.#store.newestToken) return refused('the token is old');
    const left_ms = lifeEndsAt - this.#clock.monotonic();
    if (left_ms <= 0) return { outcome: 'expired', reason: 'the life of the order is over' };
    if (left_ms > LONGEST_LIFE_ms) return refused('the order outlives any order: clocks disagree');
    if (!this.#linkUp(control.point.rtu)) return refused('the link to the RTU is down');
    const local = this.#stateOf(control.localRemote);
    if (local !== undefined && local.value === false) return refused('the device is in local');
    return this.#positionObjection(order, control);
  }

  /** When the life of an order ends, on the clock that does not jump. */
  #lifeEnd(order: ControlOrder): number {
    return this.#clock.monotonic() + (order.expiresAt_ms - this.#clock.now());
  }

  #positionObjection(order: ControlOrder, control: ControlledPoint): DriverAnswer | null {
    if (order.seenPosition === null) {
      // An emergency open goes although no position can be trusted; a close never does.
      return order.operation === 'close' ? refused('a close needs a position seen before') : null;
    }
    const own = this.#stateOf(control.point);
    if (own === undefined || own.value === null) return refused('the gateway has no reading of it');
    if (own.quality !== 'good') return refused(`the gateway's own reading is ${own.quality}`);
    if (String(own.value) !== order.seenPosition) {
      return refused(`the gateway reads ${String(own.value)}, the order saw ${order.seenPosition}`);
    }
    if (order.seenSequence !== null && order.seenSequence > own.rtu.sequence) {
      return refused('the order rests on a reading this gateway never made');
    }
    return null;
  }

  #stateOf(point: Point | null) {
    return point === null ? undefined : this.#image.stateOf(point.id);
  }

  #driverOrder(order: ControlOrder, control: ControlledPoint, lifeEndsAt: number): DriverOrder {
    const { commandId, equipment, operation, token } = order;
    const { command } = control.point;
    if (command === null) throw new Error(`${control.point.id} has no command`);
    return {
      commandId,
      equipment,
      operation,
      token,
      command,
      verify: [control.point, control.localRemote].filter((point) => point !== null),
      objection: () => this.#objection(order, control, lifeEndsAt),
    };
  }

  #release(order: ControlOrder): void {
    const held = this.#reservations.get(order.equipment);
    if (held?.order.commandId === order.commandId) this.#reservations.delete(order.equipment);
  }

  #answer(order: ControlOrder, answer: DriverAnswer): void {
    this.#report({
      commandId: order.commandId,
      phase: order.phase,
      outcome: answer.outcome satisfies ControlOutcome,
      reason: answer.reason,
      ...(answer.outcome === 'refused' ? { refusedBy: 'gateway' } : {}),
      ...(answer.byDevice === true ? { refusedBy: 'rtu' } : {}),
      at_ms: this.#clock.now(),
    });
  }
}

/** Why a reservation may not become a selection: it was taken back meanwhile. */
function withdrawn({ state }: Reservation): DriverAnswer | null {
  return state === 'cancelling' ? refused('cancelled while it was being selected') : null;
}

function target(order: ControlOrder): 'position' | 'reclosing' {
  return order.operation === 'open' || order.operation === 'close' ? 'position' : 'reclosing';
}

function sameCommand(a: ControlOrder, b: ControlOrder): boolean {
  return a.commandId === b.commandId && a.equipment === b.equipment && a.operation === b.operation;
}

function refused(reason: string): DriverAnswer {
  return { outcome: 'refused', reason };
}
