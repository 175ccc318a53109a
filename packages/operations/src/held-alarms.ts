import { CLOSED } from '@relight/topology';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { switchName } from './engine.ts';
import { protectionAbove, whyNotHotLine } from './interlocks/hot-line.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';
import { tagsOf, tagText } from './tag.ts';

/**
 * Top alarms of holds that are not kept, whoever is to blame: a crew or an earth on a live
 * section, hot-line work under a device whose reclosing is on. True to the picture of this step;
 * an alarm goes when its cause has gone.
 */
export function watchHolds(context: StepContext): void {
  const { engine, state } = context;
  const standing = new Set<string>();
  const alarm = (key: string, equipment: string, vi: string, en: string): void => {
    standing.add(key);
    raiseAlarm(context, { key, priority: 1, equipment, text: say(vi, en) });
  };
  const isLive = (section: number): boolean => state.sections[section]?.condition === 'live';
  for (const tag of tagsOf(state, 'crewAtWork')) {
    const live = tag.sections.find(isLive);
    if (live === undefined) continue;
    const name = engine.sections[live]?.name ?? '';
    const whose = tagText(tag);
    alarm(
      `live-crew/${tag.standing.id}`,
      tag.standing.equipment,
      `${name} ĐANG CÓ ĐIỆN khi có người làm việc: ${whose.vi}`,
      `${name} IS LIVE with a crew at work: ${whose.en}`,
    );
  }
  for (const { standing: earth, section } of state.earths.values()) {
    if (!isLive(section)) continue;
    const name = engine.sections[section]?.name ?? '';
    alarm(
      `live-earth/${earth.id}`,
      earth.equipment,
      `${name} ĐANG CÓ ĐIỆN, có tiếp đất lưu động ${earth.label}`,
      `${name} IS LIVE under the portable earth ${earth.label}`,
    );
  }
  engine.grid.groundDisconnectors.forEach((device, index) => {
    const section = engine.network.nodeSection[device.node] ?? -1;
    if (state.earthing[index] !== CLOSED || !isLive(section)) return;
    const name = engine.sections[section]?.name ?? '';
    alarm(
      `live-earth/${device.id}`,
      device.id,
      `Dao tiếp đất ${device.id} báo ĐÓNG trên ${name} ĐANG CÓ ĐIỆN`,
      `Earthing switch ${device.id} reports CLOSED on ${name}, which IS LIVE`,
    );
  });
  for (const tag of tagsOf(state, 'hotLine')) {
    const above = protectionAbove(engine, state, tag.sections);
    const why = whyNotHotLine(
      engine,
      state,
      tag.switchIndex,
      tag.sections,
      tag.standing.reclosingSeenOff ?? [],
    );
    if (why === null || (above.length === 0 && tag.switchIndex === -1)) continue;
    const where =
      tag.switchIndex === -1
        ? (tag.standing.sections[0] ?? '')
        : switchName(engine, tag.switchIndex);
    alarm(
      `hot-line/${tag.standing.id}`,
      tag.standing.equipment,
      `Sửa chữa nóng ${where}: ${why.vi}`,
      `Hot-line work ${where}: ${why.en}`,
    );
  }
  for (const key of state.heldAlarms) if (!standing.has(key)) clearAlarm(context, key);
  state.heldAlarms = [...standing].sort();
}
