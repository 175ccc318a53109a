import {
  canonicalJson,
  type CommandView,
  type Gate,
  type OperatorRequest,
} from '@relight/contract';
import { sha256 } from '@relight/foundation';
import { refused, type Answer } from './answers.ts';
import { earthView } from './earths.ts';
import type { Person } from './people.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { OperationsState } from './state.ts';
import { record, type StepContext } from './step-context.ts';
import { tagView } from './tag.ts';
import { commandView } from './views/record-views.ts';

/** Idempotency keys remembered, also over a restart. */
export const REQUESTS_KEPT = 1_000;

type Keyed = Extract<OperatorRequest, { idempotencyKey: string }>;

/**
 * Same key and same wish of the same person: the same answer. Same key, other wish: a conflict.
 * @returns null where the key is new.
 */
export function knownRequest(context: StepContext, person: Person, body: Keyed): Answer | null {
  const { engine, state } = context;
  const known = state.requests.get(body.idempotencyKey);
  if (known === undefined) return null;
  if (known.wish !== wishOf(person, body)) {
    return refused(409, 'RL-025', 'this key was already used for another request');
  }
  const command = state.commands.get(known.made);
  if (command !== undefined) return acceptedCommand(command);
  if (known.command !== null) return { status: 202, command: known.command };
  const tag = state.tags.get(known.made);
  const list = state.sheddingLists.get(known.made);
  const earth = earthView(engine, state, known.made, context.at_ms);
  return {
    status: 202,
    accepted: {
      ok: true,
      ...(tag === undefined ? {} : { tag: tagView(tag, null) }),
      ...(earth === null ? {} : { earth }),
      ...(list === undefined ? {} : { sheddingList: list }),
    },
  };
}

/**
 * Puts on record what a key stands for, together with what it made: whoever asks again after a crash
 * gets the fate of the first request, never a second one.
 */
export function rememberRequest(
  context: StepContext,
  person: Person,
  body: Keyed,
  made: string,
): void {
  const { commands, requests } = context.state;
  const wish = wishOf(person, body);
  const command = commands.get(made);
  record(context, 'request', person.user, made, {
    idempotencyKey: body.idempotencyKey,
    wish,
    ...(command === undefined ? {} : { command: commandView(command) }),
  });
  requests.set(body.idempotencyKey, { wish, made, command: null });
  for (const key of requests.keys()) {
    if (requests.size <= REQUESTS_KEPT) break;
    requests.delete(key);
  }
}

/** A command leaves the memory: its request goes on answering with how it ended. */
export function rememberEnd(state: OperationsState, view: CommandView): void {
  for (const request of state.requests.values()) {
    if (request.made === view.id) request.command = view;
  }
}

function wishOf(person: Person, body: Keyed): string {
  return sha256(canonicalJson({ user: person.user, ...body }));
}

/** A shut gate as an answer: nothing was sent. */
export function refuseBy(shut: Gate, gates: readonly Gate[]): Answer {
  const because = say(`${shut.label.vi}: ${shut.text.vi}`, `${shut.label.en}: ${shut.text.en}`);
  const message = `refused: ${because.en}`;
  return {
    ...refused(422, 'RL-024', message),
    gates,
    error: { code: 'RL-024', message, text: because, gates: [...gates] },
  };
}

export function acceptedCommand(command: Command): Answer {
  return { status: 202, command: commandView(command) };
}
