import type { AlarmView } from '@relight/contract';
import { newestFirst } from '../shell/alarm-strip.tsx';

/** A line of the list of alarms. */
export type AlarmRow =
  | {
      readonly kind: 'group';
      readonly id: string | null;
      readonly alarms: readonly AlarmView[];
    }
  | { readonly kind: 'alarm'; readonly alarm: AlarmView }
  | { readonly kind: 'fold'; readonly id: string; readonly hidden: number; readonly open: boolean };

/** The group an alarm belongs to: an incident, or the alarm that speaks for it. */
export function groupOf(alarm: AlarmView): string | null {
  return alarm.group ?? alarm.incident;
}

/** A group of so few alarms is shown whole. */
const FEW = 12;

/** The most urgent first; of those the first that came. */
function leading(a: AlarmView, b: AlarmView): number {
  return a.priority - b.priority || a.raisedAt_ms - b.raisedAt_ms || (a.id < b.id ? -1 : 1);
}

/**
 * The alarms as the list shows them: groups first, each with one row for each feeder it touches
 * and the rest folded away, then what belongs to none. A storm of 45 feeders is 45 rows.
 * @param feederOf - Feeder of a piece of equipment, or what else may stand for its place.
 * @param opened - Groups whose folded rows are shown.
 */
export function alarmRows(
  alarms: readonly AlarmView[],
  feederOf: (equipment: string) => string,
  opened: ReadonlySet<string>,
): readonly AlarmRow[] {
  const groups = new Map<string | null, AlarmView[]>();
  for (const alarm of alarms) {
    const id = groupOf(alarm);
    const list = groups.get(id);
    if (list === undefined) groups.set(id, [alarm]);
    else list.push(alarm);
  }
  const rows: AlarmRow[] = [];
  const last = [...groups].sort(([a], [b]) => Number(a === null) - Number(b === null));
  for (const [id, members] of last) {
    if (id !== null || groups.size > 1) rows.push({ kind: 'group', id, alarms: members });
    if (id === null) {
      rows.push(...members.map((alarm): AlarmRow => ({ kind: 'alarm', alarm })));
      continue;
    }
    if (members.length <= FEW) {
      rows.push(...members.map((alarm): AlarmRow => ({ kind: 'alarm', alarm })));
      continue;
    }
    const first = new Map<string, AlarmView>();
    for (const alarm of [...members].sort(leading)) {
      const feeder = feederOf(alarm.equipment);
      if (!first.has(feeder)) first.set(feeder, alarm);
    }
    const leads = new Set(first.values());
    const open = opened.has(id);
    const shown = open ? members : members.filter((alarm) => leads.has(alarm));
    rows.push(...[...shown].sort(newestFirst).map((alarm): AlarmRow => ({ kind: 'alarm', alarm })));
    const hidden = members.length - leads.size;
    if (hidden > 0) rows.push({ kind: 'fold', id, hidden, open });
  }
  return rows;
}
