import type { GridFile } from '@relight/contract';

/**
 * A grid file read anew for the plan checker: plain sets and repeated searches, nothing of the
 * packages that make plans.
 */
export interface SwitchingState {
  readonly grid: GridFile;
  /** Closed switches, by id; unknown ones as last known. */
  readonly closed: ReadonlySet<string>;
  /** Switches whose position is not known: they may be open or closed. */
  readonly unknown: ReadonlySet<string>;
  /** Sources that supply nothing. */
  readonly lost: ReadonlySet<string>;
}

interface Branch {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export function moved(state: SwitchingState, id: string, action: 'open' | 'close'): SwitchingState {
  const closed = new Set(state.closed);
  if (action === 'close') closed.add(id);
  else closed.delete(id);
  return { ...state, closed };
}

/** Branches that carry; with `doubtful` those of unknown position too. */
export function carrying(state: SwitchingState, doubtful = false): readonly Branch[] {
  const { grid, closed, unknown } = state;
  return [
    ...(grid.lines ?? []),
    ...(grid.transformers ?? []),
    ...(grid.switches ?? []).filter(
      (each) => closed.has(each.id) || (doubtful && unknown.has(each.id)),
    ),
  ];
}

/** Everything that hangs together with the nodes given. */
export function reach(start: Iterable<string>, branches: readonly Branch[]): ReadonlySet<string> {
  const neighbours = new Map<string, string[]>();
  const join = (one: string, other: string): void => {
    const known = neighbours.get(one);
    if (known === undefined) neighbours.set(one, [other]);
    else known.push(other);
  };
  for (const { from, to } of branches) {
    join(from, to);
    join(to, from);
  }
  const found = new Set(start);
  for (const node of found) for (const next of neighbours.get(node) ?? []) found.add(next);
  return found;
}

export function sourceNodes(state: SwitchingState): readonly string[] {
  return state.grid.sources
    .filter((source) => !state.lost.has(source.id))
    .map((source) => source.node);
}

/** What was found live in a state: every rule asks for it. */
const known = [false, true].map(() => new WeakMap<SwitchingState, ReadonlySet<string>>());

/** Live nodes; with `doubtful` those that could be live if unknown switches were closed. */
export function liveNodes(state: SwitchingState, doubtful = false): ReadonlySet<string> {
  const found =
    known[+doubtful]?.get(state) ?? reach(sourceNodes(state), carrying(state, doubtful));
  known[+doubtful]?.set(state, found);
  return found;
}

/** Switches that are known to be closed. */
export function knownClosed({ closed, unknown }: SwitchingState): readonly string[] {
  return [...closed].filter((id) => !unknown.has(id));
}

/**
 * Nodes that count as served: live through switches that are known to be closed, or live as last known
 * where they were only so after the trip already. What only an unknown switch feeds is not known to
 * be live, and supply that was known is not given up for such.
 */
export function servedNodes(state: SwitchingState, first: SwitchingState): ReadonlySet<string> {
  const sure = (each: SwitchingState): ReadonlySet<string> =>
    liveNodes({ ...each, closed: new Set(knownClosed(each)) });
  const served = new Set(sure(state));
  const wasLive = liveNodes(first);
  const wasSure = sure(first);
  for (const node of liveNodes(state)) {
    if (wasLive.has(node) && !wasSure.has(node)) served.add(node);
  }
  return served;
}

/** Loops and joined sources in the live part: 0 in a radial state. */
export function independentLoops(state: SwitchingState, doubtful = false): number {
  const live = liveNodes(state, doubtful);
  const branches = carrying(state, doubtful).filter((each) => live.has(each.from));
  return branches.length - live.size + new Set(sourceNodes(state)).size;
}

/** Nodes that no switch separates from the one given. */
export function sectionOf(grid: GridFile, node: string): ReadonlySet<string> {
  return reach([node], [...(grid.lines ?? []), ...(grid.transformers ?? [])]);
}

/** Branches from a node to the source that feeds it, nearest first; null where it is dead. */
export function wayToSource(state: SwitchingState, node: string): readonly Branch[] | null {
  const cameBy = new Map<string, Branch | null>(sourceNodes(state).map((start) => [start, null]));
  const branches = carrying(state);
  for (const [at] of cameBy) {
    for (const branch of branches) {
      const next = branch.from === at ? branch.to : branch.to === at ? branch.from : null;
      if (next !== null && !cameBy.has(next)) cameBy.set(next, branch);
    }
  }
  if (!cameBy.has(node)) return null;
  const way: Branch[] = [];
  let at = node;
  for (let branch = cameBy.get(at); branch; branch = cameBy.get(at)) {
    way.push(branch);
    at = branch.from === at ? branch.to : branch.from;
  }
  return way;
}

/** State as the file has it, before any fault. */
export function normalState(grid: GridFile, unknown: ReadonlySet<string>): SwitchingState {
  const closed = (grid.switches ?? [])
    .filter((each) => each.normallyOpen !== true)
    .map((each) => each.id);
  return { grid, closed: new Set(closed), unknown, lost: new Set() };
}
