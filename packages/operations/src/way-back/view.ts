import type { IncidentView, WayBackView } from '@relight/contract';
import { OPEN } from '@relight/topology';
import type { Engine } from '../engine.ts';
import { isClosed, type Incident } from '../incident-state.ts';
import type { OperationsState } from '../state.ts';
import { missingConditions } from './conditions.ts';
import { wayBackScope } from './switches.ts';

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
  const view = wayBackView(engine, state, incident);
  return view === null ? {} : { wayBack: view };
}

/**
 * null: there is none to show.
 * @param deviating - switches that do not stand as they do normally; absent: they are looked for.
 */
export function wayBackView(
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
