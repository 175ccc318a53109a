import { trialCloses, type Trials } from '@relight/flisr';
import { isTrying } from './declared-trial.ts';
import type { Engine } from './engine.ts';
import { isClosed, type Incident } from './incident-state.ts';
import { isLinked, isOnRemote, isRemote, isSound } from './interlocks/device-condition.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import type { OperationsState } from './state.ts';

/** Trials that could be declared for an incident now; null: its state allows none. */
export function trialsOf(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): Trials | null {
  if (!mayBeTried(incident)) return null;
  const kept = sectionsKeptDead(incident).filter(
    (section) => state.sections[section]?.condition !== 'live',
  );
  if (kept.length === 0) return null;
  const shares = new Map(
    (incident.location?.candidates ?? []).map(({ section, probability }) => [section, probability]),
  );
  const condemned = new Set(state.incidents.flatMap((each) => (each.lifted ? [] : each.condemned)));
  const known = kept.reduce((sum, section) => sum + (shares.get(section) ?? 0), 0);
  return trialCloses({
    network: engine.network,
    positions: state.positions,
    live: state.energisation,
    suspected: new Map(
      kept.map((section) => [section, known > 0 ? (shares.get(section) ?? 0) : 1 / kept.length]),
    ),
    condemned,
    mayBeOperated: (index) =>
      isRemote(engine, index, 'close').ok &&
      isOnRemote(engine, state, index).ok &&
      isSound(engine, state, index).ok &&
      isLinked(engine, state, index).ok,
  });
}

/** No plan of it is at work or waiting, and no trial is under way. */
function mayBeTried(incident: Incident): boolean {
  const atRest = isClosed(incident) || incident.state === 'noPlan';
  return atRest && !incident.lifted && !isTrying(incident);
}
