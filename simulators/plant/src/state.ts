import type {
  Misbehaviour,
  PlacedFault,
  PlantTruth,
  PointValue,
  TripFunction,
} from '@relight/contract';
import type { RandomStream } from '@relight/foundation';
import type { LoadFlow, LoadState } from '@relight/powerflow';
import type { Energisation, Network, Positions } from '@relight/topology';
import type { PlantTimes } from './times.ts';
import type { Timeline } from './timeline.ts';

/** A reported value with the time of its last change, ms. */
export interface Reported<Value> {
  value: Value;
  changedAt_ms: number;
}

/** One change of a reported value, or a repetition that is dated anew. */
export interface PlantChange {
  readonly of: Reported<PointValue>;
  readonly value: PointValue;
  readonly at_ms: number;
}

/** Changes that wait to be taken; the older half is dropped where nobody takes them. */
const MOST_CHANGES = 20_000;

export type IndicatorMode = NonNullable<Misbehaviour['indicator']>;

/** A fault indicator at a switch or on a pole. */
export interface Indicator {
  readonly shows: Reported<boolean>;
  mode: IndicatorMode;
  /** Since when its place has had voltage without a break; null while dead. */
  liveSince_ms: number | null;
}

/** Where a reclosing device stands: see `protection.ts`. */
export type SequencePhase =
  | 'idle'
  | 'tripping'
  | 'deadTime'
  | 'reclosing'
  | 'reclaim'
  | 'lockedOut';

/** One switch with its drive, relay and indicator. Its electrical position is in `Plant.positions`. */
export interface SwitchDevice {
  readonly id: string;
  readonly index: number;
  /** It can reclose by itself: a recloser or the breaker at a feeder's head. */
  readonly recloses: boolean;
  /** Its own time to open or close by command, ms. */
  readonly drive_ms: number;
  readonly position: Reported<'open' | 'closed' | 'intermediate'>;
  readonly reclosing: Reported<boolean>;
  readonly reclosingInProgress: Reported<boolean>;
  readonly protectionTrip: Reported<boolean>;
  readonly tripFunction: Reported<TripFunction>;
  readonly lockout: Reported<boolean>;
  readonly faultReactance_ohm: Reported<number>;
  readonly voltagePresent: Reported<boolean>;
  readonly indicator: Indicator;
  /** Commands do not move it. */
  stuck: boolean;
  /** Where its drive sticks when it is commanded; see `Misbehaviour.stick`. */
  sticks: 'free' | 'closed' | 'open' | 'intermediate';
  /** Its latch does not hold after a command; see `Misbehaviour.fallBackAfter_ms`. */
  fallBackAfter_ms: number;
  /** It is itself the place of a fault: it neither trips nor moves. */
  failed: boolean;
  moving: 'open' | 'close' | null;
  phase: SequencePhase;
  shotsDone: number;
  /** The present trip ends in lockout whatever shots are left. */
  finalTrip: boolean;
  /** A relay operation for fault current is already booked. */
  relayBooked: boolean;
  overloadSince_ms: number | null;
  closedByCommandAt_ms: number | null;
  /** Counts up whenever booked events of the drive or the sequence are void. */
  generation: number;
}

export interface Fault {
  readonly id: string;
  readonly equipment: string;
  readonly kind: PlacedFault['kind'];
  readonly at_ms: number;
  readonly place: FaultPlace;
  /** Sections that hold it, ascending. */
  readonly sections: readonly number[];
  readonly earth: boolean;
  /** An earth fault that trips nothing: see `PlaceFault.standing`. */
  readonly standing: boolean;
  /** Devices that have tripped for it. */
  readonly trippedBy: Set<number>;
  cleared: boolean;
  /** Protection has cut it off for good (lockout, or the source is lost). */
  lockedOut: boolean;
  /** Fault current has flown into it at least once. */
  fed: boolean;
  /** Since when its place has had no voltage; null while fault current flows. */
  deadSince_ms: number | null;
}

export type FaultPlace =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'transformer'; readonly transformer: number }
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'switch'; readonly switch: number };

export type PlantEvent =
  | { readonly kind: 'relay'; readonly switch: number }
  | { readonly kind: 'sourceLost'; readonly source: number }
  | { readonly kind: 'contact'; readonly switch: number; readonly generation: number }
  | { readonly kind: 'fallBack'; readonly switch: number; readonly generation: number }
  | { readonly kind: 'reclose'; readonly switch: number; readonly generation: number }
  | { readonly kind: 'reclaimed'; readonly switch: number; readonly generation: number }
  | { readonly kind: 'arcOut'; readonly fault: string; readonly deadSince_ms: number }
  | { readonly kind: 'overload'; readonly switch: number; readonly since_ms: number }
  | { readonly kind: 'loadStep' };

export type ProtectionEvent = PlantTruth['protection'][number];

/**
 * The physical grid: what is really so. One owner, changed in place by `advance` and the
 * functions that act on it; nobody keeps parts of it across a call.
 */
export interface Plant {
  readonly network: Network;
  readonly times: PlantTimes;
  readonly start_ms: number;
  readonly startHour: number;
  readonly chance: {
    readonly relay: RandomStream;
    readonly reactance: RandomStream;
    readonly fault: RandomStream;
  };
  readonly timeline: Timeline<PlantEvent>;
  readonly devices: readonly SwitchDevice[];
  /** By index of `grid.faultIndicators`. */
  readonly poleIndicators: readonly Indicator[];
  readonly poleIndicatorIndex: ReadonlyMap<string, number>;
  readonly faults: Fault[];
  readonly protectionLog: ProtectionEvent[];
  /** What was reported since `takeChanges` was last called, in order. */
  readonly changes: PlantChange[];
  /** Sources that protection cut off: they supply nothing. */
  readonly lostSources: Set<number>;
  /** What was live at the start, by node: the rest is dark by design and stands in no figure. */
  readonly liveAtStart: Uint8Array;
  /** Sources whose loss is already booked. */
  readonly sourcesTripping: Set<number>;
  now_ms: number;
  /** Electrical state: a switch on its way still conducts while opening, not yet while closing. */
  positions: Positions;
  energisation: Energisation;
  loads: LoadState;
  /** Loads when the present outage began; null while nothing is out. */
  loadsAtOutage: LoadState | null;
  loadFlow: LoadFlow;
  loadFlowAt_ms: number;
  /** 1 for each node that lost its supply since the grid was last whole, live again or not. */
  readonly wentDark: Uint8Array;
  mostLoops: number;
  faultedEnergisedAfterTrip: boolean;
  faultsPlaced: number;
}

/** Enters a value; the time of change moves only when the value does. */
export function report<Value extends PointValue>(
  plant: Plant,
  into: Reported<Value>,
  value: Value,
): void {
  if (into.value !== value) reportAnew(plant, into, value);
}

/** Enters a value and dates it now, also where it is the same. */
export function reportAnew<Value extends PointValue>(
  plant: Plant,
  into: Reported<Value>,
  value: Value,
): void {
  into.value = value;
  into.changedAt_ms = plant.now_ms;
  const { changes } = plant;
  if (changes.length >= MOST_CHANGES) changes.splice(0, MOST_CHANGES / 2);
  changes.push({ of: into, value, at_ms: plant.now_ms });
}

/** Every change since the last call, in order: what an RTU's sequence of events is made of. */
export function takeChanges(plant: Plant): readonly PlantChange[] {
  return plant.changes.splice(0);
}

/** Adds a line to the plant's sequence of events. */
export function logProtection(plant: Plant, equipment: string, event: string): void {
  plant.protectionLog.push({ at_ms: plant.now_ms, equipment, event });
}
