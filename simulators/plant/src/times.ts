import type { SwitchKind } from '@relight/contract';

/**
 * How long things take in the field, in ms. All of it is divided by the speed of the
 * simulation; polling and network are not the plant's and keep their real time.
 */
export interface PlantTimes {
  /** Fault current → relay operates: least and most. */
  readonly relay_ms: readonly [number, number];
  /** Relay operates → main contacts are open. */
  readonly trip_ms: number;
  /** Open → first, second … automatic reclose; its length is the number of shots. */
  readonly deadTimes_ms: readonly number[];
  /** Closed and quiet for so long after a reclose: the sequence starts afresh. */
  readonly reclaim_ms: number;
  /** A trip so soon after a close by command is a close onto a fault: no reclosing. */
  readonly switchOntoFault_ms: number;
  /** The arc of a transient fault is out after so long without voltage. */
  readonly arc_ms: number;
  /** Load current over the pickup for so long trips. */
  readonly overload_ms: number;
  /** Voltage back for so long resets a fault indicator. */
  readonly indicatorReset_ms: number;
  /** A drive without spring: least and most; each drive has its own time between them. */
  readonly motor_ms: readonly [number, number];
  /** A breaker's or recloser's own operating time by command. */
  readonly breaker_ms: number;
  /** How often loads follow the day and indicators look at the voltage. */
  readonly loadStep_ms: number;
  /** A switch that cannot break the current tries again after so long. */
  readonly arcing_ms: number;
}

/** Dead times of the first and second shot. */
const DEAD_TIMES_MS = [500, 10_000] as const;

/**
 * Indicators are read by polling, which the speed does not hurry: one that falls back sooner
 * could be missed.
 */
const SHORTEST_INDICATION_MS = 3_000;

/** @param shots - Automatic recloses before lockout, 0 to 2. */
export function plantTimes(speed: number, shots: number): PlantTimes {
  return {
    relay_ms: [1 / speed, 50 / speed],
    trip_ms: 60 / speed,
    deadTimes_ms: DEAD_TIMES_MS.slice(0, shots).map((deadTime) => deadTime / speed),
    reclaim_ms: 10_000 / speed,
    switchOntoFault_ms: 1_000 / speed,
    arc_ms: 300 / speed,
    overload_ms: 3_000 / speed,
    indicatorReset_ms: Math.max(10_000 / speed, SHORTEST_INDICATION_MS),
    motor_ms: [3_000 / speed, 6_000 / speed],
    breaker_ms: 80 / speed,
    loadStep_ms: 1_000,
    arcing_ms: 20 / speed,
  };
}

/** Breaks and makes load current. */
export function breaksLoad(kind: SwitchKind): boolean {
  return kind === 'breaker' || kind === 'recloser' || kind === 'loadBreakSwitch';
}

/** Breaks fault current. */
export function breaksFault(kind: SwitchKind): boolean {
  return kind === 'breaker' || kind === 'recloser' || kind === 'fuse';
}
