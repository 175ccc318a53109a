import {
  FORBIDDING_ALARMS,
  type CarriedOver,
  type ControlOrder,
  type ControlReport,
  type CoreConfiguration,
  type PointListFile,
  type PointUpdate,
  type PointValue,
  type Quality,
  type Signal,
} from '@relight/contract';
import type { Grid } from '@relight/grid';
import { CLOSED, energise, OPEN, type Positions } from '@relight/topology';
import { ScriptedShell } from './scripted-shell.ts';

/** How one device departs from what it should do. */
export interface Misbehaviour {
  /** Acknowledges and does not move. */
  stuck?: boolean;
  /** Answers the operate order with this instead. */
  operateAnswer?: ControlReport['outcome'];
  /** Answers nothing to an operate order. */
  mute?: boolean;
  /** Its indicators stay silent. */
  missingIndicator?: boolean;
}

/** How the field stands when the control centre starts. */
export interface Earlier {
  /** Monotonic time of the start; absent: the same as that of every first one. */
  readonly now_ms?: number;
  readonly positions: Positions;
  /** Absent: a new journal. */
  readonly carriedOver?: CarriedOver;
  /** The journal is a backup made then; absent: it is not. */
  readonly restoredFrom_ms?: number;
  /** Devices whose relays say that they have tripped and locked out. */
  readonly tripped?: readonly string[];
  /** RTUs that are first read when they are found. */
  readonly unread?: readonly string[];
}

const REFRESH_ms = 5_000;
const REFRESHED: ReadonlySet<Signal> = new Set(['position', 'localRemote', ...FORBIDDING_ALARMS]);

/**
 * A field of devices and the gateway before it, in plain code on the clock of the shell: carries
 * out orders, answers polls, trips on faults, and feeds everything it causes to the fold.
 */
export class ScriptedField extends ScriptedShell {
  readonly misbehaviour: Record<string, Misbehaviour> = {};
  /** What is really so. */
  readonly positions: Positions;
  /** A faulted part was live at some time after its breaker had locked out. */
  faultEnergisedAfterLockout = false;
  readonly #grid: Grid;
  readonly #pointList: PointListFile;
  readonly #values = new Map<string, { value: PointValue; at_ms: number; quality: Quality }>();
  readonly #faults = new Set<string>();
  readonly #lockedOut = new Set<string>();
  readonly #down = new Set<string>();
  #updateSequence = 0;
  #transient = false;
  #begun = false;
  #refreshes = true;
  readonly #tripping = new Set<string>();
  readonly #refusals = new Map<string, NonNullable<ControlReport['refusedBy']>>();
  readonly #delays = new Map<string, number>();
  readonly #silenced = new Set<string>();
  #held: PointUpdate[] | null = null;

  /** @param earlier - How the field stands when the control centre starts; null: as normal. */
  constructor(
    parts: { readonly grid: Grid; readonly pointList: PointListFile },
    configuration: Partial<CoreConfiguration> = {},
    earlier: Earlier | null = null,
  ) {
    super(parts, configuration, earlier?.now_ms);
    this.#grid = parts.grid;
    this.#pointList = parts.pointList;
    this.positions = (earlier?.positions ?? this.engine.normalPositions).slice();
    for (const point of parts.pointList.points)
      this.#set(point.equipment, point.signal, this.#initial(point.equipment, point.signal));
    this.#begun = true;
    for (const id of earlier?.tripped ?? []) {
      for (const signal of ['protectionTrip', 'lockout']) this.#set(id, signal, true);
    }
    for (const rtu of earlier?.unread ?? []) this.#down.add(rtu);
    this.start(earlier?.carriedOver, earlier?.restoredFrom_ms);
    this.#links(
      parts.pointList.rtus.flatMap((rtu) => (this.#down.has(rtu.id) ? [] : [rtu.id])),
      'up',
    );
    this.#report(parts.pointList.points.map((point) => point.id));
    this.in(REFRESH_ms, () => this.#refresh());
  }

  /** A permanent fault on a line; `transient` burns out with the first opening. */
  placeFault(line: string, transient = false): void {
    this.#faults.add(line);
    this.#transient = transient;
    this.#protect();
  }

  /** The line is repaired: it can be energised again. */
  mend(line: string): void {
    this.#faults.delete(line);
    this.#lockedOut.delete(line);
  }

  /** The RTU answers nothing any more. */
  loseRtu(rtu: string): void {
    this.#down.add(rtu);
    this.#links([rtu], 'down');
  }

  /** The RTU answers again, and is read at once. */
  findRtu(rtu: string): void {
    this.#down.delete(rtu);
    this.#links([rtu], 'up');
    this.#report(this.#pointsOf(rtu));
  }

  #pointsOf(rtu: string): readonly string[] {
    return this.#pointList.points.flatMap((point) => (point.rtu === rtu ? [point.id] : []));
  }

  /** A switch moves without any command; no relay says why. */
  moveByHand(id: string, to: 'open' | 'closed'): void {
    this.#move(id, to === 'open' ? OPEN : CLOSED);
  }

  /** A relay trips its breaker by a function that has nothing to do with short circuits. */
  tripBy(id: string, code: string): void {
    this.#set(id, 'protectionTrip', true);
    this.#set(id, 'tripFunction', code);
    this.#set(id, 'lockout', true);
    this.#move(id, OPEN);
  }

  /** What the field reports from now on waits, in its order, … */
  holdBack(): void {
    this.#held = [];
  }

  /** … and arrives in one breath, as out of a ring of events. */
  letThrough(): void {
    const updates = this.#held ?? [];
    this.#held = null;
    this.feed({ kind: 'telemetry', updates });
  }

  /** The next operate order of the device is refused, and by whom. */
  refuseNext(id: string, by: NonNullable<ControlReport['refusedBy']>): void {
    this.#refusals.set(id, by);
  }

  /** What the equipment's indicator shows is known to its RTU only so much later. */
  delayIndicator(id: string, ms: number): void {
    this.#delays.set(id, ms);
  }

  /** Positions are no longer sent anew while they do not change. */
  stopRefreshing(): void {
    this.#refreshes = false;
  }

  /** The RTU stays connected and answers no poll. */
  freeze(rtu: string): void {
    this.#down.add(rtu);
  }

  /** The point reports nothing. */
  withoutSignal(point: string): void {
    this.#silenced.add(point);
  }

  isLive(node: string): boolean {
    const index = this.engine.network.index.node.get(node) ?? -1;
    return (energise(this.engine.network, this.positions).nodeSource[index] ?? -1) !== -1;
  }

  #initial(equipment: string, signal: string): PointValue {
    const index = this.engine.network.index.switch.get(equipment) ?? -1;
    if (signal === 'position') return this.positions[index] === CLOSED ? 'closed' : 'open';
    if (signal === 'tripFunction') return 'none';
    if (signal === 'current_A') return 100;
    if (signal === 'activePower_kW') return 3_000;
    if (signal === 'faultReactance_ohm') return 0;
    return signal === 'localRemote' || signal === 'reclosing';
  }

  #set(equipment: string, signal: string, value: PointValue, since_ms?: number): void {
    const id = `${equipment}.${signal}`;
    const known = this.#values.get(id);
    // What no RTU reports cannot change.
    if (known === undefined && this.#begun) return;
    const at_ms = since_ms ?? this.wall_ms;
    this.#values.set(id, { value, at_ms, quality: known?.quality ?? 'good' });
  }

  setValue(equipment: string, signal: string, value: PointValue): void {
    this.#set(equipment, signal, value);
    this.#report([`${equipment}.${signal}`]);
  }

  #report(ids: readonly string[]): void {
    const updates = ids.flatMap((id) => {
      const known = this.#values.get(id);
      const rtu = this.#pointList.points.find((point) => point.id === id)?.rtu;
      if (
        known === undefined ||
        rtu === undefined ||
        this.#down.has(rtu) ||
        this.#silenced.has(id)
      ) {
        return [];
      }
      this.#updateSequence += 1;
      return [
        {
          point: id,
          value: known.value,
          quality: known.quality,
          sourceTime_ms: known.at_ms,
          receiveTime_ms: this.wall_ms,
          sequence: this.#updateSequence,
        },
      ];
    });
    if (this.#held !== null) this.#held.push(...updates);
    else if (updates.length > 0) this.feed({ kind: 'telemetry', updates });
  }

  #reportAll(equipment: string): void {
    this.#report(
      this.#pointList.points.flatMap((point) => (point.equipment === equipment ? [point.id] : [])),
    );
  }

  #refresh(): void {
    if (!this.#refreshes) return;
    this.#report(
      this.#pointList.points.flatMap((point) => (REFRESHED.has(point.signal) ? [point.id] : [])),
    );
    this.in(REFRESH_ms, () => this.#refresh());
  }

  protected override answerPoll(requestId: string, rtu: string): void {
    const ok = !this.#down.has(rtu);
    if (ok) {
      this.#report(
        this.#pointList.points.flatMap((point) => (point.rtu === rtu ? [point.id] : [])),
      );
    }
    this.feed({ kind: 'integrityDone', requestId, rtu, ok });
  }

  #links(rtus: readonly string[], state: 'up' | 'down'): void {
    this.feed({
      kind: 'links',
      links: rtus.map((rtu) => ({
        rtu,
        state,
        since_ms: this.wall_ms,
        roundTrip_ms: 20,
        lastSuccess_ms: null,
        errors: 0,
        reconnects: 0,
      })),
    });
  }

  protected override carryOut(order: ControlOrder): void {
    const odd = this.misbehaviour[order.equipment] ?? {};
    const answer = (outcome: ControlReport['outcome'], more: Partial<ControlReport> = {}): void =>
      this.feed({
        kind: 'controlReport',
        report: {
          commandId: order.commandId,
          phase: order.phase,
          outcome,
          at_ms: this.wall_ms,
          ...more,
        },
      });
    if (order.phase === 'cancel') return answer('cancelled');
    if (this.wall_ms > order.expiresAt_ms) return answer('expired');
    if (order.phase === 'select') return answer('selected');
    const refusedBy = this.#refusals.get(order.equipment);
    if (refusedBy !== undefined) {
      this.#refusals.delete(order.equipment);
      return answer('refused', { refusedBy, reason: 'as scripted' });
    }
    if (odd.mute) return;
    if (odd.operateAnswer !== undefined)
      return answer(odd.operateAnswer, { reason: 'as scripted' });
    answer('acknowledged');
    if (odd.stuck) return;
    if (order.operation === 'open' || order.operation === 'close') {
      const breaker = order.equipment.startsWith('T.');
      this.in(breaker ? 80 : 4_000, () =>
        this.#move(order.equipment, order.operation === 'open' ? OPEN : CLOSED),
      );
    } else {
      this.#set(order.equipment, 'reclosing', order.operation === 'enableReclosing');
      this.in(50, () => this.#reportAll(order.equipment));
    }
  }

  #move(id: string, to: number): void {
    const index = this.engine.network.index.switch.get(id) ?? -1;
    this.positions[index] = to;
    this.#set(id, 'position', to === CLOSED ? 'closed' : 'open');
    if (to === CLOSED) {
      this.#set(id, 'protectionTrip', false);
      this.#set(id, 'tripFunction', 'none');
      this.#set(id, 'lockout', false);
    }
    this.#reportAll(id);
    this.#protect();
  }

  /** Trips what feeds a fault: relay, indicators on the way, opening, one reclose, lockout. */
  #protect(): void {
    const { network } = this.engine;
    const energisation = energise(network, this.positions);
    for (const line of this.#faults) {
      const branch = network.index.line.get(line) ?? -1;
      const node = [network.branchFrom[branch] ?? -1, network.branchTo[branch] ?? -1].find(
        (end) => (energisation.nodeSource[end] ?? -1) !== -1,
      );
      if (node === undefined) continue;
      if (this.#lockedOut.has(line)) this.faultEnergisedAfterLockout = true;
      this.#trip(line, energisation.parentBranch, node);
    }
  }

  #trip(line: string, parentBranch: Int32Array, from: number): void {
    const { network } = this.engine;
    const passed: string[] = [];
    let reactance = 0.35;
    let node = from;
    for (let branch = parentBranch[node] ?? -1; branch !== -1; branch = parentBranch[node] ?? -1) {
      const other =
        network.branchFrom[branch] === node ? network.branchTo[branch] : network.branchFrom[branch];
      const at = branch - network.firstSwitchBranch;
      if (at >= 0) passed.push(this.#grid.switches[at]?.id ?? '');
      else if (this.#grid.lines[branch]?.id !== line)
        reactance += this.#grid.lines[branch]?.reactance ?? 0;
      node = other ?? -1;
    }
    const breaker = passed.at(-1) ?? '';
    if (this.#tripping.has(breaker)) return;
    this.#tripping.add(breaker);
    for (const id of passed) {
      if (this.misbehaviour[id]?.missingIndicator) continue;
      for (const equipment of [id, `FI.${id}`]) {
        const at_ms = this.wall_ms;
        this.in(this.#delays.get(equipment) ?? 0, () => {
          this.#set(equipment, 'faultIndicator', true, at_ms);
        });
        this.in((this.#delays.get(equipment) ?? 0) + 700, () => this.#reportAll(equipment));
      }
    }
    const recloses = this.#values.get(`${breaker}.reclosing`)?.value === true;
    const first = this.#values.get(`${breaker}.reclosingInProgress`)?.value !== true;
    this.#set(breaker, 'protectionTrip', true);
    this.#set(breaker, 'tripFunction', '51');
    this.#set(breaker, 'faultReactance_ohm', reactance);
    const again = recloses && first && !this.#lockedOut.has(line);
    this.#set(breaker, 'reclosingInProgress', again);
    if (!again) this.#set(breaker, 'lockout', true);
    if (this.#transient) this.#faults.delete(line);
    this.in(60, () => {
      this.#tripping.delete(breaker);
      if (!again) this.#lockedOut.add(line);
      this.#move(breaker, OPEN);
    });
    if (again) {
      this.in(1_060, () => this.#move(breaker, CLOSED));
      this.in(9_000, () => {
        if (this.#lockedOut.has(line)) return;
        this.#set(breaker, 'reclosingInProgress', false);
        this.#reportAll(breaker);
      });
    }
  }
}
