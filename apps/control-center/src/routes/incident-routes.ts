import {
  Accepted,
  CommandView,
  DecisionRequest,
  EarthFaultAction,
  ModeRequest,
  ScopeModeRequest,
  TrialCloseRequest,
  WayBackRequest,
} from '@relight/contract';
import { Done, type Route } from './route.ts';

/** Incidents, their plans, and how far automation may go. */
export const INCIDENT_ROUTES = {
  decide: {
    id: 'decide',
    method: 'POST',
    path: '/incidents/:id/decision',
    right: 'decide',
    body: DecisionRequest,
    summary: 'Approves, steps, holds or aborts the plan of an incident',
    answer: { status: 202, schema: Done },
  },
  trialClose: {
    id: 'trialClose',
    method: 'POST',
    path: '/incidents/:id/trial-close',
    right: 'command',
    body: TrialCloseRequest,
    summary: 'Declares one trial close onto a part that may hold the fault',
    answer: { status: 202, schema: CommandView },
  },
  wayBack: {
    id: 'wayBack',
    method: 'POST',
    path: '/incidents/:id/way-back',
    right: 'decide',
    body: WayBackRequest,
    summary: 'Asks for the way back to the normal state once the faulted part is repaired',
    answer: { status: 202, schema: Done },
  },
  earthFault: {
    id: 'earthFault',
    method: 'POST',
    path: '/earth-faults/:id',
    right: 'command',
    body: EarthFaultAction,
    summary:
      'Next step of the search for an earth fault that stands: try, stop, leave open, run for',
    answer: { status: 202, schema: Done },
  },
  setMode: {
    id: 'setMode',
    method: 'PUT',
    path: '/feeders/:id/mode',
    right: 'mode',
    body: ModeRequest,
    summary: 'Sets how far the engine may act by itself on a feeder',
    answer: { status: 202, schema: Done },
  },
  setScopeMode: {
    id: 'setScopeMode',
    method: 'PUT',
    path: '/automation',
    right: 'mode',
    body: ScopeModeRequest,
    summary: 'Sets how far the engine may act: everywhere, in a substation, with a device',
    answer: { status: 202, schema: Accepted },
  },
} as const satisfies Readonly<Record<string, Route>>;
