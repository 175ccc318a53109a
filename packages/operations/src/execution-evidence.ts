import { provingPoint } from './command-state.ts';
import type { Command } from './command.ts';
import type { StepContext } from './step-context.ts';

/**
 * What the record that leads into *executing* says, on disk before the first byte goes out: which
 * request it was, by whom, on what reading and which topology, and until when it may be written.
 */
export function executionEvidence(
  { engine, state, now_ms, at_ms }: StepContext,
  command: Command,
): Record<string, unknown> {
  const point = state.points[provingPoint(engine, command.switchIndex, command.operation)];
  const key = [...state.requests].find(([, { made }]) => made === command.id)?.[0];
  const { person, secondPerson } = command;
  const confirmed_ms = point?.confirmed_ms ?? null;
  return {
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(person === null ? {} : { user: person.user, session: person.session }),
    ...(secondPerson === null
      ? {}
      : { secondUser: secondPerson.user, secondSession: secondPerson.session }),
    topologyRevision: state.topologyRevision,
    seenSequence: command.seenSequence,
    seenPosition: command.seenPosition,
    seenQuality: point?.quality ?? null,
    seenAge_ms: confirmed_ms === null ? null : now_ms - confirmed_ms,
    token: state.configuration.token,
    expiresAt_ms: at_ms + state.configuration.requestLife_ms,
  };
}
