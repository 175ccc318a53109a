import { canonicalJson, type Bilingual } from '@relight/contract';
import { sha256 } from '@relight/foundation';
import type { PlannedRestoration } from '@relight/flisr';
import { evidenceViews } from './evidence.ts';
import { forecastStatus } from './forecasts.ts';
import { alarmReclosingOff, setState } from './incident-changes.ts';
import type { Incident, IncidentPlan } from './incident-state.ts';
import { isLocated } from './interlocks/energises-fault.ts';
import { isShedding } from './load-shedding.ts';
import { locate } from './locating.ts';
import { feederMode } from './modes.ts';
import { ascending } from './outage.ts';
import { whyAsk } from './permission.ts';
import { planFrom } from './plan-from-now.ts';
import { restOnPresentScope, scopeOf } from './plan-scope.ts';
import { say } from './signal-text.ts';
import { startPlan } from './start-plan.ts';
import { record, type StepContext } from './step-context.ts';
import { whyNoPlan } from './trip-kind.ts';
import { planWayBack } from './way-back/plan.ts';
import { whyHeldDead } from './why-held-dead.ts';

/**
 * Locates the fault from what is known now, plans from the state as it is now, and either
 * starts carrying the plan out or lays it before a person.
 */
export function makePlan(context: StepContext, incident: Incident): void {
  context.touched.incidents.add(incident.id);
  incident.plan = null;
  incident.planHash = null;
  incident.progress = null;
  incident.surprise = null;
  incident.automatic = false;
  if (incident.wayBack !== null) {
    const back = planWayBack(context, incident, incident.wayBack);
    if (back.ok) takePlan(context, incident, back.value);
    else giveUp(context, incident, back.error);
    return;
  }
  const noPlan = whyNoPlan(context, incident);
  if (noPlan !== null) {
    incident.final = true;
    giveUp(context, incident, noPlan);
    return;
  }
  if (refuseDisabled(context, incident)) return;
  const location = locate(context, incident);
  if (location === null || !isLocated(incident)) {
    giveUp(
      context,
      incident,
      say('chưa xác định được điểm sự cố', 'the fault could not be located'),
    );
    return;
  }
  const planned = planFrom(context, incident, location);
  if (!planned.ok) {
    giveUp(context, incident, planned.error.text);
    return;
  }
  takePlan(context, incident, planned.value);
}

function refuseDisabled(context: StepContext, incident: Incident): boolean {
  const { engine, state } = context;
  const off = incident.feeders.find(
    (feeder) =>
      feederMode(engine, state, feeder) === 'disabled' || isShedding(state.feeders[feeder]),
  );
  if (off === undefined) return false;
  const name = engine.grid.feeders[off]?.name ?? '';
  giveUp(
    context,
    incident,
    isShedding(state.feeders[off])
      ? say(`${name}: đang sa thải phụ tải`, `${name}: load is being shed`)
      : say(`${name}: tự động hóa tắt`, `${name}: automation is disabled`),
  );
  return true;
}

function giveUp(context: StepContext, incident: Incident, reason: Bilingual): void {
  incident.evidence = evidenceViews(context.engine, context.state, incident);
  incident.reasons = [...incident.mustAsk, reason];
  incident.scope = scopeOf(context, incident);
  // It may rest like this for hours.
  for (const device of incident.reclosingOff) alarmReclosingOff(context, incident, device);
  setState(context, incident, 'noPlan', reason);
}

/**
 * At rest with customers dark who could not be helped: where a switch or a link has come back
 * since, a plan that now helps is laid before a person.
 */
export function lookAgain(context: StepContext, incident: Incident): boolean {
  const { location } = incident;
  if (location === null || incident.lifted || !leftSomebodyDark(incident)) return false;
  const scope = scopeOf(context, incident);
  if (scope === incident.scope) return false;
  incident.scope = scope;
  const planned = planFrom(context, incident, location);
  if (!planned.ok || planned.value.plan.steps.length === 0) return false;
  incident.mustAsk.push(
    say(
      'có khả năng cấp điện mới sau khi phương án trước đã xong',
      'a new way to supply was found after the earlier plan was done',
    ),
  );
  takePlan(context, incident, planned.value);
  return true;
}

/** Its last plan left load dark outside the faulted part. */
function leftSomebodyDark(incident: Incident): boolean {
  const result = incident.plan?.document.result;
  return result !== undefined && result.unrestored.p_kW > result.insideFault.p_kW + 0.001;
}

const BY_LOAD_OF_NOW = say(
  'phương án trả về xét theo tải hiện tại',
  'the way back is judged by the load of now',
);

function takePlan(context: StepContext, incident: Incident, planned: PlannedRestoration): void {
  const { engine, state } = context;
  const { index } = engine.network;
  const { plan } = planned;
  const { isUsed, text } = forecastStatus(state, context.at_ms);
  const indexOf = (id: string): number => index.switch.get(id) ?? -1;
  const resolved: IncidentPlan = {
    document: plan,
    switches: plan.steps.map((step) => indexOf(step.switch)),
    staysDark: planned.staysDark.map(({ section, why }) => ({
      section,
      why: whyHeldDead(state, incident, section) ?? why,
    })),
    helpingFeeders: ascending(planned.helpingFeeders),
    reclosingOff: plan.reclosingOff.map(indexOf),
    // What goes back takes minutes, and no hour of a repair is ahead.
    forecast:
      incident.wayBack === null ? { isUsed, text } : { isUsed: false, text: BY_LOAD_OF_NOW },
  };
  incident.plan = resolved;
  incident.planVersion += 1;
  incident.planHash = sha256(canonicalJson(plan));
  restOnPresentScope(context, incident);
  incident.reasons = [...whyAsk(engine, state, incident, context.now_ms)];
  record(context, 'plan', 'flisr', incident.id, {
    version: incident.planVersion,
    hash: incident.planHash,
    plan,
    reasons: incident.reasons,
  });
  startPlan(context, incident);
}
