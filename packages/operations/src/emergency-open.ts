import type { OperatorRequest } from '@relight/contract';
import { refused, type Answer } from './answers.ts';
import { noteOpen } from './bulk-guard.ts';
import { sendOrder } from './command-orders.ts';
import { becomeUnknown } from './command-outcome.ts';
import { isEnded, isRecallable } from './command-state.ts';
import { cancelCommand, createCommand } from './commands.ts';
import { judgeEmergency } from './emergency-gates.ts';
import { firstShut } from './gates.ts';
import type { Person } from './people.ts';
import { acceptedCommand, knownRequest, refuseBy, rememberRequest } from './request-memory.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';

/**
 * Emergency open: one person, one dialog, a breaker or recloser. Refused only for area, forbidden
 * breaking or no link (and while nothing can be recorded). Tags, plans and other people's commands
 * do not stand in its way; what was in flight on the device is taken back.
 */
export function emergencyOpen(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'emergencyOpen' }>,
): Answer {
  const { engine, state } = context;
  const known = knownRequest(context, person, body);
  if (known !== null) return known;
  const switchIndex = engine.network.index.switch.get(body.equipment);
  if (switchIndex === undefined) return refused(404, 'RL-005', `no switch ${body.equipment}`);
  const kind = engine.grid.switches[switchIndex]?.kind;
  if (kind !== 'breaker' && kind !== 'recloser') {
    return refused(
      422,
      'RL-024',
      `emergency open is for breakers and reclosers: ${body.equipment}`,
    );
  }
  if (state.journalFailure !== null) {
    return refused(503, 'RL-031', `the journal cannot be written: ${state.journalFailure}`);
  }
  const gates = judgeEmergency(engine, state, { switchIndex, person });
  const shut = firstShut(gates);
  if (shut !== null) return refuseBy(shut, gates);
  takeBack(context, switchIndex, person);
  const command = createCommand(context, {
    switchIndex,
    operation: 'open',
    by: person.user,
    incident: null,
    step: null,
    automatic: true,
    person,
    emergency: true,
  });
  noteOpen(context, person, body.equipment);
  rememberRequest(context, person, body, command.id);
  return { ...acceptedCommand(command), gates };
}

/** What is in flight on the device ends: cancelled, or where bytes may be out, not known. */
function takeBack(context: StepContext, switchIndex: number, person: Person): void {
  const { state } = context;
  for (const id of state.activeCommands) {
    const command = state.commands.get(id);
    if (command === undefined || command.switchIndex !== switchIndex || isEnded(command)) continue;
    const why = say(`${person.name} cắt khẩn cấp`, `${person.name} opens in an emergency`);
    if (isRecallable(command)) {
      cancelCommand(context, command, person.user, why);
      continue;
    }
    // An outcome that nobody knows stays so: only a reading or two people settle it.
    if (command.unsettled) continue;
    sendOrder(context, command, 'cancel');
    becomeUnknown(context, command, why);
  }
}
