import { otherEnd } from '@relight/topology';
import { bearsGeneratorsStarting } from './generators-starting.ts';
import { sidesOf, type ReturnSearch } from './return-rules.ts';
import { lastKnown } from './last-known.ts';
import { move, type SwitchingState } from './switching-state.ts';

/**
 * Energises one dead part that holds a repaired section, by a breaker or recloser at its border,
 * from the side it belongs to where that is possible, else from another one. Where none borders it,
 * dead switches between dead parts are closed first until one does. null: there is no such way.
 */
export function energiseRepaired(
  search: ReturnSearch,
  state: SwitchingState,
): SwitchingState | null {
  if (dead(search, state).length === 0) return null;
  return closeEnergiser(search, state) ?? joinDead(search, state);
}

function closeEnergiser(search: ReturnSearch, state: SwitchingState): SwitchingState | null {
  const { problem, touched, rules, feeds } = search;
  const ready = state.closes.flatMap((at) => {
    const live = sidesOf(problem, at).filter((section) => state.live[section] === 1);
    return rules.energisers.has(at) && live.length === 1
      ? [{ at, own: live[0] === feeds[at] }]
      : [];
  });
  for (const { at } of ready.sort((a, b) => +b.own - +a.own || a.at - b.at)) {
    const closed = move(problem, state, at, 'return', touched);
    if (closed !== null && dead(search, closed).length < dead(search, state).length) return closed;
  }
  return null;
}

/** Closes between dead parts what is to be closed anyway, until a breaker can give life to all. */
function joinDead(search: ReturnSearch, start: SwitchingState): SwitchingState | null {
  const { problem, touched } = search;
  let state = start;
  for (const at of start.closes) {
    if (sidesOf(problem, at).some((section) => state.live[section] === 1)) continue;
    const joined = move(problem, state, at, 'return', touched);
    if (joined === null) continue;
    state = joined;
    const energised = closeEnergiser(search, state);
    if (energised !== null) return energised;
  }
  return null;
}

/**
 * The last way: no breaker borders the repaired part. The next one towards the source is opened for
 * a moment, the switch before the part is closed dead, and the breaker energises all. Only where
 * interrupting is allowed; the way that interrupts the fewest customers.
 */
export function interruptToEnergise(
  search: ReturnSearch,
  state: SwitchingState,
): SwitchingState | null {
  const { problem, touched, rules, feeds } = search;
  if (!rules.mayInterrupt || dead(search, state).length === 0) return null;
  let best: SwitchingState | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const at of state.closes) {
    const live = sidesOf(problem, at).filter((section) => state.live[section] === 1);
    if (live.length !== 1 || live[0] !== feeds[at]) continue;
    const by = energiserAbove(search, state, at);
    if (by === -1) continue;
    const opened = move(problem, state, by, 'return', touched);
    if (opened === null) continue;
    const interrupted = opened.steps.at(-1)!.interruptsCustomers;
    if (interrupted >= fewest) continue;
    const closed = move(problem, opened, at, 'return', touched);
    if (closed === null) continue;
    const ready = { ...closed, closes: [...closed.closes, by].sort((a, b) => a - b) };
    const back = move(problem, ready, by, 'return', touched);
    if (back === null || dead(search, back).length >= dead(search, state).length) continue;
    if (state.live.some((was, section) => was === 1 && back.live[section] === 0)) continue;
    if (!bearsGeneratorsStarting(problem, back.steps, touched)) continue;
    best = back;
    fewest = interrupted;
  }
  return best;
}

/** The next closed energiser from the live side of a switch towards its source; −1: none. */
function energiserAbove({ problem, rules }: ReturnSearch, state: SwitchingState, at: number) {
  const { network, judge, bars } = problem;
  const { parentBranch, nodeSource } = judge.energise(lastKnown(problem, state.positions));
  const device = network.grid.switches[at]!;
  let node = nodeSource[device.from] === -1 ? device.to : device.from;
  for (let up = parentBranch[node]!; up !== -1; up = parentBranch[node]!) {
    const above = up - network.firstSwitchBranch;
    if (above >= 0 && rules.energisers.has(above) && bars.of(above) === null) return above;
    node = otherEnd(network, up, node);
  }
  return -1;
}

/** Repaired sections that have not been energised. */
function dead({ rules }: ReturnSearch, state: SwitchingState): readonly number[] {
  return [...rules.repaired].filter((section) => state.live[section] === 0);
}
