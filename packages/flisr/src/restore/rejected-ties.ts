import type { Rejection } from '@relight/contract';
import { CLOSED } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';
import type { Bar } from './switch-permission.ts';
import { switchesAt } from './tree-sections.ts';
import { cutOff, tryClose, type Reason } from './try-close.ts';

/**
 * Why each open switch at the outage stays open, and why a closed one that would isolate does not: what bars it, the limit that would break if it
 * alone took what it leads to, or that nobody needed it. And why a switch that was opened between
 * a served part and a healthy dark one stays so.
 * @param served - by section, at the end of the plan.
 */
export function rejectedTies(
  problem: RestorationProblem,
  final: Uint8Array,
  served: Uint8Array,
): readonly Rejection[] {
  const { network, positions } = problem;
  const isolated = cutOff(problem, positions);
  const rejected: Rejection[] = [];
  for (const at of switchesAt(problem, problem.deadSections)) {
    const sides = [network.switchSectionFrom[at]!, network.switchSectionTo[at]!] as const;
    const touchesOutage = sides.some(
      (section) => problem.wasLive[section] === 1 && problem.isLive[section] === 0,
    );
    if (!touchesOutage) continue;
    const failed = failedBorder(problem, at);
    if (failed !== null) {
      rejected.push({ switch: network.grid.switches[at]!.id, kind: failed });
      continue;
    }
    if (final[at] === CLOSED) continue;
    if (positions[at] === CLOSED) {
      const reason = cutsHealthyPart(problem, sides, served)
        ? tryClose(problem, cutOff(problem, final), at)
        : null;
      if (reason !== null) rejected.push({ switch: network.grid.switches[at]!.id, ...reason });
      continue;
    }
    rejected.push({
      switch: network.grid.switches[at]!.id,
      ...whyNot(problem, at, sides, isolated, final, served),
    });
  }
  return rejected;
}

/** What keeps a switch from opening now that it could open otherwise. */
const OPENS_IF_LET: readonly Bar[] = ['stuck', 'tag', 'mode'];

/**
 * What keeps a closed switch that would border what must stay dead from opening now, so that the next
 * ones outward do; null where it is no such switch. What can never be opened by remote control is no
 * border to begin with.
 */
function failedBorder(
  { network, positions, bars, stayDead }: RestorationProblem,
  at: number,
): Exclude<Bar, null> | null {
  const bar = bars.of(at);
  if (bar === null || positions[at] !== CLOSED || !OPENS_IF_LET.includes(bar)) return null;
  const sides = [network.switchSectionFrom[at]!, network.switchSectionTo[at]!];
  return sides.some((section) => stayDead.tiedBy.get(section) === at) ? bar : null;
}

function cutsHealthyPart(
  { stayDead }: RestorationProblem,
  sides: readonly [number, number],
  served: Uint8Array,
): boolean {
  const dark = sides.filter((section) => served[section] === 0);
  return dark.length === 1 && dark.every((section) => !stayDead.reason.has(section));
}

function whyNot(
  problem: RestorationProblem,
  at: number,
  sides: readonly [number, number],
  isolated: Uint8Array,
  final: Uint8Array,
  served: Uint8Array,
): Reason {
  const bar = problem.bars.of(at);
  if (bar !== null) return { kind: bar };
  const held = sides
    .map((section) => problem.stayDead.reason.get(section))
    .find((why) => why !== undefined);
  if (held === 'generator') return { kind: held, limit: generatorAt(problem, sides) };
  if (held !== undefined) {
    const tie = sides
      .map((section) => problem.stayDead.tiedBy.get(section))
      .find((by) => by !== undefined);
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

/** Id of the generator that may carry one of the sides as an island, the first by id. */
function generatorAt(
  { network, stayDead }: RestorationProblem,
  sides: readonly [number, number],
): string {
  const held = sides.find((section) => stayDead.reason.get(section) === 'generator') ?? sides[0];
  const tie = stayDead.tiedBy.get(held) ?? -1;
  const unit = network.grid.generators.find(
    ({ canIsland, node }) => canIsland && network.nodeSection[node] === held,
  );
  return unit?.id ?? network.grid.switches[tie]!.id;
}
