import { ageEntered, awaitEntered } from './entered-positions.ts';
import type { InputRecord } from '@relight/contract';
import { advanceAlarmLoad } from './alarm-load.ts';
import { advanceShelves } from './alarm-requests.ts';
import { advanceSuppression } from './alarm-suppression.ts';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { takeHeadReadings } from './load-estimate.ts';
import { noteReading } from './command-orders.ts';
import { advanceCommands, lapseSelections, noteReport } from './commands.ts';
import { releaseReplies, refuseHeldReplies } from './held-replies.ts';
import { finishRemovals } from './removals.ts';
import { watchHolds } from './held-alarms.ts';
import { watchParallels } from './parallel-time.ts';
import { advanceApprovals } from './second-person.ts';
import { advanceDetection, applyMovements } from './detection.ts';
import { lockAfterDamage, lockAfterOtherGrid, lockAfterRestore } from './control-lock.ts';
import type { Engine } from './engine.ts';
import { takeNeutralVoltages } from './earth-fault/neutral-voltage.ts';
import { advanceEarthFaults } from './earth-fault/search.ts';
import { endForecastAlarms, takeForecast, watchForecast } from './forecasts.ts';
import { advanceFoundDead, noteFoundDead } from './found-dead.ts';
import { advanceIncidents, noteIncidentReading } from './incidents.ts';
import { finishConfirmations } from './joints.ts';
import { noteLoadShedding } from './load-shedding.ts';
import { endOfSession } from './lost-right.ts';
import { carryOver, recordKeptDead } from './kept-dead.ts';
import { recallForbidden } from './recall-orders.ts';
import { refreshPicture } from './picture.ts';
import { applyIntegrityDone, applyLinks, applyTelemetry } from './process-image.ts';
import { applyRequest } from './requests.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { awaitLostSupply, endLostSupply, noteLostSupply } from './lost-supply.ts';
import { advanceTrials } from './trial-close.ts';
import { followWaysBack } from './way-back/follow.ts';
import { openContext, record as journal, type StepContext } from './step-context.ts';
import type { StepResult } from './step-result.ts';
import { changesOf } from './views/snapshot.ts';

const JOURNAL_ALARM = 'journal/write';

/** More rounds than any chain of consequences within one step takes. */
const MOST_ROUNDS = 16;

/**
 * The control centre as a pure fold: one input record in, decisions out. `state` is changed in
 * place; the caller keeps no older reference. Time comes from the record alone, so the same
 * records give the same journal, orders and polls, byte for byte. Cost: what the record touches;
 * linear in the grid where a switch position changed.
 */
export function step(engine: Engine, state: OperationsState, record: InputRecord): StepResult {
  const context = openContext(engine, state, record);
  takeIn(context, record);
  ageEntered(context);
  refreshPicture(context);
  noteFoundDead(context);
  noteLoadShedding(context);
  takeNeutralVoltages(context);
  takeHeadReadings(context);
  applyMovements(context);
  noteLostSupply(context);
  endLostSupply(context);
  let moving = true;
  for (let round = 0; moving && round < MOST_ROUNDS; round++) {
    context.deadline_ms = null;
    awaitLostSupply(context);
    awaitEntered(context);
    const detected = advanceDetection(context);
    const approved = advanceApprovals(context);
    const commanded = advanceCommands(context);
    const worked = advanceIncidents(context);
    const told = advanceFoundDead(context);
    const searched = advanceEarthFaults(context);
    const tried = advanceTrials(context);
    moving = detected || approved || commanded || worked || told || searched || tried;
  }
  const forbidden = recallForbidden(context);
  followWaysBack(context);
  recordKeptDead(context);
  watchHolds(context);
  watchParallels(context);
  advanceAlarms(context);
  releaseReplies(context, forbidden);
  // What is still moving goes on in a step of its own, at once.
  if (moving) context.deadline_ms = context.now_ms;
  return {
    journal: context.journal,
    orders: context.orders,
    integrityPolls: context.polls,
    replies: context.replies,
    changes: changesOf(context),
    deadline_ms: context.deadline_ms,
  };
}

/** What has become of the alarms, once everything else of this step is decided. */
function advanceAlarms(context: StepContext): void {
  watchForecast(context);
  advanceShelves(context);
  advanceSuppression(context);
  advanceAlarmLoad(context);
}

function takeIn(context: StepContext, record: InputRecord): void {
  const { event } = record;
  const { state } = context;
  switch (event.kind) {
    case 'start':
      state.configuration = event.configuration;
      state.run = record.at_ms.toString(36);
      state.journalSequence = event.journalSequence ?? 0;
      state.durable = state.journalSequence;
      context.positionsChanged = true;
      context.touched.summary = true;
      journal(context, 'start', 'relight', null, {
        grid: event.grid,
        gridHash: event.gridHash,
        pointsHash: event.pointsHash,
        configuration: event.configuration,
        ...(event.journalDamage === undefined ? {} : { journalDamage: event.journalDamage }),
        ...(event.restoredFrom_ms === undefined
          ? {}
          : { restored: true, restoredFrom_ms: event.restoredFrom_ms }),
        ...(event.carriedOver === undefined ? {} : { carriedOver: event.carriedOver }),
      });
      if (event.carriedOver !== undefined) {
        carryOver(context, event.carriedOver);
        lockAfterOtherGrid(context, event.carriedOver, event.gridHash);
        endForecastAlarms(context);
      }
      if (event.restoredFrom_ms !== undefined) lockAfterRestore(context, event.restoredFrom_ms);
      if (event.journalDamage !== undefined) lockAfterDamage(context, event.journalDamage);
      return;
    case 'telemetry':
      return applyTelemetry(context, event.updates);
    case 'links':
      return applyLinks(context, event.links);
    case 'controlReport':
      return noteReport(context, event.report);
    case 'integrityDone':
      applyIntegrityDone(context, event);
      noteReading(context, event.requestId, event.rtu);
      return noteIncidentReading(context, event.requestId, event.rtu);
    case 'journalDurable':
      state.durable = Math.max(state.durable, event.upTo);
      finishRemovals(context);
      finishConfirmations(context);
      if (state.durable < state.journalSequence) return;
      state.journalFailure = null;
      return clearAlarm(context, JOURNAL_ALARM);
    case 'journalFailed':
      return failJournal(context, event.reason);
    case 'deadline':
      return;
    case 'checkpoint':
      journal(context, 'checkpoint', 'relight', null, {
        upTo: event.upTo,
        carriedOver: event.carriedOver,
      });
      return;
    case 'monitorHolds':
      journal(context, 'monitor', 'monitor', null, { holds: event.sections });
      return;
    case 'supervision': {
      const key = `supervision/${event.part}`;
      if (event.ok) return clearAlarm(context, key);
      return raiseAlarm(context, { key, priority: 2, equipment: event.part, text: event.text });
    }
    case 'forecast':
      return takeForecast(context, event);
    case 'people':
      journal(context, 'people', event.by, event.about, { action: event.action, ...event.body });
      if (event.action === 'sessionEnd' && event.about !== null) {
        endOfSession(context, event.about, event.body['why']);
      }
      return;
    case 'request':
      // What time has ended is over before anybody can still act on it.
      advanceApprovals(context);
      lapseSelections(context);
      return applyRequest(context, event.requestId, event.by, event.actor, event.body);
  }
}

/** Without a journal nothing is commanded; the picture goes on. */
function failJournal(context: StepContext, reason: string): void {
  context.state.journalFailure = reason;
  refuseHeldReplies(context, reason);
  raiseAlarm(context, {
    key: JOURNAL_ALARM,
    priority: 1,
    equipment: 'journal',
    text: say(
      `Không ghi được nhật ký: ${reason}; khóa mọi lệnh`,
      `The journal cannot be written: ${reason}; commands are refused`,
    ),
  });
}
