import type { RestorationProblem } from './problem.ts';
import type { SwitchingState } from './switching-state.ts';

/** What a way back has to keep to beside the limits of every plan. */
export interface ReturnRules {
  /** Sections that were faulted and are repaired: each is energised first by an `energiser`. */
  readonly repaired: ReadonlySet<number>;
  /** Switches that may: breakers and reclosers whose reclosing is off or can be switched off. */
  readonly energisers: ReadonlySet<number>;
  /** Customers who have supply may be off for a moment where it cannot be had otherwise. */
  readonly mayInterrupt: boolean;
}

/** What the finding of one move is given beside the state. */
export interface ReturnSearch {
  readonly problem: RestorationProblem;
  readonly touched: ReadonlySet<number>;
  readonly rules: ReturnRules;
  /** Section from which each switch feeds in the normal state, by switch; −1 where it feeds none. */
  readonly feeds: Int32Array;
}

/** True where a repaired section that is dead in one state is live in the other. */
export function energisesUnproved(
  { rules }: ReturnSearch,
  before: SwitchingState,
  after: SwitchingState,
): boolean {
  for (const section of rules.repaired) {
    if (before.live[section] === 0 && after.live[section] === 1) return true;
  }
  return false;
}

/** Sections on the two sides of a switch. */
export function sidesOf({ network }: RestorationProblem, at: number): readonly [number, number] {
  return [network.switchSectionFrom[at]!, network.switchSectionTo[at]!];
}
