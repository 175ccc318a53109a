import { z } from 'zod';
import type {
  Bilingual,
  CarriedOver,
  ControlOrder,
  CoreConfiguration,
  GridFile,
  JournalRecord,
  PointListFile,
  PointUpdate,
} from '@relight/contract';
import { POSITION_CODES } from '@relight/contract';
import {
  createMonitor,
  EnteredWords,
  FaultLedger,
  Places,
  type Monitor,
  type ReportedPosition,
} from '@relight/monitor';
import { HoldLedger } from './hold-ledger.ts';

const TrialOnRecord = z.object({
  command: z.string(),
  equipment: z.string(),
  sections: z.array(z.string()),
});

const CommandArrow = z.object({
  state: z.string(),
  equipment: z.string(),
  operation: z.string(),
});
/** States of a command in which its device may be moving, or may move yet. */
const MAY_MOVE: ReadonlySet<string> = new Set(['executing', 'acknowledged', 'unknown']);

/**
 * Feeds the independent monitor: it sees the readings as the gateway sent them, not the image
 * the core decided on, and is asked once more before every order goes out.
 */
export class SecondOpinion {
  readonly #monitor: Monitor;
  readonly #switchOfPoint = new Map<string, string>();
  readonly #reported = new Map<string, { update: PointUpdate; received_ms: number }>();
  readonly #faults: FaultLedger;
  readonly #places: Places;
  readonly #earthing: NonNullable<GridFile['groundDisconnectors']>;
  readonly #earthingPoints: ReadonlySet<string>;
  readonly #holds: HoldLedger;
  readonly #words: EnteredWords;
  /** Trial closes declared on record, by the one command each permits. */
  readonly #trials = new Map<
    string,
    z.infer<typeof TrialOnRecord> & { readonly incident: string }
  >();
  /** Devices that a command on record may still be moving, by the command. */
  readonly #moving = new Map<string, string>();

  /**
   * @param oldestReading_ms - A reading older than this is no reading.
   * @param enteredPositionLife_ms - How long a position that a person entered counts.
   */
  constructor(
    grid: GridFile,
    points: PointListFile,
    {
      oldestReading_ms,
      enteredPositionLife_ms,
    }: Pick<CoreConfiguration, 'oldestReading_ms' | 'enteredPositionLife_ms'>,
  ) {
    this.#monitor = createMonitor(grid, { oldestReading_ms });
    for (const point of points.points) {
      if (point.signal === 'position') this.#switchOfPoint.set(point.id, point.equipment);
    }
    this.#earthing = grid.groundDisconnectors ?? [];
    this.#earthingPoints = new Set(this.#switchOfPoint.values());
    this.#places = new Places(grid);
    this.#holds = new HoldLedger(this.#places);
    this.#words = new EnteredWords(grid, enteredPositionLife_ms);
    this.#faults = new FaultLedger(grid, points, this.#places, this.#words);
  }

  /** Tags, earths and positions of earlier runs; `at_ms` is wall time. */
  carryOver(left: CarriedOver, at_ms: number, monotonic_ms: number): void {
    this.#holds.carryOver(left);
    this.#words.carryOver(left, at_ms, monotonic_ms);
    this.#faults.carryOver(left);
    for (const { id, equipment, operation } of left.openCommands) {
      if (operation === 'close') this.#moving.set(id, equipment);
    }
  }

  /** Tags, earths, positions, faults and decisions, from what the journal was given. */
  note(records: readonly JournalRecord[], monotonic_ms: number): void {
    this.#holds.take(records);
    this.#words.take(records, monotonic_ms);
    this.#faults.take(records, monotonic_ms);
    for (const { kind, about, body } of records) {
      if (kind === 'command' && about !== null) this.#noteCommand(about, body);
      const declared = kind === 'approval' ? TrialOnRecord.safeParse(body['trialClose']) : null;
      if (declared?.success === true && about !== null) {
        this.#trials.set(declared.data.command, { ...declared.data, incident: about });
      }
    }
  }

  #noteCommand(id: string, body: JournalRecord['body']): void {
    const arrow = CommandArrow.safeParse(body);
    if (!arrow.success) return;
    const { state, equipment, operation } = arrow.data;
    if (operation === 'close' && MAY_MOVE.has(state)) this.#moving.set(id, equipment);
    else this.#moving.delete(id);
  }

  /** Nodes under an earthing switch that does not provably stand open, or a portable earth. */
  #earthed(
    positions: ReadonlyMap<string, ReportedPosition>,
    monotonic_ms: number,
  ): readonly string[] {
    const closed = this.#earthing.filter(({ id, closed: asBuilt }) => {
      const reading = positions.get(id);
      if (this.#earthingPoints.has(id)) {
        return reading?.position !== 'open' || reading.quality !== 'good';
      }
      const word = this.#words.on(id, monotonic_ms);
      return word === undefined ? asBuilt === true : word !== 'open';
    });
    return [...closed.map(({ node }) => node), ...this.#holds.earthed()];
  }

  /** Takes in readings as they came; `monotonic_ms` dates them. */
  read(updates: readonly PointUpdate[], monotonic_ms: number): void {
    this.#faults.read(updates, monotonic_ms);
    for (const update of updates) {
      const equipment = this.#switchOfPoint.get(update.point);
      if (equipment !== undefined)
        this.#reported.set(equipment, { update, received_ms: monotonic_ms });
    }
  }

  /** What the record permits this very command to energise; nothing where there is no record. */
  #trialOf({ commandId, equipment, operation }: ControlOrder): { trial?: readonly string[] } {
    const declared = this.#trials.get(commandId);
    if (declared === undefined || operation !== 'close' || declared.equipment !== equipment) {
      return {};
    }
    return { trial: this.#faults.triable(declared.incident, declared.sections) };
  }

  /** Sections held for faulted though nothing on record keeps them dead, sorted. */
  heldBeyondRecord(monotonic_ms: number): readonly string[] {
    return this.#faults.heldBeyondRecord(monotonic_ms);
  }

  /** Null if nothing speaks against the order; else every reason. */
  against(order: ControlOrder, monotonic_ms: number): readonly Bilingual[] | null {
    if (order.operation !== 'open' && order.operation !== 'close') return null;
    const positions = new Map<string, ReportedPosition>();
    for (const [equipment, { update, received_ms }] of this.#reported) {
      positions.set(equipment, {
        position: POSITION_CODES.find((position) => position === update.value) ?? null,
        quality: update.quality,
        age_ms: monotonic_ms - received_ms,
      });
    }
    // What is being closed may close at any moment: no reading says that it stays open.
    for (const moving of this.#moving.values()) {
      const reading = positions.get(moving);
      if (moving === order.equipment || reading === undefined) continue;
      positions.set(moving, { ...reading, quality: 'invalid' });
    }
    const keepers = this.#faults.held(monotonic_ms);
    const verdict = this.#monitor.judgeOrder({
      positions,
      faulted: keepers.flatMap(({ nodes }) => nodes),
      keepers,
      earthed: this.#earthed(positions, monotonic_ms),
      tagged: this.#holds.tagged(),
      hotLine: this.#holds.hotLine(),
      phaseUnconfirmed: this.#holds.phaseUnconfirmed(),
      normal: this.#holds.adopted(),
      entered: this.#words.all(monotonic_ms),
      emergency: order.emergency === true,
      order: { equipment: order.equipment, operation: order.operation },
      allowParallel: order.parallel === true,
      ...this.#trialOf(order),
    });
    return verdict.ok ? null : verdict.reasons;
  }
}
