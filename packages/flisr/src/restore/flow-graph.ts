import { int32, lists } from './columns.ts';

/** Maximum flow by shortest augmenting paths (Dinic). */
export class FlowGraph {
  readonly #first: number[][];
  readonly #to: number[] = [];
  readonly #left: number[] = [];

  constructor(nodes: number) {
    this.#first = lists(nodes);
  }

  /** A branch with a capacity each way. */
  connect(from: number, to: number, forward: number, backward: number): void {
    this.#first[from]!.push(this.#to.length);
    this.#to.push(to);
    this.#left.push(forward);
    this.#first[to]!.push(this.#to.length);
    this.#to.push(from);
    this.#left.push(backward);
  }

  /** What the graph could carry on top of what flows now; changes nothing. */
  probe(source: number, sink: number, from: number, most: number): number {
    const kept = this.#left.slice();
    this.connect(from, sink, most, 0);
    const flow = this.maximise(source, sink);
    this.#to.length = kept.length;
    this.#first[from]!.pop();
    this.#first[sink]!.pop();
    this.#left.length = kept.length;
    // Not by spreading: a city has more edges than a call takes arguments.
    for (let edge = 0; edge < kept.length; edge++) this.#left[edge] = kept[edge]!;
    return flow;
  }

  /** Pushes all that still fits; what flows already stays served. */
  maximise(source: number, sink: number): number {
    let total = 0;
    for (;;) {
      const level = this.#levels(source);
      if (level[sink] === -1) return total;
      const next = int32(this.#first.length);
      for (;;) {
        const pushed = this.#push(source, sink, level, next);
        if (pushed === 0) break;
        total += pushed;
      }
    }
  }

  #levels(source: number): Int32Array {
    const level = int32(this.#first.length).fill(-1);
    const queue = [source];
    level[source] = 0;
    for (const node of queue) {
      for (const edge of this.#first[node]!) {
        const to = this.#to[edge]!;
        if (level[to] !== -1 || this.#left[edge]! <= NEGLIGIBLE_W) continue;
        level[to] = level[node]! + 1;
        queue.push(to);
      }
    }
    return level;
  }

  /** One path of the level graph, walked with an explicit stack: feeders are long. */
  #push(source: number, sink: number, level: Int32Array, next: Int32Array): number {
    const path: number[] = [];
    let node = source;
    while (node !== sink) {
      const edges = this.#first[node]!;
      const at = next[node]!;
      if (at >= edges.length) {
        const back = path.pop();
        if (back === undefined) return 0;
        node = this.#to[back ^ 1]!;
        next[node]! += 1;
        continue;
      }
      const edge = edges[at]!;
      const to = this.#to[edge]!;
      if (this.#left[edge]! <= NEGLIGIBLE_W || level[to] !== level[node]! + 1) {
        next[node]! += 1;
        continue;
      }
      path.push(edge);
      node = to;
    }
    let flow = Number.POSITIVE_INFINITY;
    for (const edge of path) flow = Math.min(flow, this.#left[edge]!);
    for (const edge of path) {
      this.#left[edge]! -= flow;
      this.#left[edge ^ 1]! += flow;
    }
    return flow;
  }
}

const NEGLIGIBLE_W = 1e-6;
