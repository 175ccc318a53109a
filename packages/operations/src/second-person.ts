import type { EarthView, OperatorRequest, TagView } from '@relight/contract';
import { refused, type Answer } from './answers.ts';
import {
  approvalAbout,
  approvalView,
  askForApproval,
  endApproval,
  lapseApprovals,
  whyNotApprove,
  type Approval,
} from './approvals.ts';
import { areasOf, hasPartIn } from './areas.ts';
import { clearUnknown } from './command-outcome.ts';
import { reject } from './command-ends.ts';
import { wantedBy } from './command-orders.ts';
import { approveCommand, cancelCommand } from './commands.ts';
import { dropEarth } from './earths.ts';
import { AGE_GATE, firstShut, judgeGates } from './gates.ts';
import { adopt } from './normal-state/adopt.ts';
import { dropLost, lostHold, shownOfLost } from './lost-holds.ts';
import type { Person } from './people.ts';
import { approveList } from './shedding-lists.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { LostHold } from './state.ts';
import type { StepContext } from './step-context.ts';
import { dropTag } from './tags.ts';
import { shownOf, shownOfCommand } from './what-is-shown.ts';

/** The second person agrees: what was asked for is done now, by both names. */
export function approve(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'approve' }>,
): Answer {
  const approval = context.state.approvals.get(body.approval);
  if (approval === undefined) return refused(404, 'RL-023', `no approval ${body.approval}`);
  const shown = approval.state === 'waiting' ? shownOf(context, approval) : approval.shown;
  if (shown === null) {
    endApproval(context, approval, 'withdrawn', null);
    return refused(409, 'RL-027', `what approval ${approval.id} was about is gone`);
  }
  const objection = whyNotApprove(context, approval, person, body.hash, shown);
  if (objection !== null) return objection;
  const isOrder =
    approval.what === 'command' ||
    approval.what === 'sheddingList' ||
    approval.what === 'adoptNormal';
  if (isOrder && !person.mayCommand) {
    return refused(403, 'RL-042', `${person.name} may not command, and so agrees to no command`);
  }
  const strange = strangeTo(context, approval.equipment, person);
  if (strange !== null) return strange;
  const made = carryOut(context, approval, person);
  if (made.error !== undefined) return made;
  endApproval(context, approval, 'approved', person);
  return {
    status: 202,
    accepted: {
      ok: true,
      ...made.accepted,
      ...(made.command === undefined ? {} : { command: made.command }),
      approval: approvalView(approval),
    },
  };
}

/** The second person says no, or the first one withdraws. */
export function refuse(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'refuse' }>,
): Answer {
  const approval = context.state.approvals.get(body.approval);
  if (approval === undefined) return refused(404, 'RL-023', `no approval ${body.approval}`);
  if (approval.state !== 'waiting') {
    return refused(409, 'RL-027', `approval ${approval.id} is ${approval.state}`);
  }
  const own = approval.by.user === person.user;
  const strange = own ? null : strangeTo(context, approval.equipment, person);
  if (strange !== null) return strange;
  endApproval(context, approval, own ? 'withdrawn' : 'refused', person, body.reason);
  dropWhatWaited(context, approval, person);
  return { status: 202, accepted: { ok: true, approval: approvalView(approval) } };
}

/** A refusal where one of the devices, nodes or sections lies in areas this person has no part in. */
function strangeTo(
  { engine }: StepContext,
  equipment: readonly string[],
  person: Person,
): Answer | null {
  const strange = equipment.find((id) => !hasPartIn(areasOf(engine, id), person));
  return strange === undefined
    ? null
    : refused(403, 'RL-073', `${strange} is in another area than that of ${person.name}`);
}

/** Approvals nobody gave in time, and the commands that waited for them. True if one lapsed. */
export function advanceApprovals(context: StepContext): boolean {
  return lapseApprovals(context, (approval) => dropWhatWaited(context, approval, null));
}

/** What an approval that was not given had held up ends. */
export function dropWhatWaited(context: StepContext, approval: Approval, by: Person | null): void {
  const command = context.state.commands.get(approval.about);
  if (approval.what === 'command' && command?.waits === 'approval') {
    if (by === null) {
      reject(context, command, say('không ai phê duyệt kịp', 'nobody agreed in time'));
    } else {
      const why = say(`${by.name} không đồng ý`, `${by.name} did not agree`);
      cancelCommand(context, command, by.user, why);
    }
  }
  const list = context.state.sheddingLists.get(approval.about);
  if (list?.state === 'waiting') {
    context.state.sheddingLists.set(list.id, { ...list, state: 'withdrawn' });
    context.touched.sheddingLists.add(list.id);
  }
}

/** Lays a command before a second person: what it overrides, and what asks for two. */
export function askForCommand(context: StepContext, command: Command, person: Person): Approval {
  const approval = askForApproval(context, {
    what: 'command',
    reason: command.overrideReason,
    about: command.id,
    equipment: [command.equipment],
    by: person,
    shown: shownOfCommand(context, command),
  });
  command.approval = approval.id;
  context.touched.commands.add(command.id);
  return approval;
}

export function askToRemoveTag(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'removeTag' }>,
): Answer {
  const lost = lostHold(context.state, body.tag, 'tag');
  if (lost !== undefined) return askToRemoveLost(context, person, 'removeTag', lost, body.reason);
  const tag = context.state.tags.get(body.tag);
  if (tag === undefined) return refused(404, 'RL-023', `no tag ${body.tag}`);
  return askToRemove(context, person, {
    what: 'removeTag',
    standing: tag.standing,
    reason: body.reason,
    drop: () => ({ tag: dropTag(context, tag, [person], body.reason ?? null) }),
  });
}

export function askToRemoveEarth(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'removeEarth' }>,
): Answer {
  const lost = lostHold(context.state, body.earth, 'earth');
  if (lost !== undefined) return askToRemoveLost(context, person, 'removeEarth', lost, body.reason);
  const earth = context.state.earths.get(body.earth);
  if (earth === undefined) return refused(404, 'RL-023', `no portable earth ${body.earth}`);
  return askToRemove(context, person, {
    what: 'removeEarth',
    standing: earth.standing,
    reason: body.reason,
    drop: () => ({ earth: dropEarth(context, earth, [person], body.reason ?? null) }),
  });
}

/** Also its owner needs a second person: the place cannot be looked up any more. */
function askToRemoveLost(
  context: StepContext,
  person: Person,
  what: 'removeTag' | 'removeEarth',
  lost: LostHold,
  reason: string | undefined,
): Answer {
  const { id: about, equipment } = lost.standing;
  const waiting = approvalAbout(context, about);
  if (waiting !== null) return held(waiting);
  if (reason === undefined) {
    return refused(
      403,
      'RL-062',
      `${equipment} is no longer in the grid file: give a reason, and a second person agrees`,
    );
  }
  const shown = shownOfLost(lost);
  return held(
    askForApproval(context, { what, about, equipment: [equipment], reason, by: person, shown }),
  );
}

/** It has been taken away, and only the disk is waited for. */
function isLeaving(context: StepContext, id: string): boolean {
  return context.state.leaving.some(({ tag, earth }) => tag?.id === id || earth?.id === id);
}

/** A tag or earth that somebody wants to take away. */
interface Removal {
  readonly what: 'removeTag' | 'removeEarth';
  readonly standing: Pick<TagView, 'id' | 'equipment' | 'owner' | 'ownerName'>;
  readonly reason: string | undefined;
  readonly drop: () => { readonly tag: TagView } | { readonly earth: EarthView };
}

/** The owner takes it away at once; anybody else needs a reason and a second person. */
function askToRemove(
  context: StepContext,
  person: Person,
  { what, standing, reason, drop }: Removal,
): Answer {
  const { id: about, equipment, owner, ownerName } = standing;
  const strange = owner === person.user ? null : strangeTo(context, [equipment], person);
  if (strange !== null) return strange;
  if (isLeaving(context, about)) {
    return refused(409, 'RL-027', `${about} is being taken away already`);
  }
  if (owner === person.user) {
    const gone = drop();
    withdrawAbout(context, about, person);
    return { status: 202, accepted: { ok: true, ...gone } };
  }
  const waiting = approvalAbout(context, about);
  if (waiting !== null) return held(waiting);
  if (reason === undefined) {
    return refused(
      403,
      'RL-062',
      `${about} is of ${ownerName}: another person gives a reason, and a second one agrees`,
    );
  }
  const shown = shownOf(context, { what, about, seen: null });
  if (shown === null) return refused(404, 'RL-023', `no ${about}`);
  return held(
    askForApproval(context, { what, about, equipment: [equipment], reason, by: person, shown }),
  );
}

/** Two people who know where the device stands end an outcome that nobody knew. */
export function askToClear(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'clearUnknown' }>,
): Answer {
  const command = context.state.commands.get(body.command);
  if (command === undefined) return refused(404, 'RL-023', `no command ${body.command}`);
  if (!command.unsettled) {
    return refused(409, 'RL-027', `the outcome of ${command.id} is known: ${command.state}`);
  }
  const waiting = approvalAbout(context, command.id);
  if (waiting !== null) return held(waiting);
  const shown = shownOf(context, { what: 'clearUnknown', about: command.id, seen: body.seen });
  if (shown === null) return refused(404, 'RL-023', `no command ${command.id}`);
  return held(
    askForApproval(context, {
      what: 'clearUnknown',
      about: command.id,
      equipment: [command.equipment],
      reason: body.reason,
      by: person,
      seen: body.seen,
      shown,
    }),
  );
}

function held(approval: Approval): Answer {
  return { status: 202, accepted: { ok: true, approval: approvalView(approval) } };
}

/** What it was about has been settled without it. */
function withdrawAbout(context: StepContext, about: string, person: Person): void {
  const waiting = approvalAbout(context, about);
  if (waiting !== null) endApproval(context, waiting, 'withdrawn', person);
}

function carryOut(context: StepContext, approval: Approval, second: Person): Answer {
  const { state } = context;
  const people = [approval.by, second];
  switch (approval.what) {
    case 'command': {
      const command = state.commands.get(approval.about);
      return command === undefined ? gone(approval) : release(context, command, second);
    }
    case 'removeTag': {
      const lost = lostHold(state, approval.about, 'tag');
      if (lost !== undefined) return forget(context, lost, people, approval.reason);
      const tag = state.tags.get(approval.about);
      if (tag === undefined || isLeaving(context, approval.about)) return gone(approval);
      const view = dropTag(context, tag, people, approval.reason);
      return { status: 202, accepted: { ok: true, tag: view } };
    }
    case 'removeEarth': {
      const lost = lostHold(state, approval.about, 'earth');
      if (lost !== undefined) return forget(context, lost, people, approval.reason);
      const earth = state.earths.get(approval.about);
      if (earth === undefined || isLeaving(context, approval.about)) return gone(approval);
      const view = dropEarth(context, earth, people, approval.reason);
      return { status: 202, accepted: { ok: true, earth: view } };
    }
    case 'clearUnknown': {
      const command = state.commands.get(approval.about);
      if (command === undefined || !command.unsettled) return gone(approval);
      clearUnknown(context, command, people, approval.seen ?? 'asBefore', approval.reason ?? '');
      return { status: 202 };
    }
    case 'adoptNormal':
      return adopt(context, approval, second);
    case 'sheddingList': {
      const list = approveList(context, approval.about, second);
      return list === null
        ? gone(approval)
        : { status: 202, accepted: { ok: true, sheddingList: list } };
    }
  }
}

function forget(
  context: StepContext,
  lost: LostHold,
  people: readonly Person[],
  reason: string | null,
): Answer {
  dropLost(context, lost, people, reason);
  return { status: 202 };
}

/** Overrides what a second person may override; anything else that is shut refuses now. */
function release(context: StepContext, command: Command, second: Person): Answer {
  const { engine, state } = context;
  const gates = judgeGates(
    engine,
    state,
    { ...wantedBy(command), secondPerson: second },
    context.now_ms,
  );
  const overridden = gates.flatMap((gate) =>
    !gate.ok && gate.overridable === true && command.overrideReason !== null ? [gate.name] : [],
  );
  const shut = firstShut(gates, [AGE_GATE, ...overridden]);
  const asks = gates.find((gate) => gate.needsSecondPerson === true);
  const refusing = shut ?? asks;
  if (refusing !== undefined && refusing !== null) {
    return {
      ...refused(422, 'RL-024', `refused: ${refusing.label.en}: ${refusing.text.en}`),
      gates,
    };
  }
  approveCommand(context, command, second, overridden);
  return { status: 202 };
}

function gone(approval: Approval): Answer {
  return refused(409, 'RL-027', `what approval ${approval.id} was about is gone`);
}
