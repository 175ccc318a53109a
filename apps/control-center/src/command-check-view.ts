import type { CommandCheck, CommandCheckView } from '@relight/contract';
import {
  checkGates,
  checkTrialGates,
  snapshotViews,
  type Engine,
  type OperationsState,
} from '@relight/operations';

/** Every gate a command must pass now, as it is shown; null where there is no such switch. */
export function commandCheckView(
  engine: Engine,
  state: OperationsState,
  check: CommandCheck,
  monotonic_ms: number,
): CommandCheckView | null {
  const { equipment, operation, trialOf } = check;
  const gates =
    trialOf === undefined || operation !== 'close'
      ? checkGates(engine, state, check, { monotonic_ms })
      : checkTrialGates(engine, state, { incident: trialOf, equipment }, { monotonic_ms });
  if (gates === null) return null;
  const view = snapshotViews(engine, state).switches.find((one) => one.id === check.equipment);
  return {
    equipment,
    operation,
    position: view?.position ?? null,
    allowed: gates.every((gate) => gate.ok),
    gates: [...gates],
  };
}
