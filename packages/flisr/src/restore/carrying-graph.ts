import { float64, int32, uint8 } from './columns.ts';

/** A part of the grid as a graph of places with capacities, before it is solved for a flow. */
export interface CarryingGraph {
  /** By place: what is drawn there. `first` has precedence over `second`. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** By edge. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly capacity: Float64Array;
  /** By place: 1 where it may not be taken out: something is given or measured there. */
  readonly kept: Uint8Array;
}

/**
 * Takes the ends of the graph in, one after the other: what is drawn at a place with a single edge
 * is drawn at the other end of it instead, as far as the edge carries it. No flow changes by that,
 * and of a feeder only what lies between its ways in is left.
 * @returns 1 by edge where it is gone; `first` and `second` are changed.
 */
export function drawInEnds(graph: CarryingGraph): Uint8Array {
  const { first, second, from, to, capacity, kept } = graph;
  const degree = int32(first.length);
  // The sum of a place's edges: where one is left, it is that one.
  const last = float64(first.length);
  for (let edge = 0; edge < from.length; edge++) {
    for (const place of [from[edge]!, to[edge]!]) {
      degree[place]! += 1;
      last[place]! += edge;
    }
  }
  const gone = uint8(from.length);
  const ends: number[] = [];
  const isEnd = (place: number): boolean => degree[place] === 1 && kept[place] === 0;
  for (let place = 0; place < degree.length; place++) if (isEnd(place)) ends.push(place);
  for (const place of ends) {
    if (!isEnd(place)) continue;
    const edge = last[place]!;
    const other = from[edge] === place ? to[edge]! : from[edge]!;
    const urgent = Math.min(capacity[edge]!, first[place]!);
    const all = Math.min(capacity[edge]!, first[place]! + second[place]!);
    first[other]! += urgent;
    second[other]! += all - urgent;
    first[place] = 0;
    second[place] = 0;
    gone[edge] = 1;
    degree[place] = 0;
    degree[other]! -= 1;
    last[other]! -= edge;
    if (isEnd(other)) ends.push(other);
  }
  return gone;
}
