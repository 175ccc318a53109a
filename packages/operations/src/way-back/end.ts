import type { Bilingual } from '@relight/contract';
import { addEvent, type StepContext } from '../step-context.ts';
import { switchName, type Engine } from '../engine.ts';
import { setState } from '../incident-changes.ts';
import { isClosed, type Incident } from '../incident-state.ts';
import { restOnPresentScope } from '../plan-scope.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { stillDead, wayBackScope } from './switches.ts';

/**
 * The plan back is done. Where everything stands as it does normally the incident is over;
 * otherwise it stays open and says what is left, and why.
 */
export function endWayBack(context: StepContext, incident: Incident): void {
  const left = whatIsLeft(context, incident);
  if (left.length === 0) {
    returned(context, incident);
    return;
  }
  const { advisory = [], advisoryVi } = incident.plan?.document ?? {};
  const told = advisory.map((en, at) => say(advisoryVi?.[at] ?? en, en));
  incident.plan = null;
  incident.planHash = null;
  incident.progress = null;
  incident.reasons = [...incident.mustAsk, ...told, ...left];
  restOnPresentScope(context, incident);
  setState(context, incident, 'noPlan', left[0] ?? null);
}

/**
 * An incident at rest whose part was lifted and whose switches all stand as they do normally is
 * over, whoever moved them.
 */
export function noteReturned(context: StepContext, incident: Incident): void {
  const { state } = incident;
  const isAtRest = isClosed(incident) && (state === 'restored' || state === 'aborted');
  if (!isAtRest || !incident.lifted || whatIsLeft(context, incident).length > 0) return;
  returned(context, incident);
}

function returned(context: StepContext, incident: Incident): void {
  const text = say('đã trả về kết dây cơ bản', 'everything is back to normal');
  incident.wayBack = null;
  incident.reasons = [text];
  setState(context, incident, 'returned', text);
  addEvent(context, {
    equipment: incident.id,
    text: say(`${incident.id}: ${text.vi}`, `${incident.id}: ${text.en}`),
  });
}

/** Switches that are off their normal position or in doubt, and parts without supply, in words. */
function whatIsLeft({ engine, state }: StepContext, incident: Incident): readonly Bilingual[] {
  const { offNormal, doubtful } = wayBackScope(engine, state, incident);
  const left: Bilingual[] = [];
  const names = (switches: readonly number[]): string =>
    switches.map((at) => switchName(engine, at)).join(', ');
  if (offNormal.length > 0) {
    left.push(
      say(
        `còn khác kết dây cơ bản: ${names(offNormal)}`,
        `still off the normal position: ${names(offNormal)}`,
      ),
    );
  }
  if (doubtful.length > 0) {
    left.push(say(`không rõ vị trí: ${names(doubtful)}`, `position not known: ${names(doubtful)}`));
  }
  const dead = stillDead(state, incident).map((section) => engine.sections[section]?.name ?? '');
  if (dead.length > 0) {
    left.push(say(`còn mất điện: ${dead.join(', ')}`, `still without supply: ${dead.join(', ')}`));
  }
  return left;
}

/** Its part was repaired, and not everything stands as it does normally. */
export function owesWayBack(engine: Engine, state: OperationsState, incident: Incident): boolean {
  if (!incident.lifted || incident.state === 'momentary' || incident.state === 'returned') {
    return false;
  }
  const { offNormal, doubtful } = wayBackScope(engine, state, incident);
  return offNormal.length + doubtful.length > 0;
}
