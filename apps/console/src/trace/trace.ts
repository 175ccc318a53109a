import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

export type TraceDirection = 'up' | 'down' | 'loop';

/** What a trace found in the positions now shown. */
export interface Trace {
  readonly direction: TraceDirection;
  readonly nodes: ReadonlySet<string>;
  /** Lines, switches and transformers on the way. */
  readonly branches: ReadonlySet<string>;
  /** Of the loads at the nodes found; 0 for a trace up or of a loop. */
  readonly customers: number;
  readonly load_kW: number;
  /** Source the way leads to; null where the equipment is without supply. */
  readonly source: string | null;
  /** Of a loop: the source at its other end; the same one where it closes a ring on one source. */
  readonly otherSource: string | null;
  /** Switches met whose position is unknown or stale: the trace is only as good as they are. */
  readonly uncertain: readonly string[];
}

interface Branch {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

interface Spread {
  /** Branch by which each node was reached; null at a source. */
  readonly by: ReadonlyMap<string, Branch | null>;
}

/** An unknown position lets nothing through: better to show too little supply than too much. */
function passes(book: GridBook, live: LiveState, id: string): boolean {
  const device = book.switches.get(id);
  if (device === undefined) return true;
  const view = live.switches.get(id);
  if (view === undefined) return device.normallyOpen !== true;
  return view.position === 'closed';
}

function isUncertain(live: LiveState, id: string): boolean {
  const view = live.switches.get(id);
  if (view === undefined) return false;
  const known = view.position === 'open' || view.position === 'closed';
  return !known || (view.quality !== 'good' && view.quality !== 'substituted');
}

function spread(
  book: GridBook,
  adjacent: ReadonlyMap<string, readonly Branch[]>,
  without: string | null,
): Spread {
  const by = new Map<string, Branch | null>();
  const queue = book.file.sources.map((s) => s.node).sort();
  for (const node of queue) by.set(node, null);
  for (const node of queue)
    for (const branch of adjacent.get(node) ?? []) {
      if (branch.id === without) continue;
      const other = branch.from === node ? branch.to : branch.from;
      if (by.has(other)) continue;
      by.set(other, branch);
      queue.push(other);
    }
  return { by };
}

/** From a node up to its source. */
function wayUp(by: Spread['by'], start: string): readonly string[] {
  const way = [start];
  for (let branch = by.get(start); branch !== null && branch !== undefined;) {
    const here = way[way.length - 1];
    const next = branch.from === here ? branch.to : branch.from;
    way.push(next);
    branch = by.get(next);
  }
  return way;
}

/** Both ends are followed up as if the equipment itself were not there; what both share is no part of the ring. */
function loopThrough(
  book: GridBook,
  live: LiveState,
  own: Branch,
  adjacent: ReadonlyMap<string, readonly Branch[]>,
): Trace {
  const { by } = spread(book, adjacent, own.id);
  const ways = [own.from, own.to].map((end) => (by.has(end) ? wayUp(by, end) : []));
  const [one = [], other = []] = ways;
  const sourceAt = (way: readonly string[]): string | null =>
    book.file.sources.find(({ node }) => node === way.at(-1))?.id ?? null;
  const closes = one.length > 0 && other.length > 0;
  const shared = new Set(one.filter((node) => other.includes(node)));
  const nodes = new Set<string>();
  const branches = new Set([own.id]);
  for (const node of closes ? [...one, ...other] : []) {
    if (shared.has(node)) continue;
    nodes.add(node);
    const branch = by.get(node);
    if (branch !== null && branch !== undefined) branches.add(branch.id);
  }
  return {
    direction: 'loop',
    nodes,
    branches,
    customers: 0,
    load_kW: 0,
    source: closes ? sourceAt(one) : null,
    otherSource: closes ? sourceAt(other) : null,
    uncertain: [...branches].filter((id) => book.switches.has(id) && isUncertain(live, id)),
  };
}

/**
 * Up: the way from equipment to its source. Down: what would lose every source if this equipment
 * were taken out, so in a loop nothing that the other side holds. Loop: the ring, or the way from
 * source to source, that this equipment closes or would close. Cost: twice the grid.
 * @returns null where the equipment is not part of the network (an indicator without a node).
 */
export function traceFrom(
  book: GridBook,
  live: LiveState,
  id: string,
  direction: TraceDirection,
): Trace | null {
  const all: readonly Branch[] = [
    ...book.lines.values(),
    ...book.switches.values(),
    ...book.transformers.values(),
  ];
  const adjacent = new Map<string, Branch[]>();
  for (const branch of all) {
    if (!passes(book, live, branch.id)) continue;
    for (const node of [branch.from, branch.to])
      adjacent.set(node, [...(adjacent.get(node) ?? []), branch]);
  }
  const own = book.lines.get(id) ?? book.switches.get(id) ?? book.transformers.get(id);
  const symbol = book.symbols.get(id);
  const ends = own !== undefined ? [own.from, own.to] : symbol === undefined ? [] : symbol.nodes;
  if (ends.length === 0) return null;
  if (direction === 'loop')
    return own === undefined ? null : loopThrough(book, live, own, adjacent);
  const { by } = spread(book, adjacent, null);
  const nodes = new Set<string>();
  const branches = new Set<string>();
  let source: string | null = null;
  const supplied = ends.filter((node) => by.has(node));
  const nearest = supplied.map((end) => wayUp(by, end)).sort((a, b) => a.length - b.length)[0];
  if (nearest !== undefined) {
    const root = nearest[nearest.length - 1];
    source = book.file.sources.find((s) => s.node === root)?.id ?? null;
  }
  if (direction === 'up') {
    for (const node of nearest ?? []) {
      nodes.add(node);
      const branch = by.get(node);
      if (branch !== null && branch !== undefined) branches.add(branch.id);
    }
    if (own !== undefined) branches.add(id);
  } else if (own === undefined) {
    for (const node of supplied) nodes.add(node);
  } else {
    const rest = spread(book, adjacent, id).by;
    for (const node of by.keys()) if (!rest.has(node)) nodes.add(node);
    for (const branch of all)
      if (nodes.has(branch.from) && nodes.has(branch.to) && passes(book, live, branch.id))
        branches.add(branch.id);
    branches.add(id);
  }
  const loads =
    direction === 'up'
      ? []
      : own === undefined
        ? [...book.loads.values()].filter((load) => load.id === id)
        : [...book.loads.values()].filter((load) => nodes.has(load.node));
  const uncertain = [...book.switches.values()]
    .filter((s) => (nodes.has(s.from) || nodes.has(s.to)) && isUncertain(live, s.id))
    .map((s) => s.id);
  return {
    direction,
    nodes,
    branches,
    customers: loads.reduce((sum, load) => sum + (load.customers ?? 0), 0),
    load_kW: loads.reduce((sum, load) => sum + load.p_kW, 0),
    source,
    otherSource: null,
    uncertain,
  };
}
