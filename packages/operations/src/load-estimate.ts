import type { LoadState } from '@relight/powerflow';
import { CLOSED } from '@relight/topology';
import type { Engine } from './engine.ts';
import type { OperationsState } from './state.ts';
import type { StepContext } from './step-context.ts';

/** A reading counts only when no trip has followed it for this long: it may show the fault. */
const BEFORE_TRIP_ms = 2_000;
/** After a change of what a feeder supplies, readings may still be those of before for this long. */
const AFTER_CHANGE_ms = 5_000;
/** A measured feeder is believed up to this multiple of its peak load. */
const LARGEST_SCALE = 3;

/**
 * Takes measured feeder-head power into the estimate: gross load (net plus what generators feed
 * in by the file) is shared out over the loads the feeder supplies now, by their file values.
 * Readings around a trip or a change of supply wait until they can be trusted; loads that went
 * dark keep the share they had before.
 */
export function takeHeadReadings(context: StepContext): void {
  const { engine, state, now_ms } = context;
  state.feeders.forEach((feeder, index) => {
    const { sample } = feeder;
    if (sample === null || now_ms < sample.at_ms + BEFORE_TRIP_ms) return;
    if (now_ms < feeder.changed_ms + AFTER_CHANGE_ms) return;
    feeder.sample = null;
    const head = engine.grid.feeders[index]?.head ?? -1;
    if (state.positions[head] === CLOSED) scaleFeeder(engine, state, index, sample.p_kW);
  });
}

function scaleFeeder(engine: Engine, state: OperationsState, feeder: number, net_kW: number): void {
  const { grid } = engine;
  const { nodeFeeder } = state.energisation;
  const onFeeder = (node: number): boolean => nodeFeeder[node] === feeder;
  let file_W = 0;
  for (const load of grid.loads) if (onFeeder(load.node)) file_W += load.activePower;
  let gross_W = net_kW * 1_000;
  for (const unit of grid.generators) if (onFeeder(unit.node)) gross_W += unit.activePower;
  if (file_W <= 0) return;
  const scale = Math.min(Math.max(gross_W / file_W, 0), LARGEST_SCALE);
  grid.loads.forEach((load, index) => {
    if (onFeeder(load.node)) state.loadScale[index] = scale;
  });
}

/**
 * Gross load by load index, as it is where supply is, and as it was before where it is dark. Until
 * a feeder was measured its loads have their file values.
 */
export function estimateLoads(engine: Engine, state: OperationsState): LoadState {
  const { loads } = engine.grid;
  const scale = (index: number): number => state.loadScale[index] ?? 1;
  return {
    activePower_W: Float64Array.from(loads, (load, index) => load.activePower * scale(index)),
    reactivePower_var: Float64Array.from(loads, (load, index) => load.reactivePower * scale(index)),
  };
}

/** The same, with what dark load will take when it comes back. */
export function loadsWhenBack(engine: Engine, state: OperationsState, now_ms: number): LoadState {
  const estimate = estimateLoads(engine, state);
  engine.sections.forEach((info, index) => {
    const dead_ms = state.sections[index]?.dead_ms ?? null;
    const cold = dead_ms === null ? 1 : coldLoadFactor(now_ms - dead_ms);
    if (cold === 1) return;
    for (const load of info.loads) {
      estimate.activePower_W[load] = (estimate.activePower_W[load] ?? 0) * cold;
      estimate.reactivePower_var[load] = (estimate.reactivePower_var[load] ?? 0) * cold;
    }
  });
  return estimate;
}

/** How much more a load takes after a time dark: 1.0 below 5 min, 1.5 below 60 min, 2.0 beyond. */
export function coldLoadFactor(dark_ms: number): number {
  if (dark_ms < 5 * 60_000) return 1;
  return dark_ms < 60 * 60_000 ? 1.5 : 2;
}
