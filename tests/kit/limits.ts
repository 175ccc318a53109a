import { solveDense, type DenseLoadFlow } from './dense-load-flow.ts';
import { carrying, liveNodes, reach, sourceNodes, type SwitchingState } from './switching-state.ts';

/** What a state loads, as shares of what is allowed there: above 1 is too much. */
export interface Strain {
  readonly solved: boolean;
  /** By a name that says what is strained: `loading L1`, `low n3`, `source S`, `pickup CB`. */
  readonly shares: ReadonlyMap<string, number>;
  /** Loading in % of the rating, by branch id. */
  readonly loading_pct: ReadonlyMap<string, number>;
  readonly voltage_pu: ReadonlyMap<string, number>;
}

export interface LimitOptions {
  readonly emergencyRatings?: boolean;
  /** Load as a multiple of the file's, by load id. */
  readonly loadFactor?: ReadonlyMap<string, number>;
  /** Generators that give nothing, by id. */
  readonly generatorsOff?: ReadonlySet<string>;
  /** Power of the others as a multiple of the file's, by id; 1 where absent. */
  readonly generation?: ReadonlyMap<string, number>;
}

/** Every limit of the grid file held against a load flow of the checker's own. */
export function strainOf(state: SwitchingState, options: LimitOptions = {}): Strain {
  const { grid } = state;
  const flow = solveDense({
    grid,
    isClosed: (id) => state.closed.has(id),
    lostSources: state.lost,
    ...(options.loadFactor === undefined ? {} : { loadFactor: options.loadFactor }),
    ...(options.generatorsOff === undefined ? {} : { generatorsOff: options.generatorsOff }),
    ...(options.generation === undefined ? {} : { generation: options.generation }),
  });
  const shares = new Map<string, number>();
  const loading_pct = new Map<string, number>();
  const factor = grid.limits?.loadingFactor ?? 1;
  const load = (id: string, value: number, rated?: number, emergency?: number): void => {
    if (rated === undefined) return;
    loading_pct.set(id, (100 * value) / rated);
    const allowed =
      options.emergencyRatings === true && emergency !== undefined ? emergency : factor * rated;
    shares.set(`loading ${id}`, value / allowed);
  };
  for (const line of grid.lines ?? []) {
    load(line.id, flow.current_A.get(line.id) ?? 0, line.rated_A, line.emergency_A);
  }
  for (const transformer of grid.transformers ?? []) {
    const { id, rated_MVA, emergency_MVA } = transformer;
    load(id, flow.transformer_MVA.get(id) ?? 0, rated_MVA, emergency_MVA);
  }
  for (const each of grid.switches ?? []) {
    if (each.rated_A === undefined && each.pickup_A === undefined) continue;
    const value = switchCurrent_A(state, flow, each);
    load(each.id, value, each.rated_A);
    if (each.pickup_A !== undefined) shares.set(`pickup ${each.id}`, value / (0.9 * each.pickup_A));
  }
  for (const source of grid.sources) {
    if (source.max_MVA === undefined || state.lost.has(source.id)) continue;
    shares.set(`source ${source.id}`, flow.source_MVA(source.id) / source.max_MVA);
  }
  const low =
    options.emergencyRatings === true
      ? (grid.limits?.emergencyMinVoltage_pu ?? 0.9)
      : (grid.limits?.minVoltage_pu ?? 0.95);
  for (const [node, voltage_pu] of flow.voltage_pu) {
    shares.set(`low ${node}`, low / voltage_pu);
    shares.set(`high ${node}`, voltage_pu / (grid.limits?.maxVoltage_pu ?? 1.05));
  }
  return { solved: flow.converged, shares, loading_pct, voltage_pu: flow.voltage_pu };
}

/**
 * All that flows out on the side of the switch that has no source; in a parallel, what flows out of
 * all that hangs on one side by switches alone.
 */
function switchCurrent_A(
  state: SwitchingState,
  flow: DenseLoadFlow,
  each: { readonly id: string; readonly from: string; readonly to: string },
): number {
  if (!state.closed.has(each.id) || !liveNodes(state).has(each.from)) return 0;
  const others = carrying(state).filter((branch) => branch.id !== each.id);
  const supplied = reach(sourceNodes(state), others);
  const switches = (state.grid.switches ?? []).filter(
    (other) => other.id !== each.id && state.closed.has(other.id),
  );
  const isFed = (node: string): boolean => {
    const place = reach([node], switches);
    return sourceNodes(state).some((source) => place.has(source));
  };
  const inLoop = supplied.has(each.from) && supplied.has(each.to);
  const farIsFrom = inLoop ? isFed(each.to) : !supplied.has(each.from);
  return flow.outflow_A(reach([farIsFrom ? each.from : each.to], switches));
}
