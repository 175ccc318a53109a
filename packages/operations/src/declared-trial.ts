import type { TrialState } from '@relight/contract';
import type { Incident } from './incident-state.ts';
import type { OperationsState } from './state.ts';

/** A trial close that a person has declared: one close of one device, bound to one command. */
export interface DeclaredTrial {
  readonly switchIndex: number;
  /** Suspected sections it energises, ascending. */
  readonly sections: readonly number[];
  readonly command: string;
  readonly by: string;
  readonly at_ms: number;
  state: TrialState;
  /** Monotonic end of the time in which a trip would be its answer; null before the close. */
  watchUntil_ms: number | null;
}

/** The close is on its way, or the time runs in which a trip would be its answer. */
export function isTrying({ trial }: Incident): boolean {
  return trial !== null && (trial.state === 'closing' || trial.state === 'watching');
}

/** The incident whose declared trial this command is; its part is no obstacle to it. */
export function incidentOfTrial(state: OperationsState, command: string | null): Incident | null {
  if (command === null) return null;
  return (
    state.incidents.find(({ trial }) => trial?.command === command && trial.state === 'closing') ??
    null
  );
}
