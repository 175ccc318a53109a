import type { Network } from '@relight/topology';
import type { PlanRequest } from '../plan-request.ts';
import type { RestorationProblem } from './problem.ts';
import type { Scope } from './scope.ts';

/**
 * What the states that are looked at can differ in. Everything else stands as it did after the
 * trip, and is not looked at again for every state. Widened ring by ring.
 */
export interface Reach {
  /** Switch indices, ascending: all that may be moved or whose position is not known. */
  switches: ArrayLike<number>;
  /** Section indices, ascending: all that may become live or dead. */
  sections: ArrayLike<number>;
}

const everything = new WeakMap<Network, Reach>();

/** The whole network. */
export function reachAll(network: Network): Reach {
  let all = everything.get(network);
  if (all === undefined) {
    all = { switches: upTo(network.switchCount), sections: upTo(network.sectionCount) };
    everything.set(network, all);
  }
  return { ...all };
}

/** 0, 1, … */
function upTo(count: number): Int32Array {
  const places = new Int32Array(count);
  for (let place = 0; place < count; place++) places[place] = place;
  return places;
}

/**
 * Takes in what plans within a scope can change. With switches of unknown position that is the
 * whole network: what hangs on them may lie anywhere.
 */
export function reachScope({ reach, request }: RestorationProblem, scope: Scope): void {
  if (request.options.untrusted.size > 0) return;
  reach.switches = withMovedBefore(request, scope.free);
  reach.sections = scope.sections;
}

/** The switches that stand otherwise than in the state that protection left are among them. */
function withMovedBefore(
  { positionsNow, widened }: PlanRequest,
  free: ArrayLike<number>,
): ArrayLike<number> {
  if (widened === undefined) return free;
  const { positionsAfterTrip } = widened;
  const all = new Set(Array.from(free));
  positionsNow.forEach((position, at) => {
    if (position !== positionsAfterTrip[at]) all.add(at);
  });
  return [...all].sort((a, b) => a - b);
}

/**
 * Only what plans within a part of the dead area can change, with everything else as after the trip;
 * until `reachScope` is called again.
 */
export function reachPart(problem: RestorationProblem, part: Scope): void {
  const { request, judge, positions } = problem;
  // Where live parts have been switched off, the state after the trip lies outside the part.
  if (request.options.untrusted.size > 0 || request.widened !== undefined) return;
  judge.energise(positions);
  problem.reach.switches = part.free;
  problem.reach.sections = part.sections;
}
