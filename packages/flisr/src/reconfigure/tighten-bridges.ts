import { walkLoop, type Mesh } from './mesh-flow.ts';

/** Each pass carries the losses found one pass before one step further. */
const PASSES = 3;

/**
 * What is certain about the ways that lie in no loop of the mesh: in every radial state they carry
 * all that lies behind them, so that the voltage behind them is lower, and with it their losses
 * and those of what follows are higher. Only where nothing feeds in.
 * @param ceiling Highest voltage by vertex that holds anyway, pu.
 * @returns Weights and demands that give a higher bound: losses of such ways stand as demand at
 *   their upper end.
 */
export function tightenBridges(
  mesh: Mesh,
  ceiling: Float64Array,
  active: ArrayLike<number>,
  reactive: ArrayLike<number>,
): {
  readonly weight: Float64Array;
  readonly active: Float64Array;
  readonly reactive: Float64Array;
} {
  const { graph, order, parent, parentEdge } = mesh;
  const inLoop = new Uint8Array(graph.edgeCount);
  let transformerInLoop = false;
  const enter = (edge: number): void => {
    inLoop[edge] = 1;
    transformerInLoop ||= graph.oneWay[edge] === 1;
  };
  for (const chord of mesh.chords) {
    enter(chord);
    walkLoop(mesh, chord, enter);
  }
  const square = new Float64Array(graph.vertexCount);
  const p = Float64Array.from(active);
  const q = Float64Array.from(reactive);
  const behindP = new Float64Array(graph.vertexCount);
  const behindQ = new Float64Array(graph.vertexCount);
  for (let pass = 0; pass < PASSES; pass++) {
    behindP.set(p);
    behindQ.set(q);
    for (let at = order.length - 1; at >= 0; at--) {
      const vertex = order[at]!;
      if (parentEdge[vertex] === -1) continue;
      behindP[parent[vertex]!]! += behindP[vertex]!;
      behindQ[parent[vertex]!]! += behindQ[vertex]!;
    }
    p.set(active);
    q.set(reactive);
    for (const vertex of order) lower(vertex);
  }
  const weight = mesh.weight.slice();
  for (const vertex of order) {
    const edge = parentEdge[vertex]!;
    if (edge === -1 || weight[edge] === 0 || inLoop[edge] === 1) continue;
    weight[edge] = Math.max(weight[edge]!, graph.resistance[edge]! / square[vertex]!);
  }
  return { weight, active: p, reactive: q };

  /** Ceiling of one vertex from the one above it, then the losses of its way as demand up there. */
  function lower(vertex: number): void {
    const edge = parentEdge[vertex]!;
    const own = ceiling[vertex]! ** 2;
    if (edge === -1) {
      square[vertex] = own;
      return;
    }
    const above = parent[vertex]!;
    const forward = graph.edgeTo[edge] === vertex;
    if (!forward && graph.oneWay[edge] === 1) {
      square[vertex] = own;
      return;
    }
    const supplied = square[above]! * graph.ratio[edge]! ** 2;
    if (inLoop[edge] === 1) {
      // Everything in a loop is fed through the place where the loop is entered, or from sources
      // whose ceiling is `own` already; a transformer on the way could raise the voltage again.
      square[vertex] = transformerInLoop ? own : Math.min(own, supplied);
      return;
    }
    const [r, x] = [graph.resistance[edge]!, graph.reactance[edge]!];
    const [P, Q] = [behindP[vertex]!, behindQ[vertex]!];
    const power = P * P + Q * Q;
    // |g·v_above|² = v² + 2·(r·P + x·Q) + (r² + x²)·(P² + Q²)/v², the last term at least so large.
    const drop = 2 * (r * P + x * Q) + ((r * r + x * x) * power) / supplied;
    square[vertex] = Math.max(Math.min(own, supplied - drop), 0.25 * own);
    const currentSquare = power / square[vertex];
    p[above]! += r * currentSquare;
    q[above]! += x * currentSquare;
  }
}
