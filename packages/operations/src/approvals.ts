import { canonicalJson, type ApprovalView, type Bilingual } from '@relight/contract';
import { sha256 } from '@relight/foundation';
import { refused, type Answer } from './answers.ts';
import { isSecondPerson, type Person } from './people.ts';
import { record, wakeAt, type StepContext } from './step-context.ts';

/** Decided approvals kept for looking back. */
const APPROVALS_KEPT = 500;

/** What a second person is asked to agree to, in the words they see. */
export interface Shown {
  readonly title: Bilingual;
  readonly details: readonly Bilingual[];
}

/** A request that waits for a second person, or did. */
export interface Approval {
  readonly id: string;
  readonly what: ApprovalView['what'];
  state: ApprovalView['state'];
  shown: Shown;
  /** SHA-256 of everything the second person sees. */
  hash: string;
  readonly reason: string | null;
  /** Id of the command, tag, earth or shedding list. */
  readonly about: string;
  readonly equipment: readonly string[];
  readonly by: Person;
  /** Where the device was seen (`clearUnknown` only). */
  readonly seen: 'asWanted' | 'asBefore' | null;
  readonly requestedAt_ms: number;
  /** Monotonic and wall time at which it lapses. */
  readonly until_ms: number;
  readonly expiresAt_ms: number;
  decidedBy: Person | null;
  decidedAt_ms: number | null;
}

/** Lays something before a second person; the request waits on every console. */
export function askForApproval(
  context: StepContext,
  wish: Pick<Approval, 'what' | 'reason' | 'about' | 'equipment' | 'by' | 'shown'> & {
    readonly seen?: Approval['seen'];
  },
): Approval {
  const { state } = context;
  const life_ms = state.configuration.approvalLife_ms;
  const approval: Approval = {
    id: `P${state.run}-${state.nextApproval}`,
    what: wish.what,
    state: 'waiting',
    shown: wish.shown,
    hash: '',
    reason: wish.reason,
    about: wish.about,
    equipment: wish.equipment,
    by: wish.by,
    seen: wish.seen ?? null,
    requestedAt_ms: context.at_ms,
    until_ms: context.now_ms + life_ms,
    expiresAt_ms: context.at_ms + life_ms,
    decidedBy: null,
    decidedAt_ms: null,
  };
  approval.hash = hashOf(approval);
  state.nextApproval += 1;
  state.approvals.set(approval.id, approval);
  context.touched.approvals.add(approval.id);
  record(context, 'approval', wish.by.user, approval.about, {
    approval: approval.id,
    state: 'waiting',
    what: approval.what,
    hash: approval.hash,
    shown: approval.shown,
    reason: approval.reason,
    equipment: approval.equipment,
    user: wish.by.user,
    view: approvalView(approval),
  });
  forgetOld(context);
  return approval;
}

/** Everything a second person sees, in one number. */
function hashOf(approval: Approval): string {
  return sha256(
    canonicalJson({
      what: approval.what,
      about: approval.about,
      equipment: approval.equipment,
      title: approval.shown.title,
      details: approval.shown.details,
      reason: approval.reason,
      by: approval.by.user,
      seen: approval.seen,
    }),
  );
}

/**
 * Whether this person may agree to what they name by its hash. What is shown is made anew first:
 * if the grid has changed meanwhile, the second person sees the change before agreeing.
 * @returns null where nothing speaks against it.
 */
export function whyNotApprove(
  context: StepContext,
  approval: Approval,
  person: Person,
  hash: string,
  shownNow: Shown,
): Answer | null {
  if (approval.state !== 'waiting') {
    return refused(409, 'RL-027', `approval ${approval.id} is ${approval.state}`);
  }
  if (!isSecondPerson(approval.by, person)) {
    return refused(
      403,
      'RL-062',
      `${approval.by.name} asked for it: another user in another session has to agree`,
    );
  }
  if (canonicalJson(approval.shown) !== canonicalJson(shownNow)) {
    approval.shown = shownNow;
    approval.hash = hashOf(approval);
    context.touched.approvals.add(approval.id);
  }
  if (approval.hash === hash) return null;
  return {
    ...refused(409, 'RL-070', `approval ${approval.id} now shows something else`),
    accepted: { ok: true, approval: approvalView(approval) },
  };
}

/** Ends an approval; the record says who decided and on what. */
export function endApproval(
  context: StepContext,
  approval: Approval,
  state: Exclude<Approval['state'], 'waiting'>,
  person: Person | null,
  why: string | null = null,
): void {
  approval.state = state;
  approval.decidedBy = person;
  approval.decidedAt_ms = context.at_ms;
  context.touched.approvals.add(approval.id);
  record(context, 'approval', person?.user ?? 'relight', approval.about, {
    approval: approval.id,
    state,
    what: approval.what,
    hash: approval.hash,
    ...(person === null ? {} : { user: person.user }),
    ...(why === null ? {} : { reason: why }),
  });
}

/** Approvals nobody gave in time; true if one lapsed. */
export function lapseApprovals(
  context: StepContext,
  lapsed: (approval: Approval) => void,
): boolean {
  let changed = false;
  for (const approval of context.state.approvals.values()) {
    if (approval.state !== 'waiting') continue;
    if (context.now_ms < approval.until_ms) {
      wakeAt(context, approval.until_ms);
      continue;
    }
    endApproval(context, approval, 'expired', null);
    lapsed(approval);
    changed = true;
  }
  return changed;
}

/** The approval that waits about this thing; null: none does. */
export function approvalAbout(context: StepContext, about: string): Approval | null {
  for (const approval of context.state.approvals.values()) {
    if (approval.about === about && approval.state === 'waiting') return approval;
  }
  return null;
}

export function approvalView(approval: Approval): ApprovalView {
  return {
    id: approval.id,
    what: approval.what,
    state: approval.state,
    title: approval.shown.title,
    details: [...approval.shown.details],
    reason: approval.reason,
    about: approval.about,
    equipment: [...approval.equipment],
    hash: approval.hash,
    by: approval.by.user,
    byName: approval.by.name,
    requestedAt_ms: approval.requestedAt_ms,
    expiresAt_ms: approval.expiresAt_ms,
    decidedBy: approval.decidedBy?.user ?? null,
    decidedByName: approval.decidedBy?.name ?? null,
    decidedAt_ms: approval.decidedAt_ms,
  };
}

function forgetOld(context: StepContext): void {
  const { approvals } = context.state;
  for (const [id, approval] of approvals) {
    if (approvals.size <= APPROVALS_KEPT) return;
    if (approval.state !== 'waiting') approvals.delete(id);
  }
}
