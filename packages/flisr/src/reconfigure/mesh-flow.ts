import type { SwitchableGraph } from './switchable-graph.ts';

/** Relative residual at which the iteration stops. */
const SOLVED = 1e-12;
/** A weight below this share of the largest counts as none. */
const NO_WEIGHT = 1e-12;

/** Spanning forest over the allowed edges, rooted at the sources, and the edges left over. */
export interface Mesh {
  readonly graph: SwitchableGraph;
  readonly weight: Float64Array;
  /** Vertices, parents first. */
  readonly order: Int32Array;
  readonly parent: Int32Array;
  /** Edge to the parent; −1 at a root. */
  readonly parentEdge: Int32Array;
  readonly depth: Int32Array;
  /** Edges that close a loop or join two sources. */
  readonly chords: readonly number[];
  /** Weight around the loop of each chord. */
  readonly loopWeight: Float64Array;
}

/** A flow that meets every demand, and the potential it gives: 0 at the sources. */
export interface MeshFlow {
  /** By edge, positive from `edgeFrom` to `edgeTo`. */
  readonly flow: Float64Array;
  /** By vertex: y_to − y_from = weight · flow on every edge, as far as the iteration has come. */
  readonly potential: Float64Array;
}

/** Weights with the smallest set to 0: a near-zero impedance spoils the iteration and adds nothing. */
export function withoutTinyWeights(weight: Float64Array): Float64Array {
  const largest = weight.reduce((most, value) => Math.max(most, value), 0);
  return weight.map((value) => (value < NO_WEIGHT * largest ? 0 : value));
}

/**
 * Lays the forest. Edges without weight are walked first, so that vertices they join are joined
 * inside the forest and share one potential to the last bit. Linear in the graph.
 */
export function layMesh(graph: SwitchableGraph, weight: Float64Array, allowed: Uint8Array): Mesh {
  const { vertexCount, rootVertex, edgeFrom, edgeTo, adjacencyStart, adjacencyEdge } = graph;
  const order = new Int32Array(vertexCount);
  const parent = new Int32Array(vertexCount).fill(-1);
  const parentEdge = new Int32Array(vertexCount).fill(-1);
  const depth = new Int32Array(vertexCount);
  const reached = new Uint8Array(vertexCount);
  const inForest = new Uint8Array(graph.edgeCount);
  let count = 0;
  // Entries are (vertex, edge it is reached through); those without weight wait on a stack.
  const queue: number[] = [];
  const stack: number[] = [];
  const reach = (vertex: number, edge: number): void => {
    if (reached[vertex] === 1) return;
    reached[vertex] = 1;
    if (edge !== -1) {
      const above = edgeFrom[edge] === vertex ? edgeTo[edge]! : edgeFrom[edge]!;
      parent[vertex] = above;
      parentEdge[vertex] = edge;
      depth[vertex] = depth[above]! + 1;
      inForest[edge] = 1;
    }
    order[count] = vertex;
    count += 1;
    for (let at = adjacencyStart[vertex]!; at < adjacencyStart[vertex + 1]!; at++) {
      const next = adjacencyEdge[at]!;
      if (allowed[next] !== 1) continue;
      const other = edgeFrom[next] === vertex ? edgeTo[next]! : edgeFrom[next]!;
      if (reached[other] === 1) continue;
      (weight[next] === 0 ? stack : queue).push(other, next);
    }
  };
  const drain = (): void => {
    while (stack.length > 0) {
      const edge = stack.pop()!;
      reach(stack.pop()!, edge);
    }
  };
  for (const vertex of rootVertex) reach(vertex, -1);
  drain();
  for (let head = 0; head < queue.length; head += 2) {
    reach(queue[head]!, queue[head + 1]!);
    drain();
  }
  const chords: number[] = [];
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    if (allowed[edge] !== 1 || inForest[edge] === 1) continue;
    if (edgeFrom[edge] !== edgeTo[edge]) chords.push(edge);
  }
  const mesh = { graph, weight, order, parent, parentEdge, depth, chords };
  const loopWeight = Float64Array.from(chords, (chord) => {
    let sum = weight[chord]!;
    walkLoop(mesh, chord, (edge) => (sum += weight[edge]!));
    return sum;
  });
  return { ...mesh, loopWeight };
}

/** Visits the forest edges of the loop that a chord closes. */
export function walkLoop(
  mesh: Pick<Mesh, 'graph' | 'parent' | 'parentEdge' | 'depth'>,
  chord: number,
  visit: (edge: number) => void,
): void {
  const { graph, parent, parentEdge, depth } = mesh;
  let a = graph.edgeFrom[chord]!;
  let b = graph.edgeTo[chord]!;
  while (a !== b) {
    // Two different roots: the loop runs on through the sources.
    if (parentEdge[a] === -1 && parentEdge[b] === -1) return;
    if (depth[a]! >= depth[b]!) {
      visit(parentEdge[a]!);
      a = parent[a]!;
    } else {
      visit(parentEdge[b]!);
      b = parent[b]!;
    }
  }
}

/**
 * The flow that meets the demands with the least Σ weight · flow², sources giving whatever is
 * asked: conjugate gradients over the currents of the chords, preconditioned by the weight around
 * each loop. Linear in the graph per step; exact after as many steps as there are chords.
 * @param start Flow to start from, by edge; none if absent.
 */
export function leastLossFlow(
  mesh: Mesh,
  demand: Float64Array,
  start?: Float64Array,
  solved = SOLVED,
): MeshFlow {
  const { graph, chords, loopWeight } = mesh;
  const flow = new Float64Array(graph.edgeCount);
  const potential = new Float64Array(graph.vertexCount);
  const none = new Float64Array(graph.vertexCount);
  const size = chords.length;
  const current = Float64Array.from(chords, (chord) => start?.[chord] ?? 0);
  const scale = loopWeight.map((value) => (value > 0 ? 1 / value : 0));
  const residual = new Float64Array(size);
  const step = new Float64Array(size);
  const image = new Float64Array(size);

  spread(mesh, demand, current, flow, potential);
  gaps(mesh, current, potential, residual);
  let square = 0;
  for (let k = 0; k < size; k++) {
    step[k] = scale[k]! * residual[k]!;
    square += residual[k]! * step[k]!;
  }
  // Against the gaps that the demand alone would leave, so that a warm start counts as one.
  const goal = solved * solved * (start === undefined ? square : demandGaps());
  for (let round = 0; round < 2 * size + 20 && square > goal; round++) {
    spread(mesh, none, step, flow, potential);
    gaps(mesh, step, potential, image);
    let curvature = 0;
    for (let k = 0; k < size; k++) curvature -= step[k]! * image[k]!;
    if (!(curvature > 0)) break;
    const length = square / curvature;
    let next = 0;
    for (let k = 0; k < size; k++) {
      current[k]! += length * step[k]!;
      residual[k]! += length * image[k]!;
      next += residual[k]! * residual[k]! * scale[k]!;
    }
    const share = next / square;
    for (let k = 0; k < size; k++) step[k] = scale[k]! * residual[k]! + share * step[k]!;
    square = next;
  }
  spread(mesh, demand, current, flow, potential);
  return { flow, potential };

  function demandGaps(): number {
    spread(mesh, demand, new Float64Array(size), flow, potential);
    gaps(mesh, new Float64Array(size), potential, image);
    return image.reduce((sum, gap, k) => sum + gap * gap * scale[k]!, 0);
  }
}

/** Flows in the forest for given demands and chord currents, then the potentials they give. */
function spread(
  { graph, weight, order, parent, parentEdge, chords }: Mesh,
  demand: Float64Array,
  current: Float64Array,
  flow: Float64Array,
  potential: Float64Array,
): void {
  const { edgeFrom, edgeTo } = graph;
  // `potential` holds what flows to a vertex until it is turned into a potential below.
  potential.set(demand);
  chords.forEach((chord, k) => {
    flow[chord] = current[k]!;
    potential[edgeFrom[chord]!]! += current[k]!;
    potential[edgeTo[chord]!]! -= current[k]!;
  });
  for (let at = order.length - 1; at >= 0; at--) {
    const vertex = order[at]!;
    if (parentEdge[vertex] !== -1) potential[parent[vertex]!]! += potential[vertex]!;
  }
  for (let at = 0; at < order.length; at++) {
    const vertex = order[at]!;
    const edge = parentEdge[vertex]!;
    if (edge === -1) {
      potential[vertex] = 0;
      continue;
    }
    const into = potential[vertex]!;
    flow[edge] = edgeTo[edge] === vertex ? into : -into;
    potential[vertex] = potential[parent[vertex]!]! + weight[edge]! * into;
  }
}

/** What is missing to y_to − y_from = weight · current on each chord. */
function gaps(
  { graph, weight, chords }: Mesh,
  current: Float64Array,
  potential: Float64Array,
  into: Float64Array,
): void {
  chords.forEach((chord, k) => {
    const rise = potential[graph.edgeTo[chord]!]! - potential[graph.edgeFrom[chord]!]!;
    into[k] = rise - weight[chord]! * current[k]!;
  });
}
