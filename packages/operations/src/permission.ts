import type { AutomationMode, Bilingual } from '@relight/contract';
import { remainingRisk } from '@relight/flisr';
import type { Engine } from './engine.ts';
import type { Incident, IncidentPlan, WayBack } from './incident-state.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { isShedding } from './load-shedding.ts';
import { deviceMode, feederMode, strictestMode } from './modes.ts';
import { switchName } from './engine.ts';
import { figure, say } from './signal-text.ts';
import type { OperationsState } from './state.ts';

/** Later than this after the trip crews may be at work: nothing is energised by itself. */
const LONGEST_AUTOMATIC_ms = 15 * 60_000;

/** The strictest mode of every feeder that lost supply or helps, and of every device it moves. */
export function modeOf(engine: Engine, state: OperationsState, incident: Incident): AutomationMode {
  const feeders = [...incident.feeders, ...(incident.plan?.helpingFeeders ?? [])];
  return strictestMode([
    ...feeders.map((feeder) =>
      isShedding(state.feeders[feeder]) ? 'disabled' : feederMode(engine, state, feeder),
    ),
    ...(incident.plan?.switches ?? []).map((device) => deviceMode(engine, state, device)),
  ]);
}

/**
 * Every reason why a person must release the plan; empty: it may be carried out by itself.
 * `restoreOnly` is no reason of its own here: it holds back the isolating steps only.
 */
export function whyAsk(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  now_ms: number,
): readonly Bilingual[] {
  const { plan } = incident;
  const reasons: Bilingual[] = [...incident.mustAsk];
  if (incident.wayBack !== null) return [...reasons, ...whyAskWayBack(incident.wayBack, plan)];
  if (now_ms - incident.opened_ms > LONGEST_AUTOMATIC_ms) {
    reasons.push(
      say(
        'đã quá 15 phút từ khi nhảy: có thể có người ngoài hiện trường',
        'more than 15 minutes since the trip: crews may be at the site',
      ),
    );
  }
  for (const feeder of [...incident.feeders, ...(plan?.helpingFeeders ?? [])]) {
    const name = engine.grid.feeders[feeder]?.name ?? '';
    const feederState = state.feeders[feeder];
    const mode = feederMode(engine, state, feeder);
    if (mode === 'advisory') {
      reasons.push(say(`${name} ở chế độ tư vấn`, `${name} is in advisory mode`));
    }
    if (isShedding(feederState)) {
      reasons.push(say(`${name}: đang sa thải phụ tải`, `${name}: load is being shed`));
    }
    if (mode === 'disabled') {
      reasons.push(say(`${name}: tự động hóa tắt`, `${name}: automation is disabled`));
    }
    if (feederState?.out !== null && feederState !== undefined) {
      const { reason } = feederState.out;
      reasons.push(
        say(
          `${name} đã tách khỏi tự động: ${reason.vi}`,
          `${name} is out of automatic: ${reason.en}`,
        ),
      );
    }
  }
  for (const device of incident.plan?.switches ?? []) {
    if (deviceMode(engine, state, device) !== 'advisory') continue;
    const name = switchName(engine, device);
    reasons.push(say(`${name} ở chế độ tư vấn`, `${name} is in advisory mode`));
  }
  const risk = riskOf(incident);
  if (risk > state.configuration.automaticRisk) {
    const shown = figure(risk * 100, 1);
    const limit = figure(state.configuration.automaticRisk * 100, 1);
    reasons.push(
      say(
        `xác suất sự cố nằm trong phần sẽ đóng điện ${shown.vi} %, cho phép ${limit.vi} %`,
        `the part to be energised holds the fault with ${shown.en} %, allowed ${limit.en} %`,
      ),
    );
  }
  return [...reasons, ...advisoryOf(plan)];
}

/** The way back never goes by itself: people have worked there. */
function whyAskWayBack({ by, reason }: WayBack, plan: IncidentPlan | null): readonly Bilingual[] {
  return [
    say(
      `${by} yêu cầu trả về kết dây cơ bản: ${reason}`,
      `${by} asked for the return to normal: ${reason}`,
    ),
    ...advisoryOf(plan),
  ];
}

function advisoryOf(plan: IncidentPlan | null): readonly Bilingual[] {
  const { advisory, advisoryVi } = plan?.document ?? { advisory: [] };
  return advisory.map((en, index) => say(advisoryVi?.[index] ?? en, en));
}

/** Probability that what the plan leaves live or makes live holds the fault. */
function riskOf(incident: Incident): number {
  const { location, plan } = incident;
  if (location === null) return 1;
  const dark = new Set([
    ...sectionsKeptDead(incident),
    ...(plan?.staysDark ?? []).map(({ section }) => section),
  ]);
  return remainingRisk(location, dark);
}

/**
 * Steps that a person need not release: all, none, under restoreOnly those after isolation, or
 * after a trip upon a close the one that restores the helping feeder.
 */
export function releasedByMode(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  now_ms: number,
): number {
  const steps = incident.plan?.document.steps ?? [];
  if (incident.guardTrip !== null) return restoresHelper(engine, state, incident, now_ms) ? 1 : 0;
  if (whyAsk(engine, state, incident, now_ms).length > 0) return 0;
  const mode = modeOf(engine, state, incident);
  if (mode === 'automatic') return steps.length;
  if (mode !== 'restoreOnly') return 0;
  const at = incident.progress?.at ?? 0;
  const isolates = steps.slice(at).some((step) => step.purpose === 'isolate');
  return isolates ? at : steps.length;
}

/**
 * After a trip upon a close of the plan nothing goes by itself but one step: the helping feeder
 * that tripped, once the switch is confirmed open and the evidence says that the fault came with
 * the close, in a plan that had gone by itself and that nothing else speaks against.
 */
function restoresHelper(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  now_ms: number,
): boolean {
  const { guardTrip, plan } = incident;
  if (guardTrip?.automatic !== true || !guardTrip.cameWithClose) return false;
  // Also while it is watched after its close, so that the step is not taken back in its own time.
  if (guardTrip.phase !== 'opened' && guardTrip.phase !== 'restored') return false;
  const first = plan?.document.steps[0];
  if (first?.action !== 'close' || plan?.switches[0] !== guardTrip.tripped) return false;
  const mode = modeOf(engine, state, incident);
  if (mode !== 'automatic' && mode !== 'restoreOnly') return false;
  const told = new Set(guardTrip.told.map(({ en }) => en));
  return whyAsk(engine, state, incident, now_ms).every(({ en }) => told.has(en));
}
