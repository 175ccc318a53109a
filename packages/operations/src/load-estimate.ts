import { loadStateFromGrid, type LoadState } from '@relight/powerflow';
import { CLOSED, energise, type Energisation, type Positions } from '@relight/topology';
import type { Engine } from './engine.ts';
import type { FeederState, OperationsState } from './state.ts';

/** Readings younger than this before a trip may already show the fault. */
const SETTLED_BEFORE_TRIP_ms = 2_000;
/** A measured feeder is believed up to this multiple of its peak load. */
const LARGEST_SCALE = 3;

/**
 * The gross load before a trip, by load index: the measured power at each feeder's head, plus
 * what generators on it feed in by the file, shared out over its loads by their file values.
 * Loads of a feeder without a reading keep the file's.
 * @param before - Positions before the trip.
 * @param trip_ms - Monotonic time of the trip; later readings do not count.
 */
export function loadsBefore(
  engine: Engine,
  state: OperationsState,
  before: Positions,
  trip_ms: number,
): LoadState {
  const energisation = energise(engine.network, before);
  return shareOut(engine, before, energisation, (feeder) => powerBefore(feeder, trip_ms), state);
}

/**
 * The load now: live feeders by their latest reading, what an open incident took by its load
 * before the trip times the cold-load factor for the time dark, all else by the file.
 */
export function presentLoads(engine: Engine, state: OperationsState, now_ms: number): LoadState {
  const loads = shareOut(
    engine,
    state.positions,
    state.energisation,
    (feeder) => feeder.samples.at(-1)?.p_kW ?? null,
    state,
  );
  const { nodeSource } = state.energisation;
  for (const incident of state.incidents) {
    if (incident.closedAt_ms !== null && incident.state !== 'restored') continue;
    const cold = coldLoadFactor(now_ms - incident.opened_ms);
    for (const load of incident.outLoads) {
      if ((nodeSource[engine.network.loadNode[load] ?? -1] ?? -1) !== -1) continue;
      loads.activePower_W[load] = (incident.loads.activePower_W[load] ?? 0) * cold;
      loads.reactivePower_var[load] = (incident.loads.reactivePower_var[load] ?? 0) * cold;
    }
  }
  return loads;
}

/** How much more a load takes after a time dark: 1.0 below 5 min, 1.5 below 60 min, 2.0 beyond. */
export function coldLoadFactor(dark_ms: number): number {
  if (dark_ms < 5 * 60_000) return 1;
  return dark_ms < 60 * 60_000 ? 1.5 : 2;
}

function powerBefore(feeder: FeederState, trip_ms: number): number | null {
  const settled = feeder.samples.filter(
    (sample) => sample.monotonic_ms <= trip_ms - SETTLED_BEFORE_TRIP_ms,
  );
  return (settled.at(-1) ?? feeder.samples[0])?.p_kW ?? null;
}

function shareOut(
  engine: Engine,
  positions: Positions,
  energisation: Energisation,
  measured_kW: (feeder: FeederState) => number | null,
  state: OperationsState,
): LoadState {
  const { grid, network } = engine;
  const loads = loadStateFromGrid(network);
  const feederOf = (node: number): number => energisation.nodeFeeder[node] ?? -1;
  const peak_W = grid.feeders.map(() => 0);
  grid.loads.forEach((load) => {
    const feeder = feederOf(load.node);
    if (feeder !== -1) peak_W[feeder] = (peak_W[feeder] ?? 0) + load.activePower;
  });
  const generation_W = grid.feeders.map(() => 0);
  grid.generators.forEach((unit) => {
    const feeder = feederOf(unit.node);
    if (feeder !== -1) generation_W[feeder] = (generation_W[feeder] ?? 0) + unit.activePower;
  });
  const scale = grid.feeders.map((feeder, index) => {
    const feederState = state.feeders[index];
    const net_kW = feederState === undefined ? null : measured_kW(feederState);
    const peak = peak_W[index] ?? 0;
    if (net_kW === null || peak <= 0 || positions[feeder.head] !== CLOSED) return 1;
    const gross_W = net_kW * 1_000 + (generation_W[index] ?? 0);
    return Math.min(Math.max(gross_W / peak, 0), LARGEST_SCALE);
  });
  grid.loads.forEach((load, index) => {
    const factor = scale[feederOf(load.node)] ?? 1;
    loads.activePower_W[index] = load.activePower * factor;
    loads.reactivePower_var[index] = load.reactivePower * factor;
  });
  return loads;
}
