import type { Energisation, Network, Positions } from '@relight/topology';

/**
 * Power at every load, generators and shunts apart, by load index; W and var, taken positive. Of loads
 * that follow the voltage: what they take at 1 pu.
 */
export interface LoadState {
  readonly activePower_W: Float64Array;
  readonly reactivePower_var: Float64Array;
}

export interface LoadFlowRequest {
  readonly network: Network;
  readonly positions: Positions;
  readonly energisation: Energisation;
  readonly loads: LoadState;
  /** Generators feed in their file power where true; in an outage they count as 0 (flisr.md 6). */
  readonly generators?: boolean;
  /** By generator index: share of its file power that each then feeds in; absent: all of it. */
  readonly generation?: Float64Array;
  /** Largest change of a voltage between two sweeps, pu; default 1e-10. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
  /** Only the trees of these sources are solved; all if absent. Values elsewhere are 0. */
  readonly onlySources?: ReadonlySet<number>;
  /**
   * In a loop without any impedance the file does not say how the current divides. True: it
   * divides as if each of its branches had the same small impedance (`LoadFlow.assumed`). False,
   * the default: such a state is not solved.
   */
  readonly divideEvenly?: boolean;
}

/**
 * Solved state, by node or branch index of the network. Where `converged` is false every figure
 * is 0 and means nothing: such a state counts as infeasible.
 */
export interface LoadFlow {
  readonly converged: boolean;
  readonly iterations: number;
  /** Node voltage in pu of the node's own nominal voltage; 0 where dead. */
  readonly voltage_pu: Float64Array;
  readonly voltageAngle_deg: Float64Array;
  /** Current magnitude through a branch in A at its `from` side. */
  readonly current_A: Float64Array;
  /** Power into the branch at its `from` end, W and var; no-load losses of a transformer included. */
  readonly activePower_W: Float64Array;
  readonly reactivePower_var: Float64Array;
  /** Power a source gives, by source index; 0 where it supplies nothing. */
  readonly sourceActivePower_W: Float64Array;
  readonly sourceReactivePower_var: Float64Array;
  /** Losses of lines and transformers, no-load losses included; shunts are no losses. */
  readonly losses_W: number;
  readonly losses_var: number;
  /** Branches whose current follows from an assumption, ascending; see `divideEvenly`. */
  readonly assumed: readonly number[];
  /** What was solved; all figures outside are 0. Written over with the figures. */
  readonly solved: SolvedPart;
}

/** Node, branch and source indices in no particular order. */
export interface SolvedPart {
  readonly nodes: Int32Array;
  readonly branches: Int32Array;
  readonly sources: Int32Array;
}

/** Solves one state; see docs/methods/load-flow.md. Implemented by `solveLoadFlow`. */
export type SolveLoadFlow = (request: LoadFlowRequest) => LoadFlow;
