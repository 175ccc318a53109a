import type { VoltageRange } from './forest.ts';
import type { SwitchableGraph } from './switchable-graph.ts';

/**
 * The highest voltage each vertex can have in any radial state whose voltages stay within `range`,
 * pu. Where nothing feeds in and no reactance is negative, voltage only falls on its way from the
 * source, so that the sources and the transformer ratios set the ceiling; what may feed in raises
 * it. Vertices joined without a transformer between them form a zone with one ceiling.
 */
export function voltageCeiling(graph: SwitchableGraph, range: VoltageRange): Float64Array {
  const zone = zonesOf(graph);
  const square = new Float64Array(graph.vertexCount);
  graph.rootVertex.forEach((vertex, root) => {
    const own = graph.rootVoltage[root]! ** 2;
    square[zone[vertex]!] = Math.max(square[zone[vertex]!]!, own);
  });
  const highestSquare = range.highest_pu * range.highest_pu;
  const rise = zoneRise(graph, zone, highestSquare);
  for (let vertex = 0; vertex < square.length; vertex++) {
    if (square[vertex]! > 0) square[vertex]! += rise[vertex]!;
  }
  // A zone behind a transformer takes the ceiling in front of it. More rounds than transformers:
  // a ring of transformers that raises without end; then the range alone holds.
  const transformers = edgesOf(graph, (edge) => graph.oneWay[edge] === 1);
  let changed = true;
  for (let round = 0; changed && round <= transformers.length; round++) {
    changed = false;
    for (const edge of transformers) {
      const from = zone[graph.edgeFrom[edge]!]!;
      const to = zone[graph.edgeTo[edge]!]!;
      if (square[from] === 0) continue;
      const behind = square[from]! * graph.ratio[edge]! ** 2 + rise[to]!;
      if (!(behind > square[to]!)) continue;
      square[to] = behind;
      changed = true;
    }
  }
  const bounded = !changed && graph.reactance.every((reactance) => reactance >= 0);
  return Float64Array.from(zone, (home) =>
    Math.sqrt(
      bounded && square[home]! > 0 ? Math.min(square[home]!, highestSquare) : highestSquare,
    ),
  );
}

function edgesOf(graph: SwitchableGraph, wanted: (edge: number) => boolean): readonly number[] {
  return Array.from({ length: graph.edgeCount }, (_, edge) => edge).filter(wanted);
}

/** Zone of each vertex, named after its first vertex. */
function zonesOf(graph: SwitchableGraph): Int32Array {
  const zone = new Int32Array(graph.vertexCount).fill(-1);
  const { adjacencyStart, adjacencyEdge, edgeFrom, edgeTo, oneWay } = graph;
  for (let first = 0; first < graph.vertexCount; first++) {
    if (zone[first] !== -1) continue;
    zone[first] = first;
    const stack = [first];
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
      for (let at = adjacencyStart[vertex]!; at < adjacencyStart[vertex + 1]!; at++) {
        const edge = adjacencyEdge[at]!;
        if (oneWay[edge] === 1) continue;
        const other = edgeFrom[edge] === vertex ? edgeTo[edge]! : edgeFrom[edge]!;
        if (zone[other] !== -1) continue;
        zone[other] = first;
        stack.push(other);
      }
    }
  }
  return zone;
}

/**
 * How far the square of the voltage can rise inside a zone, by zone: 2·Σ (r·P + x·Q) with every way
 * of the zone (and the transformers into it) on one path, and on each all the power that may flow
 * back from anywhere.
 */
function zoneRise(graph: SwitchableGraph, zone: Int32Array, highestSquare: number): Float64Array {
  let activeBack = 0;
  let reactiveBack = 0;
  for (let vertex = 0; vertex < graph.vertexCount; vertex++) {
    activeBack -= Math.min(graph.active[vertex]!, 0);
    const shunt = Math.min(graph.shuntReactive[vertex]!, 0) * highestSquare;
    reactiveBack -= Math.min(graph.reactive[vertex]! + shunt, 0);
  }
  const rise = new Float64Array(graph.vertexCount);
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    const home = zone[graph.edgeTo[edge]!]!;
    rise[home]! +=
      2 * (graph.resistance[edge]! * activeBack + graph.reactance[edge]! * reactiveBack);
  }
  return rise;
}
