import type { Rejection } from '@relight/contract';
import type { Violation } from '@relight/powerflow';
import { CLOSED, OPEN, sectionEquipment } from '@relight/topology';
import { round } from './figures.ts';
import { heldDead } from './held-dead.ts';
import { newlyFedByTie } from './phase-order.ts';
import type { RestorationProblem } from './problem.ts';
import { lastKnown } from './last-known.ts';

/** Why a switch is not closed. */
export type Reason = Omit<Rejection, 'switch'>;

/** What closing a switch would break in a state; null = nothing. */
export function tryClose(problem: RestorationProblem, from: Uint8Array, at: number): Reason | null {
  const { judge, network } = problem;
  const positions = from.slice();
  positions[at] = CLOSED;
  const known = lastKnown(problem, positions);
  const state = judge.energise(known);
  if (state.loopBranches.length > problem.now.loopBranches.length) return { kind: 'parallel' };
  const { sections } = problem.reach;
  for (let k = 0; k < sections.length; k++) {
    const section = sections[k]!;
    const reason = problem.stayDead.reason.get(section);
    const node = network.sectionNodes[network.sectionStart[section]!]!;
    if (reason === undefined || problem.isLive[section] === 1 || state.nodeSource[node] === -1)
      continue;
    return { kind: reason === 'dark' ? 'source' : reason };
  }
  // Read before the next state is looked at: it writes this one over.
  const source = state.nodeSource[network.grid.switches[at]!.from]!;
  const doubtful = newlyFedByTie(problem, from, positions);
  if (doubtful !== -1) {
    return { kind: 'phaseOrder', limit: sectionEquipment(network, doubtful)[0]! };
  }
  const { violation, ahead_h } = judge.judge(known, new Set([source]));
  if (violation === null) return null;
  const when = ahead_h === 0 ? {} : { ahead_h };
  return violation === 'notConverged'
    ? { kind: 'voltage', ...when }
    : { ...asReason(violation), ...when };
}

/** A broken limit as the reason not to close. */
export function asReason({ kind, equipment, value, allowed, unit }: Violation): Reason {
  const digits = unit === '%' ? 2 : unit === 'pu' ? 6 : 3;
  return {
    kind,
    limit: equipment,
    value: round(value, digits),
    allowed: round(allowed, digits),
    unit,
  };
}

/** A state with the fault cut off on every side that can be opened, nothing closed. */
export function cutOff(problem: RestorationProblem, state: Uint8Array): Uint8Array {
  const { network, positions, bars } = problem;
  const isolated = state.slice();
  const { switches } = problem.reach;
  const apart = positions.slice();
  for (let k = 0; k < switches.length; k++) {
    if (bars.of(switches[k]!) === null) apart[switches[k]!] = OPEN;
  }
  const held = heldDead(problem, apart);
  for (let k = 0; k < switches.length; k++) {
    const at = switches[k]!;
    if (positions[at] !== CLOSED || bars.of(at) !== null) continue;
    const from = held[network.switchSectionFrom[at]!]!;
    if (from !== held[network.switchSectionTo[at]!]) isolated[at] = OPEN;
  }
  return isolated;
}
