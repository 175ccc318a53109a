import type {
  Actor,
  Bilingual,
  CarriedOver,
  ControlLockView,
  OperatorRequest,
} from '@relight/contract';
import { raiseAlarm } from './alarms.ts';
import { refused, type Answer } from './answers.ts';
import type { Verdict } from './interlocks/interlock.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { record, type StepContext } from './step-context.ts';

const UNLOCKED = say('không khóa', 'not locked');

/**
 * The journal comes from a backup: what was tagged or earthed after it was made is not known here.
 * Nothing is commanded until two people have compared the tags with the field.
 */
export function lockAfterRestore(context: StepContext, backup_ms: number): void {
  setLock(context, 'relight', {
    because: say(
      'dữ liệu được khôi phục từ bản sao lưu: phải đối chiếu biển báo và tiếp đất trước khi thao tác',
      'the journal was restored from a backup: tags and earths must be reconciled before any command',
    ),
    since_ms: context.at_ms,
    backup_ms,
    declared: null,
  });
}

/**
 * Tags, earths and faulted parts were put on sections of another grid file: a section of the same
 * name may now end elsewhere. Locked until two people have compared them with the field.
 */
export function lockAfterOtherGrid(
  context: StepContext,
  left: CarriedOver,
  gridHash: string,
): void {
  const { tags = [], earths = [], keptDead } = left;
  const holds = tags.filter(({ kind }) => kind !== 'information').length + earths.length;
  const isSame = left.gridHash === undefined || left.gridHash === gridHash;
  if (isSame || holds + keptDead.length === 0) return;
  setLock(context, 'relight', {
    because: say(
      'tệp lưới đã thay đổi khi còn biển báo, tiếp đất hoặc vùng sự cố: phải đối chiếu trước khi thao tác',
      'the grid file has changed while tags, earths or faulted parts stand: they must be reconciled before any command',
    ),
    since_ms: context.at_ms,
    backup_ms: null,
    declared: null,
  });
}

/** Tags and earths may be among the records that are missing or changed. */
export function lockAfterDamage(context: StepContext, damage: Bilingual): void {
  setLock(context, 'relight', {
    because: damage,
    since_ms: context.at_ms,
    backup_ms: null,
    declared: null,
  });
  raiseAlarm(context, {
    key: 'once/journalDamage',
    priority: 1,
    equipment: 'journal',
    text: damage,
  });
}

/** A lock that an earlier run left stands on. */
export function carryLockOver(context: StepContext, lock: ControlLockView): void {
  context.state.controlLock = lock;
  context.touched.summary = true;
}

/** The first person declares the tags reconciled; another one in another session lifts the lock. */
export function reconcileTags(
  context: StepContext,
  actor: Pick<Actor, 'user' | 'session'>,
  body: Extract<OperatorRequest, { type: 'reconcileTags' }>,
): Answer {
  const lock = context.state.controlLock;
  if (lock === null) return refused(409, 'RL-027', 'control is not locked');
  const { declared } = lock;
  const { user, session } = actor;
  if (declared === null) {
    const first = { by: user, session, note: body.note, at_ms: context.at_ms };
    setLock(context, user, { ...lock, declared: first });
    return { status: 202 };
  }
  if (declared.by === user || declared.session === session) {
    return refused(
      409,
      'RL-062',
      `${declared.by} has declared it; another person in another session confirms`,
    );
  }
  record(context, 'controlLock', user, null, { lock: null, declared, note: body.note });
  context.state.controlLock = null;
  context.touched.summary = true;
  return { status: 202 };
}

/** No command of anybody, person or plan, while control is locked. */
export function controlUnlocked(state: OperationsState): Verdict {
  return state.controlLock === null
    ? { ok: true, text: UNLOCKED }
    : { ok: false, text: state.controlLock.because };
}

function setLock(context: StepContext, by: string, lock: ControlLockView): void {
  context.state.controlLock = lock;
  record(context, 'controlLock', by, null, { lock });
  context.touched.summary = true;
}
