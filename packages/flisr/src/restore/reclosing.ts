import { otherEnd } from '@relight/topology';
import type { RestorationProblem } from './problem.ts';
import type { Sequence } from './sequence.ts';
import { lastKnown } from './switching-state.ts';

/**
 * Protective devices that carry a close of the plan, sorted by id: a trip in the guard time must
 * stay a trip. From the closed switch towards the source, up to the feeder's head; where there is
 * no feeder head on the way, the nearest one.
 */
export function reclosingOff(problem: RestorationProblem, { steps }: Sequence): string[] {
  const { network, judge } = problem;
  const positions = problem.positions.slice();
  const found = new Set<number>();
  for (const step of steps) {
    positions[step.at] = step.action === 'close' ? 1 : 0;
    if (step.action !== 'close' || step.restoresCustomers + step.restores_W === 0) continue;
    const state = judge.energise(lastKnown(problem, positions));
    const device = network.grid.switches[step.at]!;
    const branch = network.firstSwitchBranch + step.at;
    let node = state.parentBranch[device.to] === branch ? device.to : device.from;
    const devices: number[] = [];
    let head = false;
    while (!head && state.parentBranch[node]! !== -1) {
      const up = state.parentBranch[node]!;
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
  return [...found].sort((a, b) => a - b).map((at) => network.grid.switches[at]!.id);
}
