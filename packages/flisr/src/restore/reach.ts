import type { Network } from '@relight/topology';
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

/** The whole network. */
export function reachAll({ switchCount, sectionCount }: Network): Reach {
  return { switches: upTo(switchCount), sections: upTo(sectionCount) };
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
export function reachScope(problem: RestorationProblem, scope: Scope): void {
  const { network, now, reach, request } = problem;
  if (request.options.untrusted.size > 0) return;
  reach.switches = scope.free;
  const sections: number[] = [];
  for (let section = 0; section < network.sectionCount; section++) {
    const source = now.nodeSource[network.sectionNodes[network.sectionStart[section]!]!]!;
    if (source === -1 || scope.sources.has(source)) sections.push(section);
  }
  reach.sections = sections;
}
