import type { Blocks } from './blocks.ts';

/** What can be reached through one block alone: whatever feeds it feeds that block too. */
export interface Pendant {
  /** Power of it that must be served, mW and mvar. */
  readonly active: number;
  readonly reactive: number;
  /** The only switch that leads to it; −1 where there are several. */
  readonly through: number;
  /** Its blocks are those numbered so by `order`, both ends included. */
  readonly first: number;
  readonly last: number;
}

export interface PendantLoads {
  /** By block. */
  readonly of: readonly (readonly Pendant[])[];
  /** By block, its number in the walk from the sources; −1 out of reach of any. */
  readonly order: Int32Array;
}

/**
 * Finds what hangs on a block alone, as the parts into which the graph of blocks falls without it
 * (Hopcroft and Tarjan's search in depth, from all sources together).
 * @param switches - usable ones, each with both ends in a block that may be live.
 * @param sources - blocks that hold a source or lead out of what is looked at.
 * @param active - by block, what of it must be served, mW.
 * @param reactive - likewise, mvar.
 */
export function pendantLoads(
  { count, from, to }: Blocks,
  switches: readonly number[],
  sources: readonly number[],
  active: Float64Array,
  reactive: Float64Array,
): PendantLoads {
  const root = count;
  const near: { readonly far: number; readonly at: number }[][] = Array.from(
    { length: count + 1 },
    () => [],
  );
  const join = (a: number, b: number, at: number): void => {
    near[a]!.push({ far: b, at });
    near[b]!.push({ far: a, at });
  };
  for (const at of switches) if (from[at] !== to[at]) join(from[at]!, to[at]!, at);
  for (const block of sources) join(root, block, -1);

  const order = new Int32Array(count + 1).fill(-1);
  const lowest = new Int32Array(count + 1);
  const parent = new Int32Array(count + 1).fill(-1);
  const next = new Int32Array(count + 1);
  const ownActive = new Float64Array(count + 1);
  const ownReactive = new Float64Array(count + 1);
  ownActive.set(active);
  ownReactive.set(reactive);
  const pendants: Pendant[][] = Array.from({ length: count }, () => []);
  let time = 0;
  const path: number[] = [];
  const enter = (block: number): void => {
    order[block] = lowest[block] = time++;
    path.push(block);
  };
  enter(root);
  while (path.length > 0) {
    const block = path[path.length - 1]!;
    const way = near[block]![next[block]!++];
    if (way !== undefined) {
      if (order[way.far] === -1) {
        parent[way.far] = block;
        enter(way.far);
      } else if (way.far !== parent[block]) {
        lowest[block] = Math.min(lowest[block]!, order[way.far]!);
      }
      continue;
    }
    path.pop();
    const above = parent[block]!;
    if (above === -1) break;
    lowest[above] = Math.min(lowest[above]!, lowest[block]!);
    ownActive[above]! += ownActive[block]!;
    ownReactive[above]! += ownReactive[block]!;
    if (above === root || lowest[block]! < order[above]!) continue;
    const [first, last] = [order[block]!, time - 1];
    const ways = near[above]!.filter(({ far }) => order[far]! >= first && order[far]! <= last);
    pendants[above]!.push({
      active: ownActive[block]!,
      reactive: ownReactive[block]!,
      through: ways.length === 1 ? ways[0]!.at : -1,
      first,
      last,
    });
  }
  return { of: pendants, order };
}
