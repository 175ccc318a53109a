import { clearAlarm } from './alarms.ts';
import type { Shown } from './approvals.ts';
import { usersOf, type Person } from './people.ts';
import { say } from './signal-text.ts';
import type { LostHold, OperationsState } from './state.ts';
import { addEvent, record, type StepContext } from './step-context.ts';

/**
 * A tag or an earth of an earlier run whose place is no longer in the grid file. Nobody can say any
 * more what it forbids, so the independent monitor lets no close pass while it is on record; two
 * people who know what became of it take it off.
 */
export function lostHold(state: OperationsState, id: string, kind: LostHold['kind']) {
  const lost = state.lostHolds.get(id);
  return lost?.kind === kind ? lost : undefined;
}

/** What the second person is shown. */
export function shownOfLost({ kind, standing }: LostHold): Shown {
  const { id, equipment, ownerName, text } = standing;
  const [vi, en] = kind === 'tag' ? ['biển báo', 'tag'] : ['tiếp đất lưu động', 'portable earth'];
  return {
    title: say(
      `Xóa ${vi} ${id}: ${equipment} không còn trong tệp lưới`,
      `Take ${en} ${id} off the record: ${equipment} is no longer in the grid file`,
    ),
    details: [say(`${ownerName}: ${text}`, `${ownerName}: ${text}`)],
  };
}

/** Takes it off the record; that two people agreed has been seen to by the caller. */
export function dropLost(
  context: StepContext,
  { kind, standing }: LostHold,
  people: readonly Person[],
  reason: string | null,
): void {
  const { id, equipment } = standing;
  record(context, kind, usersOf(people), id, {
    state: 'removed',
    equipment,
    lost: true,
    by: people.map((person) => person.user),
    ...(reason === null ? {} : { reason }),
  });
  context.state.lostHolds.delete(id);
  context.touched.summary = true;
  clearAlarm(context, `once/lost/${id}`);
  const names = people.map((person) => person.name).join(' + ');
  addEvent(context, {
    equipment,
    text: say(`${names} xóa ${id} khỏi hồ sơ`, `${names} took ${id} off the record`),
  });
}
