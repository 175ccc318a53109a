import { z } from 'zod';
import type {
  Bilingual,
  CarriedOver,
  ControlOrder,
  GridFile,
  JournalRecord,
  PointListFile,
  PointUpdate,
} from '@relight/contract';
import { POSITION_CODES } from '@relight/contract';
import {
  createMonitor,
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
  /** Trial closes declared on record, by the one command each permits. */
  readonly #trials = new Map<string, z.infer<typeof TrialOnRecord>>();
  /** Devices that a command on record may still be moving, by the command. */
  readonly #moving = new Map<string, string>();

  constructor(grid: GridFile, points: PointListFile, oldestReading_ms: number) {
    this.#monitor = createMonitor(grid, { oldestReading_ms });
    for (const point of points.points) {
      if (point.signal === 'position') this.#switchOfPoint.set(point.id, point.equipment);
    }
    this.#earthing = grid.groundDisconnectors ?? [];
    this.#earthingPoints = new Set(this.#switchOfPoint.values());
    this.#places = new Places(grid);
    this.#holds = new HoldLedger(this.#places);
    this.#faults = new FaultLedger(grid, points, this.#places);
  }

  /** Tags, earths and positions of earlier runs. */
  carryOver(left: CarriedOver): void {
    this.#holds.carryOver(left);
    this.#faults.carryOver(left);
    for (const { id, equipment, operation } of left.openCommands) {
      if (operation === 'close') this.#moving.set(id, equipment);
    }
  }

  /** Tags, earths, positions, faults and decisions, from what the journal was given. */
  note(records: readonly JournalRecord[], monotonic_ms: number): void {
    this.#holds.take(records);
    this.#faults.take(records, monotonic_ms);
    for (const { kind, about, body } of records) {
      if (kind === 'command' && about !== null) this.#noteCommand(about, body);
      const declared = kind === 'approval' ? TrialOnRecord.safeParse(body['trialClose']) : null;
      if (declared?.success === true) this.#trials.set(declared.data.command, declared.data);
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
  #earthed(positions: ReadonlyMap<string, ReportedPosition>): readonly string[] {
    const closed = this.#earthing.filter(({ id, closed: asBuilt }) => {
      const reading = positions.get(id);
      if (this.#earthingPoints.has(id)) {
        return reading?.position !== 'open' || reading.quality !== 'good';
      }
      const word = this.#holds.entered().get(id);
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
    return { trial: declared.sections.flatMap((id) => this.#places.nodesOf(id)) };
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
    const verdict = this.#monitor.judgeOrder({
      positions,
      faulted: this.#faults.faulted(monotonic_ms),
      earthed: this.#earthed(positions),
      tagged: this.#holds.tagged(),
      hotLine: this.#holds.hotLine(),
      entered: this.#holds.entered(),
      emergency: order.emergency === true,
      order: { equipment: order.equipment, operation: order.operation },
      allowParallel: order.parallel === true,
      ...this.#trialOf(order),
    });
    return verdict.ok ? null : verdict.reasons;
  }
}
