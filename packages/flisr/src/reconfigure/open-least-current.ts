import type { VoltageRange } from './forest.ts';
import { leastDemand, meshWeights } from './loss-bound.ts';
import { layMesh, leastLossFlow, walkLoop, withoutTinyWeights } from './mesh-flow.ts';
import type { SwitchableGraph } from './switchable-graph.ts';

/** Good enough to tell which way carries least. */
const ROUGHLY_SOLVED = 1e-4;

/**
 * A radial state to start from, after Shirmohammadi and Hong: close every way, let the load divide
 * as it costs least, open the way in a loop that carries least, and so on until no loop is left.
 * @returns 1 by closed edge; null where a loop has no way that may be opened, with its edges.
 */
export function openLeastCurrent(
  graph: SwitchableGraph,
  range: VoltageRange,
): { readonly closed: Uint8Array } | { readonly fixedLoop: readonly number[] } {
  const weight = withoutTinyWeights(meshWeights(graph, range));
  const { active, reactive } = leastDemand(graph, range);
  const demands = reactive === null ? [active] : [active, reactive];
  const closed = new Uint8Array(graph.edgeCount).fill(1);
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    if (graph.edgeFrom[edge] !== graph.edgeTo[edge]) continue;
    if (graph.switchable[edge] !== 1) return { fixedLoop: [edge] };
    closed[edge] = 0;
  }
  let flows: readonly (Float64Array | undefined)[] = [undefined, undefined];
  for (;;) {
    const mesh = layMesh(graph, weight, closed);
    if (mesh.chords.length === 0) return { closed };
    flows = demands.map((demand, k) => leastLossFlow(mesh, demand, flows[k], ROUGHLY_SOLVED).flow);
    const inLoop = new Uint8Array(graph.edgeCount);
    let fixedLoop: readonly number[] | null = null;
    for (const chord of mesh.chords) {
      const loop = [chord];
      walkLoop(mesh, chord, (edge) => loop.push(edge));
      for (const edge of loop) inLoop[edge] = 1;
      if (loop.every((edge) => graph.switchable[edge] !== 1)) fixedLoop ??= loop;
    }
    if (fixedLoop !== null) return { fixedLoop };
    let weakest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let edge = 0; edge < graph.edgeCount; edge++) {
      if (inLoop[edge] !== 1 || graph.switchable[edge] !== 1) continue;
      let square = 0;
      for (const flow of flows) square += (flow?.[edge] ?? 0) ** 2;
      if (square < least) {
        least = square;
        weakest = edge;
      }
    }
    closed[weakest] = 0;
  }
}
