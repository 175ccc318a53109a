import type { OperatorRequest } from '@relight/contract';
import { refused } from './answers.ts';
import type { StepContext } from './step-context.ts';
import type { RequestReply } from './step-result.ts';

/** Requests that are acknowledged only once their record is on disk. */
const HELD: ReadonlySet<OperatorRequest['type']> = new Set<OperatorRequest['type']>([
  'placeTag',
  'removeTag',
  'recordEarth',
  'removeEarth',
  'reportPhaseOrder',
  'adoptNormal',
  'enterPosition',
  'removePosition',
  'approve',
  'refuse',
  'clearUnknown',
  'prepareShedding',
  'withdrawShedding',
  'reconcileTags',
]);

export function isHeld(body: OperatorRequest): boolean {
  return HELD.has(body.type);
}

/** Keeps an answer back until every record of this step is durable. */
export function holdReply(context: StepContext, reply: RequestReply): void {
  const durableFrom = context.state.journalSequence;
  context.state.heldReplies.push({ reply, durableFrom, waitsFor: null });
}

/**
 * Gives the answers whose records are on disk by now and in whose way no command is any more: one
 * that was under way has been taken back, has ended, or is told to be of unknown outcome.
 * @param forbidden - ids of commands under way that a hold of this step forbids.
 */
export function releaseReplies(context: StepContext, forbidden: readonly string[]): void {
  const { state } = context;
  const isUnderWay = (id: string): boolean => {
    const now = state.commands.get(id)?.state;
    return now === 'executing' || now === 'acknowledged';
  };
  state.heldReplies = state.heldReplies.filter((held) => {
    held.waitsFor ??= forbidden;
    const isReady = state.durable >= held.durableFrom && !held.waitsFor.some(isUnderWay);
    if (isReady) context.replies.push(held.reply);
    return !isReady;
  });
}

/**
 * The journal cannot be written: nobody may rely on what was asked for. It counts until the end of
 * this run, as far as it forbids something.
 */
export function refuseHeldReplies(context: StepContext, reason: string): void {
  for (const { reply } of context.state.heldReplies) {
    const no = refused(503, 'RL-031', `not on disk, do not rely on it: ${reason}`);
    context.replies.push({ requestId: reply.requestId, ...no });
  }
  context.state.heldReplies = [];
}
