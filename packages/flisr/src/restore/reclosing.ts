import { otherEnd, type Energisation } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';
import type { Sequence } from './sequence.ts';
import { lastKnown } from './last-known.ts';

/**
 * Protective devices that carry a close of the plan, sorted by id: a trip in the guard time must
 * stay a trip. From the closed switch towards the source, up to the feeder's head; where there is
 * no feeder head on the way, the nearest one. A parallel is carried from both its sides.
 */
export function reclosingOff(problem: RestorationProblem, { steps }: Sequence): string[] {
  const { network, judge } = problem;
  const positions = problem.positions.slice();
  const found = new Set<number>();
  for (const step of steps) {
    const device = network.grid.switches[step.at]!;
    if (step.purpose === 'parallel') {
      const state = judge.energise(lastKnown(problem, positions));
      for (const end of [device.from, device.to]) carriersOf(problem, state, end, found);
    }
    positions[step.at] = step.action === 'close' ? 1 : 0;
    if (step.action !== 'close') continue;
    // A repaired part without load is energised by a way back like any other.
    if (step.restoresCustomers + step.restores_W === 0 && step.purpose !== 'return') continue;
    const state = judge.energise(lastKnown(problem, positions));
    const branch = network.firstSwitchBranch + step.at;
    const near = state.parentBranch[device.to] === branch ? device.to : device.from;
    if (state.nodeSource[near] === -1) continue;
    carriersOf(problem, state, near, found);
  }
  return [...found].sort((a, b) => a - b).map((at) => network.grid.switches[at]!.id);
}

/** Adds the devices that carry what is closed on at a node. */
function carriersOf(
  { network }: RestorationProblem,
  { parentBranch }: Energisation,
  start: number,
  found: Set<number>,
): void {
  let node = start;
  const devices: number[] = [];
  let head = false;
  while (!head && parentBranch[node]! !== -1) {
    const up = parentBranch[node]!;
    const at = up - network.firstSwitchBranch;
    if (at >= 0) {
      const { protects, kind } = network.grid.switches[at]!;
      if (protects && kind !== 'fuse') devices.push(at);
      head = network.switchFeeder[at] !== -1;
    }
    node = otherEnd(network, up, node);
  }
  for (const at of head ? devices : devices.slice(0, 1)) found.add(at);
}
