import { BRANCH_TRANSFORMER, otherEnd, type Energisation } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';

/**
 * True where a switch may join its two live sides for a moment: it is marked for it, both sides
 * hang on one source or on sources of one angle group, and the phase shifts of the transformers
 * on the two ways add up to the same.
 */
export function mayParallel(problem: RestorationProblem, state: Energisation, at: number): boolean {
  const { network } = problem;
  const { from, to, parallelAllowed } = network.grid.switches[at]!;
  const [a, b] = [state.nodeSource[from]!, state.nodeSource[to]!];
  if (!parallelAllowed || a === -1 || b === -1) return false;
  const sources = network.grid.sources;
  if (a !== b && sources[a]!.angleGroup !== sources[b]!.angleGroup) return false;
  return phaseShift_deg(problem, state, from) === phaseShift_deg(problem, state, to);
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
