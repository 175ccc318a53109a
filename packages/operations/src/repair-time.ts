import type { RepairView } from '@relight/contract';
import type { Incident } from './incident-state.ts';
import type { OperationsState } from './state.ts';

export const HOUR_ms = 3_600_000;

/** Something of it is still broken, as far as anybody has said. */
export function awaitsRepair({ lifted, state }: Incident): boolean {
  return !lifted && state !== 'momentary';
}

/** Hours until the repair is expected to be done, to a tenth, upwards; 0 where that time is over. */
export function repairLeft_h(state: OperationsState, incident: Incident, now_ms: number): number {
  const left_h = (repairUntil_ms(state, incident) - now_ms) / HOUR_ms;
  return Math.ceil(Math.max(left_h, 0) * 10) / 10;
}

export function isRepairOverdue(
  state: OperationsState,
  incident: Incident,
  now_ms: number,
): boolean {
  return repairUntil_ms(state, incident) <= now_ms;
}

/** Monotonic. */
function repairUntil_ms({ configuration }: OperationsState, incident: Incident): number {
  return incident.repair?.until_ms ?? incident.opened_ms + configuration.expectedRepair_h * HOUR_ms;
}

/** What the console shows of it. */
export function repairOf(
  { configuration }: OperationsState,
  incident: Incident,
): { readonly repair?: RepairView } {
  if (!awaitsRepair(incident)) return {};
  const forecast = incident.plan?.forecast;
  return {
    repair: {
      due_ms:
        incident.repair?.dueAt_ms ??
        incident.openedAt_ms + configuration.expectedRepair_h * HOUR_ms,
      byName: incident.repair?.byName ?? null,
      ...(forecast === undefined ? {} : { forecast }),
    },
  };
}
