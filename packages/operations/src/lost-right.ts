import { endApproval } from './approvals.ts';
import { AUTOMATION, cancelCommand } from './commands.ts';
import { isRecallable } from './command-state.ts';
import { dropWhatWaited } from './second-person.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';

/** Ends of a session by which its person lost the right to what they had asked for. */
const LOSES_RIGHT: ReadonlySet<unknown> = new Set(['accountChanged', 'endedByOther']);

/**
 * A session has ended because its account was changed or somebody ended it: what that person asked
 * for and nobody has agreed to yet is withdrawn, and their commands that have not gone out are
 * cancelled. A plain log-out takes nothing back: the person asked by right, what was shown stands,
 * and it lapses by itself.
 */
export function endOfSession(context: StepContext, session: string, why: unknown): void {
  if (!LOSES_RIGHT.has(why)) return;
  const { state } = context;
  for (const approval of state.approvals.values()) {
    if (approval.state !== 'waiting' || approval.by.session !== session) continue;
    endApproval(context, approval, 'withdrawn', null, 'the right to ask for it was taken away');
    dropWhatWaited(context, approval, approval.by);
  }
  for (const id of state.activeCommands) {
    const command = state.commands.get(id);
    if (command === undefined || command.by === AUTOMATION) continue;
    if (command.person?.session !== session || !isRecallable(command)) continue;
    const { name } = command.person;
    const reason = say(`${name} không còn quyền`, `${name} has lost the right`);
    cancelCommand(context, command, 'relight', reason);
  }
}
