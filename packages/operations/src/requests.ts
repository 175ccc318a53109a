import { canonicalJson, type Actor, type OperatorRequest } from '@relight/contract';
import { answerAlarmRequest } from './alarm-requests.ts';
import {
  AUTOMATION,
  cancelCommand,
  createCommand,
  executeCommand,
  whyRefused,
} from './commands.ts';
import { reconcileTags } from './control-lock.ts';
import { commandOn } from './gates.ts';
import { stopPlansOn } from './incident-changes.ts';
import { decide } from './incident-decisions.ts';
import { say } from './signal-text.ts';
import type { Command } from './state.ts';
import { record, type StepContext } from './step-context.ts';
import { refused, type Answer } from './answers.ts';
import { commandView } from './views/record-views.ts';

/** Idempotency keys remembered. */
const REQUESTS_KEPT = 1_000;

/** Takes a person's request and answers it in the same step. */
export function applyRequest(
  context: StepContext,
  requestId: string,
  by: string,
  actor: Actor | undefined,
  body: OperatorRequest,
): void {
  const reply = answer(context, by, actor, body);
  if (reply.error !== undefined) {
    record(context, 'refusal', by, null, {
      request: body,
      status: reply.status,
      code: reply.error.code,
      message: reply.error.message,
    });
  }
  context.replies.push({ requestId, ...reply });
}

function answer(
  context: StepContext,
  by: string,
  actor: Actor | undefined,
  body: OperatorRequest,
): Answer {
  const { state } = context;
  switch (body.type) {
    case 'command':
      return requestCommand(context, by, body);
    case 'executeCommand':
      return withCommand(context, body.command, (command) =>
        command.state === 'selected' && command.by !== AUTOMATION
          ? (executeCommand(context, command, by), accepted(command))
          : notInThisState(command),
      );
    case 'cancelCommand':
      return withCommand(context, body.command, (command) =>
        (command.state === 'requested' || command.state === 'selected') && command.by !== AUTOMATION
          ? (cancelCommand(context, command, by, say(`${by} hủy lệnh`, `cancelled by ${by}`)),
            accepted(command))
          : notInThisState(command),
      );
    case 'decide':
      return decide(context, by, body);
    case 'acknowledgeAlarm':
    case 'acknowledgeAlarms':
    case 'acknowledgeGroup':
    case 'shelveAlarm':
    case 'unshelveAlarm':
    case 'takeAlarmOutOfService':
    case 'returnAlarmToService':
      return answerAlarmRequest(context, by, body);
    case 'reconcileTags':
      return reconcileTags(context, actor ?? { user: by, session: by }, body);
    case 'setMode': {
      const index = context.engine.feederIndex.get(body.feeder);
      const feeder = index === undefined ? undefined : state.feeders[index];
      if (index === undefined || feeder === undefined) {
        return refused(404, 'RL-023', `no feeder ${body.feeder}`);
      }
      record(context, 'mode', by, null, { feeder: body.feeder, from: feeder.mode, to: body.mode });
      feeder.mode = body.mode;
      feeder.out = null;
      if (body.mode === 'disabled') {
        const name = context.engine.grid.feeders[index]?.name ?? '';
        stopPlansOn(
          context,
          index,
          say(`${name}: tự động hóa vừa bị tắt`, `${name}: automation has just been disabled`),
        );
      }
      context.touched.feeders.add(index);
      context.touched.summary = true;
      return { status: 202 };
    }
    default:
      return refused(503, 'RL-029', `${body.type} is not served yet`);
  }
}

function requestCommand(
  context: StepContext,
  by: string,
  body: Extract<OperatorRequest, { type: 'command' }>,
): Answer {
  const { engine, state } = context;
  const wish = canonicalJson({ by, equipment: body.equipment, operation: body.operation });
  const known = state.requests.get(body.idempotencyKey);
  if (known !== undefined) {
    const command = state.commands.get(known.command);
    if (known.body === wish && command !== undefined) return accepted(command);
    return refused(409, 'RL-025', 'this key was already used for another request');
  }
  const switchIndex = engine.network.index.switch.get(body.equipment);
  if (switchIndex === undefined) return refused(404, 'RL-005', `no switch ${body.equipment}`);
  if (state.journalFailure !== null) {
    return refused(503, 'RL-031', `the journal cannot be written: ${state.journalFailure}`);
  }
  const holder = commandOn(state, switchIndex, null);
  if (holder !== null) {
    return {
      ...refused(409, 'RL-025', `${body.equipment} is held by ${holder.by} (${holder.id})`),
      command: commandView(holder),
    };
  }
  const wanted = { switchIndex, operation: body.operation, incident: null, command: null };
  const { gates, shut } = whyRefused(context, wanted);
  if (shut !== null) {
    const because = say(`${shut.label.vi}: ${shut.text.vi}`, `${shut.label.en}: ${shut.text.en}`);
    const answered = refused(422, 'RL-024', `refused: ${because.en}`);
    return {
      ...answered,
      gates,
      error: {
        code: 'RL-024',
        message: `refused: ${because.en}`,
        text: because,
        gates: [...gates],
      },
    };
  }
  const command = createCommand(context, {
    switchIndex,
    operation: body.operation,
    by,
    incident: null,
    step: null,
    automatic: false,
  });
  state.requests.set(body.idempotencyKey, { body: wish, command: command.id });
  for (const key of state.requests.keys()) {
    if (state.requests.size <= REQUESTS_KEPT) break;
    state.requests.delete(key);
  }
  return { ...accepted(command), gates };
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

function accepted(command: Command): Answer {
  return { status: 202, command: commandView(command) };
}
