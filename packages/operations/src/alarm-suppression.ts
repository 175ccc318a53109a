import type { Bilingual } from '@relight/contract';
import { annunciate } from './alarm-load.ts';
import { journalAlarm } from './alarm-state.ts';
import { alarmOf, forgetIfOver, stands } from './alarms.ts';
import { incidentWithoutSupply } from './link-losses.ts';
import { say } from './signal-text.ts';
import type { Alarm } from './alarm.ts';
import type { StepContext } from './step-context.ts';

/** What an alarm only follows from. */
export interface Suppression {
  /** Incident id, or id of the alarm that tells it. */
  readonly by: string;
  readonly because: Bilingual;
}

/** Alarms whose cause is read through an RTU, by the first word of their key. */
const READ_THROUGH_RTU: ReadonlySet<string> = new Set(['bad-position']);

/** The rows of one incident, or of one alarm that speaks for others, belong together. */
export function groupOf(alarm: Alarm): string | null {
  if (alarm.suppressed !== null) return alarm.suppressed.by;
  if (alarm.incident !== null) return alarm.incident;
  return alarm.key.startsWith('link/') || alarm.key.startsWith('links/') ? alarm.id : null;
}

/**
 * Takes out of the ringing list what only follows from something told already, and gives it back
 * once that is over and its own cause still stands. Cost: the number of alarms kept.
 */
export function advanceSuppression(context: StepContext): void {
  const { alarms, incidents, links } = context.touched;
  const nothingMoved = alarms.size + incidents.size + links.size === 0;
  if (nothingMoved && !context.positionsChanged) return;
  for (const alarm of context.state.alarms.values()) {
    if (alarm.state === 'normal') continue;
    const now = consequenceOf(context, alarm);
    if (now?.by === alarm.suppressed?.by) continue;
    alarm.suppressed = now;
    if (now !== null) {
      if (!stands(alarm)) alarm.state = 'normal';
      journalAlarm(context, alarm, 'suppressed', 'relight');
      forgetIfOver(context, alarm);
    } else {
      journalAlarm(context, alarm, 'unsuppressed', 'relight');
      annunciate(context, alarm);
    }
  }
}

function consequenceOf(context: StepContext, alarm: Alarm): Suppression | null {
  const { engine, state } = context;
  const [kind = ''] = alarm.key.split('/');
  if (kind === 'link') return linkFollows(context, engine.rtuIndex.get(alarm.equipment) ?? -1);
  if (!READ_THROUGH_RTU.has(kind)) return null;
  const switchIndex = engine.network.index.switch.get(alarm.equipment) ?? -1;
  const point = engine.switchPoints[switchIndex]?.position ?? -1;
  const rtu = engine.points[point]?.rtu ?? -1;
  if (state.rtus[rtu]?.link.state !== 'down') return null;
  const rtuId = engine.rtus[rtu]?.id ?? '';
  const link = alarmOf(context, `link/${rtuId}`);
  if (link === undefined) return null;
  return {
    by: linkFollows(context, rtu)?.by ?? link.id,
    because: say(
      `${rtuId} mất kết nối: không đọc được gì mới`,
      `${rtuId} has lost its link: nothing new is read`,
    ),
  };
}

/** A link follows from an incident that took its supply, or from a loss of many links together. */
function linkFollows(context: StepContext, rtu: number): Suppression | null {
  const { engine, state } = context;
  const loss = state.linkLosses.find((each) => each.rtu === rtu);
  if (loss === undefined) return null;
  if (loss.incident !== null && incidentWithoutSupply(engine, state, rtu)?.id === loss.incident) {
    return {
      by: loss.incident,
      because: say(
        `${loss.incident} làm mất điện toàn bộ thiết bị của RTU`,
        `${loss.incident} has taken the supply from all its devices`,
      ),
    };
  }
  const group = loss.group === null ? undefined : alarmOf(context, loss.group);
  if (group === undefined) return null;
  return {
    by: group.id,
    because: say('nhiều RTU mất kết nối cùng lúc', 'many RTUs lost their link together'),
  };
}
