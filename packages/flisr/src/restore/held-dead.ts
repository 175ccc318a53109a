import { CLOSED, UNKNOWN } from '@relight/topology';
import { uint8 } from './columns.ts';
import type { RestorationProblem } from './problem.ts';

/**
 * By section: 1 where it stays connected, in a final state, to something that must stay dead
 * (what was merely dark before the fault is left out: nothing is isolated from it).
 */
export function heldDead(problem: RestorationProblem, final: Uint8Array): Uint8Array {
  const roots: number[] = [];
  const { sections } = problem.reach;
  for (let k = 0; k < sections.length; k++) {
    const reason = problem.stayDead.reason.get(sections[k]!);
    if (reason !== undefined && reason !== 'dark') roots.push(sections[k]!);
  }
  return connectedTo(problem, final, roots, problem.isLive);
}

/**
 * By section: 1 where it hangs together with the roots by closed or unknown switches.
 * @param apart - by section: 1 where no unknown switch leads to; none by default.
 */
export function connectedTo(
  { network }: Pick<RestorationProblem, 'network'>,
  positions: Uint8Array,
  roots: readonly number[],
  apart?: Uint8Array,
): Uint8Array {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const held = uint8(network.sectionCount);
  const queue: number[] = [];
  const add = (section: number): void => {
    if (held[section] === 1) return;
    held[section] = 1;
    queue.push(section);
  };
  roots.forEach(add);
  for (const section of queue) {
    const end = sectionSwitchStart[section + 1]!;
    for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
      const at = sectionSwitches[entry]!;
      if (positions[at] !== CLOSED && positions[at] !== UNKNOWN) continue;
      const from = switchSectionFrom[at]!;
      const far = from === section ? switchSectionTo[at]! : from;
      if (positions[at] === UNKNOWN && apart?.[far] === 1) continue;
      add(far);
    }
  }
  return held;
}
