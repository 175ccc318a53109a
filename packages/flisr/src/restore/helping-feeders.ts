import type { RestorationProblem } from './problem.ts';
import { lastKnown } from './last-known.ts';

/**
 * Feeders (indices, ascending) that a plan gives load to or takes load from, those of the outage
 * itself left out.
 */
export function helpingFeeders(problem: RestorationProblem, final: Uint8Array): readonly number[] {
  const { before, now, network, judge, reach } = problem;
  const after = judge.energise(lastKnown(problem, final));
  const out = new Set<number>();
  const changed = new Set<number>();
  // Feeders part at their heads, which are switches: one node speaks for its section.
  for (let k = 0; k < reach.sections.length; k++) {
    const section = reach.sections[k]!;
    const node = network.sectionNodes[network.sectionStart[section]!]!;
    if (before.nodeSource[node] !== -1 && now.nodeSource[node] === -1) {
      out.add(before.nodeFeeder[node]!);
    }
    if (now.nodeFeeder[node] === after.nodeFeeder[node]) continue;
    changed.add(now.nodeFeeder[node]!);
    changed.add(after.nodeFeeder[node]!);
  }
  return [...changed].filter((feeder) => feeder !== -1 && !out.has(feeder)).sort((a, b) => a - b);
}
