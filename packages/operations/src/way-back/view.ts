import { canonicalJson, type IncidentView, type WayBackView } from '@relight/contract';
import { OPEN } from '@relight/topology';
import type { Engine } from '../engine.ts';
import { isClosed, type Incident } from '../incident-state.ts';
import type { OperationsState } from '../state.ts';
import type { StepContext } from '../step-context.ts';
import { missingConditions } from './conditions.ts';
import { deviatingSwitches, wayBackScope } from './switches.ts';

/** No plan of it is at work, and it is neither momentary nor over. */
export function mayAskWayBack(incident: Incident): boolean {
  const { state, wayBack } = incident;
  if (state === 'momentary' || state === 'returned') return false;
  return isClosed(incident) || (wayBack !== null && state === 'noPlan');
}

/** The way back as the console shows it; nothing where there is none to show. */
export function wayBackOf(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): Pick<IncidentView, 'wayBack'> {
  const view = viewOf(engine, state, incident);
  return view === null ? {} : { wayBack: view };
}

function viewOf(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  deviating?: readonly number[],
): WayBackView | null {
  const { wayBack } = incident;
  const mayAsk = mayAskWayBack(incident);
  if (!mayAsk && wayBack === null) return null;
  const scope = wayBackScope(engine, state, incident, deviating);
  if (wayBack === null && scope.offNormal.length === 0) return null;
  const missing = missingConditions(engine, state, incident, scope);
  return {
    offered: mayAsk && missing.length === 0 && scope.offNormal.length > 0,
    missing: [...missing],
    offNormal: scope.offNormal.map((at) => ({
      switch: engine.grid.switches[at]?.id ?? '',
      normal: engine.normalPositions[at] === OPEN ? 'open' : 'closed',
    })),
    asked:
      wayBack === null
        ? null
        : {
            by: wayBack.by,
            reason: wayBack.reason,
            at_ms: wayBack.at_ms,
            mayInterrupt: wayBack.mayInterrupt,
          },
  };
}

/**
 * Tells the console where what stands in the way of a way back has changed: a tag, an earth, a
 * position or a mode, of which the incident itself hears nothing.
 */
export function touchWaysBack(context: StepContext): void {
  const { engine, state, touched } = context;
  const mayChange =
    context.pictureChanged ||
    touched.incidents.size + touched.tags.size + touched.earths.size + touched.feeders.size > 0 ||
    touched.removedTags.length + touched.removedEarths.length + touched.entered.size > 0 ||
    touched.earthFaults.size + touched.modes.size > 0;
  if (!mayChange) return;
  const deviating = deviatingSwitches(engine, state);
  for (const incident of state.incidents) {
    const view = viewOf(engine, state, incident, deviating);
    const shown = view === null ? '' : canonicalJson(view);
    if (shown === incident.wayBackShown) continue;
    incident.wayBackShown = shown;
    touched.incidents.add(incident.id);
  }
}
