import { BRANCH_TRANSFORMER, otherEnd, UNKNOWN, type Energisation } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';
import { doubtOnWay } from './phase-order.ts';
import { lastKnown } from './last-known.ts';

/** Why a switch may not join its two live sides, not even for a moment. */
export type NoParallel =
  | 'notAllowed'
  | 'dead'
  | 'angleGroup'
  | 'phaseShift'
  | 'phaseOrder'
  | 'doubt';

/**
 * True where a switch may join its two live sides for a moment: it is marked for it, both sides
 * hang on one source or on sources of one angle group, the phase shifts of the transformers on the
 * two ways add up to the same, the phase order is confirmed along both, and nothing there is in
 * doubt: no switch of unknown position, which may join a third source, and no generator that can
 * carry an island.
 */
export function mayParallel(
  problem: RestorationProblem,
  positions: Uint8Array,
  at: number,
): boolean {
  return whyNoParallel(problem, positions, at) === null;
}

/** The first rule of `mayParallel` that forbids it; null: none does. */
export function whyNoParallel(
  problem: RestorationProblem,
  positions: Uint8Array,
  at: number,
): NoParallel | null {
  const { network, judge } = problem;
  const { from, to, parallelAllowed } = network.grid.switches[at]!;
  if (!parallelAllowed) return 'notAllowed';
  const state = judge.energise(lastKnown(problem, positions));
  const [a, b] = [state.nodeSource[from]!, state.nodeSource[to]!];
  if (a === -1 || b === -1) return 'dead';
  const sources = network.grid.sources;
  if (a !== b && sources[a]!.angleGroup !== sources[b]!.angleGroup) return 'angleGroup';
  if (phaseShift_deg(problem, state, from) !== phaseShift_deg(problem, state, to)) {
    return 'phaseShift';
  }
  const joined = problem.phaseDoubt?.sections ?? new Set();
  if ([from, to].some((node) => doubtOnWay(network, joined, state, node) !== -1)) {
    return 'phaseOrder';
  }
  return isInDoubt(problem, state, positions, [a, b]) ? 'doubt' : null;
}

/** True where an unknown switch or a generator that can carry an island is on a tree of the sources. */
function isInDoubt(
  { network, request }: RestorationProblem,
  { nodeSource }: Energisation,
  positions: Uint8Array,
  joined: readonly number[],
): boolean {
  const { switches, generators } = network.grid;
  const isThere = (node: number): boolean => joined.includes(nodeSource[node]!);
  for (const at of request.options.untrusted) {
    if (positions[at] !== UNKNOWN) continue;
    if (isThere(switches[at]!.from) || isThere(switches[at]!.to)) return true;
  }
  return generators.some((unit) => unit.canIsland && isThere(unit.node));
}

function phaseShift_deg(
  { network }: RestorationProblem,
  state: Energisation,
  start: number,
): number {
  let node = start;
  let shift = 0;
  for (let branch = state.parentBranch[node]!; branch !== -1; branch = state.parentBranch[node]!) {
    if (network.branchKind[branch] === BRANCH_TRANSFORMER) {
      const own = network.grid.transformers[branch - network.lineCount]!.phaseShift_deg;
      shift += network.branchTo[branch] === node ? own : -own;
    }
    node = otherEnd(network, branch, node);
  }
  return ((shift % 360) + 360) % 360;
}
