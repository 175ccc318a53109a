import type { WireRecord } from '@relight/contract';
import { advance, takeChanges, type Plant, type PlantChange } from '@relight/plant';
import type { WireLog } from './wire-log.ts';

/** What all RTUs share: the plant they look at, its clock, the wire log, who misbehaves. */
export interface FieldWorld {
  readonly plant: Plant;
  readonly wireLog: WireLog;
  /** Switch and pole indicator ids whose RTU refuses commands. */
  readonly refusing: Set<string>;
  /** Switch and pole indicator ids whose RTU answers nothing. */
  readonly vanished: Set<string>;
  /** Who wants to hear of every change, by the reported value of the plant. */
  readonly listeners: Map<PlantChange['of'], (change: PlantChange) => void>;
  /** The field's own clock, ms since 1970 UTC; it never steps back. */
  readonly now_ms: () => number;
}

/** Brings the plant up to now; what changed on the way is told one by one, in order. */
export function catchUp(world: FieldWorld): void {
  advance(world.plant, world.now_ms());
  for (const change of takeChanges(world.plant)) world.listeners.get(change.of)?.(change);
}

export function recordWrite(world: FieldWorld, record: Omit<WireRecord, 'at_ms'>): void {
  world.wireLog.add({ at_ms: Math.floor(world.now_ms()), ...record });
}
