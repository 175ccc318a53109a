import { layMesh, leastLossFlow, withoutTinyWeights } from './mesh-flow.ts';
import type { SwitchableGraph } from './switchable-graph.ts';
import { voltageCeiling } from './voltage-ceiling.ts';
import type { VoltageRange } from './forest.ts';

/**
 * A value that the losses of no radial state of the graph can fall below, pu, as long as its
 * voltages stay within `range`. Derivation: docs/methods/reconfiguration.md, section 5.
 *
 * Every edge without loops closed loses r·(P² + Q²)/v² at its far end, and P, Q there are at least
 * what lies behind asks for. With v at its ceiling, and all ways closed at once, the least-loss flow
 * of the demands costs less than any radial state. The value is taken from the dual side, where it
 * holds for any potentials that are not negative, however well they were found.
 */
export function lossBound(graph: SwitchableGraph, range: VoltageRange): number {
  const weight = withoutTinyWeights(meshWeights(graph, range));
  const demand = leastDemand(graph, range);
  const allowed = new Uint8Array(graph.edgeCount).fill(1);
  const mesh = layMesh(graph, weight, allowed);
  let bound = 0;
  for (const values of [demand.active, demand.reactive]) {
    if (values === null) continue;
    const { potential } = leastLossFlow(mesh, values);
    bound += dualValue(graph, weight, values, potential);
  }
  return bound + demand.noLoad;
}

/** r / (ceiling of the voltage at the far end)², by edge. */
export function meshWeights(graph: SwitchableGraph, range: VoltageRange): Float64Array {
  const ceiling = voltageCeiling(graph, range);
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
  demand: Float64Array,
  potential: Float64Array,
): number {
  const y = potential.map((value) => Math.max(value, 0));
  let value = 0;
  for (let vertex = 0; vertex < graph.vertexCount; vertex++) {
    value += 2 * demand[vertex]! * y[vertex]!;
  }
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    if (weight[edge] === 0) continue;
    const rise = y[graph.edgeTo[edge]!]! - y[graph.edgeFrom[edge]!]!;
    value -= (rise * rise) / weight[edge]!;
  }
  // y = 0 is a valid choice too.
  return Math.max(value, 0);
}
