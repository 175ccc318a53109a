import type { Rejection } from '@relight/contract';
import type { Violation } from '@relight/powerflow';
import { CLOSED, OPEN } from '@relight/topology';
import { round } from './figures.ts';
import { heldDead } from './held-dead.ts';
import type { RestorationProblem } from './problem.ts';
import { lastKnown } from './switching-state.ts';

/**
 * Why each open switch at the outage stays open: what bars it, the limit that would break if it
 * alone took what it leads to, or that nobody needed it.
 * @param served - by section, at the end of the plan.
 */
export function rejectedTies(
  problem: RestorationProblem,
  final: Uint8Array,
  served: Uint8Array,
): readonly Rejection[] {
  const { network, positions } = problem;
  const isolated = isolatedState(problem);
  const rejected: Rejection[] = [];
  for (let at = 0; at < network.switchCount; at++) {
    const sides = [network.switchSectionFrom[at]!, network.switchSectionTo[at]!] as const;
    const touchesOutage = sides.some(
      (section) => problem.wasLive[section] === 1 && problem.isLive[section] === 0,
    );
    if (!touchesOutage || positions[at] === CLOSED || final[at] === CLOSED) continue;
    rejected.push({
      switch: network.grid.switches[at]!.id,
      ...whyNot(problem, at, sides, isolated, final, served),
    });
  }
  return rejected;
}

type Reason = Omit<Rejection, 'switch'>;

function whyNot(
  problem: RestorationProblem,
  at: number,
  sides: readonly [number, number],
  isolated: Uint8Array,
  final: Uint8Array,
  served: Uint8Array,
): Reason {
  const bar = problem.bars[at]!;
  if (bar !== null) return { kind: bar };
  const held = sides
    .map((section) => problem.stayDead.reason[section]!)
    .find((why) => why !== null);
  if (held !== undefined) {
    const tie = sides.map((section) => problem.stayDead.tiedBy[section]!).find((by) => by >= 0);
    const limit = tie === undefined ? {} : { limit: problem.network.grid.switches[tie]!.id };
    return held === 'dark' ? { kind: 'source' } : { kind: held, ...limit };
  }
  const live = sides.filter((section) => problem.isLive[section] === 1);
  if (live.length === 0) {
    const bothServed = sides.every((section) => served[section] === 1);
    return { kind: bothServed ? 'notNeeded' : 'source' };
  }
  const alone = tryClose(problem, isolated, at);
  if (alone !== null) return alone;
  const everybodyServed = sides.every((section) => served[section] === 1);
  return everybodyServed
    ? { kind: 'notNeeded' }
    : (tryClose(problem, final, at) ?? { kind: 'notNeeded' });
}

/** The limit that closing a switch breaks; null = none. */
function tryClose(problem: RestorationProblem, from: Uint8Array, at: number): Reason | null {
  const { judge, network } = problem;
  const positions = from.slice();
  positions[at] = CLOSED;
  const known = lastKnown(problem, positions);
  const state = judge.energise(known);
  if (state.loopBranches.length > problem.now.loopBranches.length) return { kind: 'parallel' };
  for (let section = 0; section < network.sectionCount; section++) {
    const reason = problem.stayDead.reason[section]!;
    const node = network.sectionNodes[network.sectionStart[section]!]!;
    if (reason === null || problem.isLive[section] === 1 || state.nodeSource[node] === -1) continue;
    return { kind: reason === 'dark' ? 'source' : reason };
  }
  const { from: node } = network.grid.switches[at]!;
  const { violation } = judge.judge(known, state, new Set([state.nodeSource[node]!]));
  if (violation === null) return null;
  return violation === 'notConverged' ? { kind: 'voltage' } : asReason(violation);
}

function asReason({ kind, equipment, value, allowed, unit }: Violation): Reason {
  const digits = unit === '%' ? 2 : unit === 'pu' ? 6 : 3;
  return {
    kind,
    limit: equipment,
    value: round(value, digits),
    allowed: round(allowed, digits),
    unit,
  };
}

/** After the trip with the fault cut off on every side that can be opened, nothing closed. */
function isolatedState(problem: RestorationProblem): Uint8Array {
  const { network, positions, bars } = problem;
  const isolated = positions.slice();
  const held = heldDead(
    problem,
    positions.map((position, at) => (bars[at] === null ? OPEN : position)),
  );
  for (let at = 0; at < network.switchCount; at++) {
    if (positions[at] !== CLOSED || bars[at] !== null) continue;
    const from = held[network.switchSectionFrom[at]!]!;
    if (from !== held[network.switchSectionTo[at]!]) isolated[at] = OPEN;
  }
  return isolated;
}
