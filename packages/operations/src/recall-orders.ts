import { sendOrder, wantedBy } from './command-orders.ts';
import { judgeGates } from './gates.ts';
import type { StepContext } from './step-context.ts';

/** Gates that a tag, an earth or a fault shuts, whoever asked for the close. */
const SHUT_BY_A_HOLD: ReadonlySet<string> = new Set([
  'tag',
  'fault',
  'trip',
  'earth',
  'crew',
  'hotLine',
]);

/**
 * A tag, an earth or a fault has come while an order was on its way, and forbids what the order
 * wants: it is taken back. The gateway does so as long as nothing has been written; what it answers
 * to the order itself says which. An emergency open is never taken back.
 * @returns ids of the commands under way that are forbidden now: who placed the hold is answered
 *   only once they have ended.
 */
export function recallForbidden(context: StepContext): readonly string[] {
  const { engine, state, touched } = context;
  const isNew = touched.tags.size + touched.earths.size + touched.incidents.size > 0;
  // A repeated request waits for the same commands as the first one.
  if (!isNew && state.heldReplies.every(({ waitsFor }) => waitsFor !== null)) return [];
  const forbidden: string[] = [];
  for (const id of state.activeCommands) {
    const command = state.commands.get(id);
    if (command === undefined || command.operated_ms === null || command.emergency) continue;
    if (command.state !== 'executing' && command.state !== 'acknowledged') continue;
    const gates = judgeGates(engine, state, wantedBy(command), context.now_ms);
    if (!gates.some((gate) => !gate.ok && SHUT_BY_A_HOLD.has(gate.name))) continue;
    forbidden.push(id);
    if (command.recalled || command.state !== 'executing') continue;
    command.recalled = true;
    sendOrder(context, command, 'cancel');
  }
  return forbidden;
}
