import { layMesh, leastLossFlow, withoutTinyWeights, type Mesh } from './mesh-flow.ts';
import type { SwitchableGraph } from './switchable-graph.ts';
import { tightenBridges } from './tighten-bridges.ts';
import { voltageCeiling } from './voltage-ceiling.ts';
import type { VoltageRange } from './forest.ts';

/** Lower bound of the losses of all radial states that leave some ways open for good. */
export interface RelaxedLosses {
  /** pu; no radial state with all other ways closed or open loses less. */
  readonly bound: number;
  readonly mesh: Mesh;
  /** Square of the flow of active and reactive power together, by edge. */
  readonly flowSquare: Float64Array;
}

/**
 * A value that the losses of no radial state of the graph can fall below, pu, as long as its
 * voltages stay within `range`. Derivation: docs/methods/reconfiguration.md, section 5.
 *
 * Every way loses r·(P² + Q²)/v² at its far end, and P, Q there are at least what lies behind asks
 * for. With v at its ceiling, and all ways closed at once, the least-loss flow of the demands
 * costs less than any radial state. The value is taken from the dual side, where it holds for any
 * potentials that are not negative, however well they were found.
 * @returns a function of the ways that are not open for good (1 by edge).
 */
export function createLossBound(
  graph: SwitchableGraph,
  range: VoltageRange,
): (allowed: Uint8Array) => RelaxedLosses {
  const ceiling = voltageCeiling(graph, range);
  const demand = leastDemand(graph, range);
  const onlyTakes =
    demand.reactive !== null &&
    demand.active.every((value) => value >= 0) &&
    demand.reactive.every((value) => value >= 0);
  const plain = withoutTinyWeights(weightsUnder(graph, ceiling));
  return (allowed) => {
    const mesh = layMesh(graph, plain, allowed);
    const tightened = onlyTakes
      ? tightenBridges(mesh, ceiling, demand.active, demand.reactive ?? [])
      : { weight: plain, active: demand.active, reactive: demand.reactive };
    const { weight } = tightened;
    const flowSquare = new Float64Array(graph.edgeCount);
    let bound = demand.noLoad;
    for (const values of [tightened.active, tightened.reactive]) {
      if (values === null) continue;
      const { flow, potential } = leastLossFlow({ ...mesh, weight }, values);
      bound += dualValue(graph, weight, allowed, values, potential);
      for (let edge = 0; edge < flow.length; edge++) flowSquare[edge]! += flow[edge]! ** 2;
    }
    return { bound, mesh, flowSquare };
  };
}

/** r / (ceiling of the voltage at the far end)², by edge. */
export function meshWeights(graph: SwitchableGraph, range: VoltageRange): Float64Array {
  return weightsUnder(graph, voltageCeiling(graph, range));
}

function weightsUnder(graph: SwitchableGraph, ceiling: Float64Array): Float64Array {
  return graph.resistance.map((resistance, edge) => {
    const far = ceiling[graph.edgeTo[edge]!]!;
    return resistance / (far * far);
  });
}

export interface LeastDemand {
  readonly active: Float64Array;
  /** null where a series reactance is negative: then reactive losses may feed. */
  readonly reactive: Float64Array | null;
  /** No-load losses of the transformers. */
  readonly noLoad: number;
}

/** The least power each vertex can take at any voltage in range. */
export function leastDemand(graph: SwitchableGraph, range: VoltageRange): LeastDemand {
  const lowSquare = range.lowest_pu * range.lowest_pu;
  const highSquare = range.highest_pu * range.highest_pu;
  const noLoad = graph.noLoad.map((value) => value * lowSquare);
  const reactive = graph.reactive.map((value, vertex) => {
    const shunt = graph.shuntReactive[vertex]!;
    return value + shunt * (shunt < 0 ? highSquare : lowSquare);
  });
  return {
    active: graph.active.map((value, vertex) => value + noLoad[vertex]!),
    reactive: graph.reactance.some((reactance) => reactance < 0) ? null : reactive,
    noLoad: noLoad.reduce((sum, value) => sum + value, 0),
  };
}

/** 2·d·y − Σ (y_to − y_from)² / w for y ≥ 0: at most the least Σ w·f² for demands of d or more. */
function dualValue(
  graph: SwitchableGraph,
  weight: Float64Array,
  allowed: Uint8Array,
  demand: Float64Array,
  potential: Float64Array,
): number {
  const y = potential.map((value) => Math.max(value, 0));
  let value = 0;
  for (let vertex = 0; vertex < graph.vertexCount; vertex++) {
    value += 2 * demand[vertex]! * y[vertex]!;
  }
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    if (weight[edge] === 0 || allowed[edge] !== 1) continue;
    const rise = y[graph.edgeTo[edge]!]! - y[graph.edgeFrom[edge]!]!;
    value -= (rise * rise) / weight[edge]!;
  }
  // y = 0 is a valid choice too.
  return Math.max(value, 0);
}
