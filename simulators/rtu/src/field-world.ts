import type { WireRecord } from '@relight/contract';
import { advance, type Plant } from '@relight/plant';
import type { WireLog } from './wire-log.ts';

/** What all RTUs share: the plant they look at, its clock, the wire log, who misbehaves. */
export interface FieldWorld {
  readonly plant: Plant;
  readonly wireLog: WireLog;
  /** Switch and pole indicator ids whose RTU refuses commands. */
  readonly refusing: Set<string>;
  /** Switch and pole indicator ids whose RTU answers nothing. */
  readonly vanished: Set<string>;
  /** The field's own clock, ms since 1970 UTC; it never steps back. */
  readonly now_ms: () => number;
}

/** Brings the plant up to now. */
export function catchUp(world: FieldWorld): void {
  advance(world.plant, world.now_ms());
}

export function recordWrite(world: FieldWorld, record: Omit<WireRecord, 'at_ms'>): void {
  world.wireLog.add({ at_ms: Math.floor(world.now_ms()), ...record });
}
