import type { Actor, OperatorRequest } from '@relight/contract';
import { asksForTwo } from './what-is-shown.ts';
import { answerAlarmRequest } from './alarm-requests.ts';
import { refused, type Answer } from './answers.ts';
import { areasOfSwitch, hasPartIn } from './areas.ts';
import { noteOpen } from './bulk-guard.ts';
import {
  AUTOMATION,
  cancelCommand,
  createCommand,
  executeCommand,
  whyRefused,
} from './commands.ts';
import { asker } from './command-state.ts';
import { reconcileTags } from './control-lock.ts';
import { recordEarth } from './earths.ts';
import { emergencyOpen } from './emergency-open.ts';
import { enterPosition, removePosition } from './entered-positions.ts';
import { answerEarthFault } from './earth-fault/requests.ts';
import { commandOn } from './device-holders.ts';
import { holdReply, isHeld } from './held-replies.ts';
import { decide } from './incident-decisions.ts';
import { askToAdopt } from './normal-state/adopt.ts';
import { reportPhaseOrder } from './joints.ts';
import { setFeederMode, setScopeMode } from './mode-requests.ts';
import { personOf, type Person } from './people.ts';
import { acceptedCommand, knownRequest, refuseBy, rememberRequest } from './request-memory.ts';
import {
  approve,
  askForCommand,
  askToClear,
  askToRemoveEarth,
  askToRemoveTag,
  refuse,
} from './second-person.ts';
import { setRepairTime } from './repair-requests.ts';
import { prepareShedding, withdrawShedding } from './shedding-lists.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import { declareTrial } from './trial-close.ts';
import { record, type StepContext } from './step-context.ts';
import { placeTag } from './tags.ts';
import { commandView } from './views/record-views.ts';
import { askWayBack } from './way-back/request.ts';

/**
 * Takes a person's request and answers it in the same step; what people stake their life on (tags,
 * earths, positions, approvals) is answered once its record is on disk.
 */
export function applyRequest(
  context: StepContext,
  requestId: string,
  by: string,
  actor: Actor | undefined,
  body: OperatorRequest,
): void {
  const person = personOf(by, actor);
  const reply = answer(context, by, person, body);
  if (reply.error !== undefined) {
    record(context, 'refusal', by, null, {
      request: body,
      status: reply.status,
      code: reply.error.code,
      message: reply.error.message,
    });
  } else if (isHeld(body)) {
    holdReply(context, { requestId, ...reply });
    return;
  }
  context.replies.push({ requestId, ...reply });
}

function answer(context: StepContext, by: string, person: Person, body: OperatorRequest): Answer {
  switch (body.type) {
    case 'command':
      return requestCommand(context, person, body);
    case 'emergencyOpen':
      return emergencyOpen(context, person, body);
    case 'clearUnknown':
      return askToClear(context, person, body);
    case 'placeTag':
      return once(context, person, body, () => {
        const placed = placeTag(context, person, body);
        return { ...placed, made: placed.accepted?.tag?.id };
      });
    case 'removeTag':
      return askToRemoveTag(context, person, body);
    case 'recordEarth':
      return once(context, person, body, () => {
        const recorded = recordEarth(context, person, body);
        return { ...recorded, made: recorded.accepted?.earth?.id };
      });
    case 'removeEarth':
      return askToRemoveEarth(context, person, body);
    case 'enterPosition':
      return enterPosition(context, person, body);
    case 'removePosition':
      return removePosition(context, person, body);
    case 'approve':
      return approve(context, person, body);
    case 'refuse':
      return refuse(context, person, body);
    case 'prepareShedding':
      return once(context, person, body, () => prepareShedding(context, person, body));
    case 'withdrawShedding':
      return withdrawShedding(context, person, body);
    case 'setScopeMode':
      return setScopeMode(context, person, body);
    case 'setMode':
      return setFeederMode(context, person, body);
    case 'executeCommand':
      return withCommand(context, body.command, (command) => {
        const mayGo = command.state === 'selected' && command.by !== AUTOMATION;
        if (!mayGo || command.automatic) return notInThisState(command);
        if (command.person !== null && command.person.user !== person.user) {
          return {
            ...refused(409, 'RL-025', `${command.equipment} is held by ${asker(command)}`),
            command: commandView(command),
          };
        }
        executeCommand(context, command, by);
        return acceptedCommand(command);
      });
    case 'cancelCommand':
      return withCommand(context, body.command, (command) => {
        const areas = areasOfSwitch(context.engine, command.switchIndex);
        if (command.person?.user !== person.user && !hasPartIn(areas, person)) {
          return refused(
            403,
            'RL-073',
            `${command.equipment} is in the area of ${areas.join(', ')}`,
          );
        }
        if (!isCancellable(command) || command.by === AUTOMATION) return notInThisState(command);
        const why = say(`${person.name} hủy lệnh`, `cancelled by ${person.name}`);
        cancelCommand(context, command, by, why);
        return acceptedCommand(command);
      });
    case 'decide':
      return decide(context, person, body);
    case 'acknowledgeAlarm':
    case 'acknowledgeAlarms':
    case 'acknowledgeGroup':
    case 'shelveAlarm':
    case 'unshelveAlarm':
    case 'takeAlarmOutOfService':
    case 'returnAlarmToService':
      return answerAlarmRequest(context, by, body);
    case 'adoptNormal':
      return once(context, person, body, () => {
        const asked = askToAdopt(context, person, body);
        return { ...asked, made: asked.accepted?.approval?.id };
      });
    case 'reportPhaseOrder':
      return reportPhaseOrder(context, person, body);
    case 'earthFault':
      return answerEarthFault(context, person, body.earthFault, body.wish);
    case 'trialClose': {
      const { type: _, incident, ...rest } = body;
      return declareTrial(context, person, incident, rest);
    }
    case 'wayBack':
      return askWayBack(context, person, body);
    case 'setRepairTime':
      return setRepairTime(context, person, body);
    case 'reconcileTags':
      return reconcileTags(context, person, body);
  }
}

/** The same key makes a thing once, however often it is asked for. */
function once(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { idempotencyKey: string }>,
  make: () => Answer & { readonly made?: string | undefined },
): Answer {
  const known = knownRequest(context, person, body);
  if (known !== null) return known;
  if (context.state.journalFailure !== null) {
    return refused(503, 'RL-031', `the journal cannot be written: ${context.state.journalFailure}`);
  }
  const { made, ...reply } = make();
  if (made !== undefined) rememberRequest(context, person, body, made);
  return reply;
}

function isCancellable({ state }: Command): boolean {
  return state === 'requested' || state === 'approved' || state === 'selected';
}

function requestCommand(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'command' }>,
): Answer {
  const { engine, state } = context;
  const known = knownRequest(context, person, body);
  if (known !== null) return known;
  const switchIndex = engine.network.index.switch.get(body.equipment);
  if (switchIndex === undefined) return refused(404, 'RL-005', `no switch ${body.equipment}`);
  if (state.journalFailure !== null) {
    return refused(503, 'RL-031', `the journal cannot be written: ${state.journalFailure}`);
  }
  const holder = commandOn(state, switchIndex, null);
  if (holder !== null) {
    return {
      ...refused(409, 'RL-025', `${body.equipment} is held by ${asker(holder)} (${holder.id})`),
      command: commandView(holder),
    };
  }
  const { operation } = body;
  const wanted = { switchIndex, operation, incident: null, command: null, person };
  const reason = body.overrideReason ?? null;
  const { gates, shut } = whyRefused(context, wanted, reason !== null);
  if (shut !== null) return refuseBy(shut, gates);
  const forTwo = gates.filter(asksForTwo);
  const command = createCommand(context, {
    switchIndex,
    operation,
    by: person.user,
    incident: null,
    step: null,
    automatic: false,
    person,
    overrideReason: forTwo.length > 0 ? reason : null,
    needsApproval: forTwo.length > 0,
  });
  if (operation === 'open') noteOpen(context, person, body.equipment);
  rememberRequest(context, person, body, command.id);
  if (forTwo.length > 0) askForCommand(context, command, person);
  return { ...acceptedCommand(command), gates };
}

function withCommand(context: StepContext, id: string, then: (command: Command) => Answer): Answer {
  const command = context.state.commands.get(id);
  return command === undefined ? refused(404, 'RL-023', `no command ${id}`) : then(command);
}

function notInThisState(command: Command): Answer {
  return {
    ...refused(409, 'RL-027', `command ${command.id} is ${command.state}`),
    command: commandView(command),
  };
}
