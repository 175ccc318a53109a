import {
  CLOSED,
  energise,
  OPEN,
  otherEnd,
  UNKNOWN,
  type Energisation,
  type Network,
} from '@relight/topology';
import type { RestorationProblem } from './problem.ts';
import { lastKnown } from './last-known.ts';

/** Sections in which conductors were joined and nobody has confirmed the phase order since. */
export interface PhaseDoubt {
  readonly sections: ReadonlySet<number>;
  /** Switches that are open in the normal state, ascending. */
  readonly ties: readonly number[];
}

/** null where the phase order is in doubt nowhere. */
export function readPhaseDoubt(
  { grid }: Network,
  sections: ReadonlySet<number>,
): PhaseDoubt | null {
  if (sections.size === 0) return null;
  const ties = grid.switches.flatMap(({ normallyOpen }, at) => (normallyOpen ? [at] : []));
  return { sections, ties };
}

/**
 * The section of unconfirmed phase order that a tie gives life to in one state, or is taken out of
 * by it, and not in the other before it; −1: none. From its own side it may be made live, so that
 * the phase order can be measured. Switches of unknown position count as closed too.
 */
export function newlyFedByTie(
  problem: RestorationProblem,
  before: Uint8Array,
  after: Uint8Array,
): number {
  const { phaseDoubt, request } = problem;
  if (phaseDoubt === null) return -1;
  for (const view of request.options.untrusted.size === 0 ? [asKnown] : [asKnown, asClosed]) {
    const was = fedByTies(problem, phaseDoubt, view(problem, before));
    for (const [pair, section] of fedByTies(problem, phaseDoubt, view(problem, after))) {
      if (!was.has(pair)) return section;
    }
  }
  return -1;
}

/** True where a tie gives life to a section of unconfirmed phase order, or takes it out of one. */
export function isFedByTie(problem: RestorationProblem, positions: Uint8Array): boolean {
  const { phaseDoubt } = problem;
  return (
    phaseDoubt !== null &&
    [asKnown, asClosed].some(
      (view) => fedByTies(problem, phaseDoubt, view(problem, positions)).size > 0,
    )
  );
}

/** The first of the sections on the way from a node to its source, −1 where none is or it is dead. */
export function doubtOnWay(
  network: Network,
  sections: ReadonlySet<number>,
  state: Energisation,
  node: number,
): number {
  if (state.nodeSource[node] === -1) return -1;
  for (let at = node; ;) {
    const section = network.nodeSection[at]!;
    if (sections.has(section)) return section;
    const branch = state.parentBranch[at]!;
    if (branch === -1) return -1;
    at = otherEnd(network, branch, at);
  }
}

function asKnown(problem: RestorationProblem, positions: Uint8Array): Uint8Array {
  return lastKnown(problem, positions);
}

function asClosed(_: RestorationProblem, positions: Uint8Array): Uint8Array {
  return positions.map((position) => (position === UNKNOWN ? CLOSED : position));
}

/** Pairs of a section in doubt and a tie: the section by a number of the pair. */
type Pairs = ReadonlyMap<number, number>;

/**
 * Closed ties that a section in doubt hangs on, or that hang on it: without the one the other would
 * be dead.
 */
function fedByTies(problem: RestorationProblem, doubt: PhaseDoubt, positions: Uint8Array): Pairs {
  const state = problem.judge.energise(positions);
  return state.loopBranches.length === 0
    ? pairsOfTree(problem, doubt, positions, state)
    : pairsByTrial(problem, doubt, positions);
}

function pairsOfTree(
  { network }: RestorationProblem,
  { sections, ties }: PhaseDoubt,
  positions: Uint8Array,
  state: Energisation,
): Pairs {
  const { firstSwitchBranch, switchCount } = network;
  const found = new Map<number, number>();
  for (const section of sections) {
    let node = firstNode(network, section);
    for (
      let branch = state.parentBranch[node]!;
      branch !== -1;
      branch = state.parentBranch[node]!
    ) {
      const at = branch - firstSwitchBranch;
      if (at >= 0 && network.grid.switches[at]!.normallyOpen) {
        found.set(section * switchCount + at, section);
      }
      node = otherEnd(network, branch, node);
    }
  }
  for (const at of ties) {
    if (positions[at] !== CLOSED) continue;
    const branch = firstSwitchBranch + at;
    const { from, to } = network.grid.switches[at]!;
    let node = state.parentBranch[from] === branch ? to : from;
    if (state.nodeSource[node] === -1) continue;
    for (let next: number; ; node = otherEnd(network, next, node)) {
      const section = network.nodeSection[node]!;
      if (sections.has(section)) found.set(section * switchCount + at, section);
      next = state.parentBranch[node]!;
      if (next === -1) break;
    }
  }
  return found;
}

/** Where there are loops no tree says what hangs on what: each is taken out in turn. */
function pairsByTrial(
  { network, request }: RestorationProblem,
  { sections, ties }: PhaseDoubt,
  positions: Uint8Array,
): Pairs {
  const lostSources = new Set(request.lostSources);
  const sourcesWithout = (switches: Iterable<number>): Int32Array => {
    const apart = positions.slice();
    for (const at of switches) apart[at] = OPEN;
    return energise(network, apart, { lostSources }).nodeSource;
  };
  const { switchCount, sectionSwitches, sectionSwitchStart } = network;
  const all = sourcesWithout([]);
  const found = new Map<number, number>();
  const closed = ties.filter(
    (at) => positions[at] === CLOSED && all[network.grid.switches[at]!.from] !== -1,
  );
  const withoutTie = closed.map((at) => sourcesWithout([at]));
  for (const section of sections) {
    const node = firstNode(network, section);
    if (all[node] === -1) continue;
    const around = sectionSwitches.subarray(
      sectionSwitchStart[section],
      sectionSwitchStart[section + 1],
    );
    const withoutSection = sourcesWithout(around);
    closed.forEach((at, place) => {
      const { from, to } = network.grid.switches[at]!;
      const hangsOnTie = withoutTie[place]![node] === -1;
      const isTaken = around.includes(at);
      const isDead = withoutSection[from] === -1 || withoutSection[to] === -1;
      if (hangsOnTie || isTaken || isDead) found.set(section * switchCount + at, section);
    });
  }
  return found;
}

function firstNode({ sectionNodes, sectionStart }: Network, section: number): number {
  return sectionNodes[sectionStart[section]!]!;
}
