import type { ApprovalView, CarriedOver } from '@relight/contract';
import { raiseAlarm } from './alarms.ts';
import { say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';

const RESTARTED = say(
  'trung tâm điều khiển khởi động lại trước khi thực hiện',
  'the control centre was restarted before it was carried out',
);

/**
 * Takes over what people had asked for when the last run ended. A command that never left expires,
 * an approval that nobody had given yet is void, and both are said; the keys of all requests go on
 * answering, so that a client that repeats its request learns the fate of the first one.
 */
export function carryRequestsOver(context: StepContext, left: CarriedOver): void {
  const { state } = context;
  const unsent = new Set((left.unsentCommands ?? []).map(({ id }) => id));
  for (const { id, equipment, operation } of left.unsentCommands ?? []) {
    record(context, 'command', 'relight', id, {
      state: 'expired',
      equipment,
      operation,
      incident: null,
      reason: RESTARTED,
    });
  }
  for (const { key, wish, made, command } of left.requests ?? []) {
    const known =
      command !== null && unsent.has(command.id)
        ? {
            ...command,
            state: 'expired' as const,
            changedAt_ms: context.at_ms,
            until_ms: null,
            reason: RESTARTED,
          }
        : command;
    state.requests.set(key, { wish, made, command: known });
  }
  for (const waiting of left.approvals ?? []) voidApproval(context, waiting);
}

/** Nobody may agree to what was shown before the restart: it is asked for again, or not at all. */
function voidApproval(context: StepContext, waiting: ApprovalView): void {
  const { id, what, about, hash, by, byName, title } = waiting;
  context.state.approvals.set(id, {
    id,
    what,
    state: 'expired',
    shown: { title, details: waiting.details },
    hash,
    reason: waiting.reason,
    about,
    equipment: waiting.equipment,
    by: { user: by, name: byName, session: '', areas: [], mayCommand: false },
    seen: null,
    requestedAt_ms: waiting.requestedAt_ms,
    until_ms: context.now_ms,
    expiresAt_ms: waiting.expiresAt_ms,
    decidedBy: null,
    decidedAt_ms: context.at_ms,
  });
  context.touched.approvals.add(id);
  record(context, 'approval', 'relight', about, {
    approval: id,
    state: 'expired',
    what,
    hash,
    reason: RESTARTED.en,
  });
  raiseAlarm(context, {
    key: `once/approval/${id}`,
    priority: 3,
    equipment: waiting.equipment[0] ?? about,
    text: say(
      `${title.vi}: yêu cầu của ${byName} hết hiệu lực do khởi động lại, phải yêu cầu lại`,
      `${title.en}: the request of ${byName} is void over a restart, it has to be asked for again`,
    ),
  });
}
