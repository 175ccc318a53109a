import { raiseAlarm, clearAlarm, alarmOf } from './alarms.ts';
import { isClosed, type Incident } from './incident-state.ts';
import { say } from './signal-text.ts';
import type { LinkLoss, OperationsState } from './state.ts';
import type { Engine } from './engine.ts';
import type { StepContext } from './step-context.ts';

/** So many links lost within this time of each other have one cause: one alarm speaks for them. */
const GROUP_OF = 5;
const TOGETHER_ms = 10_000;
/** Names spelled out in the text of a group. */
const NAMES_SHOWN = 6;

/** The RTU answers no more. From the fifth on, losses close together become one alarm. */
export function noteLinkLost(context: StepContext, rtu: number): void {
  const { state } = context;
  if (state.linkLosses.some((loss) => loss.rtu === rtu)) return;
  const loss: LinkLoss = {
    rtu,
    lost_ms: context.now_ms,
    group: null,
    incident: incidentWithoutSupply(context.engine, state, rtu)?.id ?? null,
  };
  state.linkLosses.push(loss);
  if (loss.incident !== null) return;
  const together = state.linkLosses.filter(
    (each) => each.incident === null && context.now_ms - each.lost_ms <= TOGETHER_ms,
  );
  const group = together.find((each) => each.group !== null)?.group ?? null;
  if (group !== null) loss.group = group;
  else if (together.length >= GROUP_OF) {
    const key = `links/${state.run}-${state.nextAlarm}`;
    for (const each of together) each.group = key;
  }
  if (loss.group !== null) tellGroup(context, loss.group);
}

/** The RTU answers again: its group shrinks, and ends with its last one. */
export function noteLinkBack(context: StepContext, rtu: number): void {
  const { state } = context;
  const back = state.linkLosses.find((loss) => loss.rtu === rtu);
  if (back === undefined) return;
  state.linkLosses = state.linkLosses.filter((loss) => loss !== back);
  if (back.group === null) return;
  if (state.linkLosses.some((loss) => loss.group === back.group)) tellGroup(context, back.group);
  else clearAlarm(context, back.group);
}

/** Its text follows what is lost now; it rings at its beginning, and anew where it grows after it was seen. */
function tellGroup(context: StepContext, key: string): void {
  const rtus = context.state.linkLosses
    .filter((loss) => loss.group === key)
    .map((loss) => context.engine.rtus[loss.rtu]?.id ?? '')
    .sort();
  const names = rtus.slice(0, NAMES_SHOWN).join(', ');
  const more = rtus.length - NAMES_SHOWN;
  const rest = more > 0 ? say(` và ${more} RTU khác`, ` and ${more} more`) : say('', '');
  const known = alarmOf(context, key);
  const all = Math.max(rtus.length, known?.members ?? 0);
  const what =
    rtus.length === all
      ? say(`${all} RTU mất kết nối cùng lúc`, `${all} RTUs lost their link together`)
      : say(
          `${rtus.length} trong ${all} RTU mất cùng lúc chưa nối lại`,
          `${rtus.length} of ${all} RTUs lost together are still silent`,
        );
  const text = say(`${what.vi}: ${names}${rest.vi}`, `${what.en}: ${names}${rest.en}`);
  const grows = known?.state === 'acknowledged' && rtus.length > known.members;
  if (known === undefined || grows) {
    raiseAlarm(context, { key, priority: 1, equipment: rtus[0] ?? '', text });
  } else known.text = text;
  const alarm = alarmOf(context, key);
  if (alarm === undefined) return;
  alarm.members = all;
  context.touched.alarms.add(alarm.id);
}

/** An open incident that has taken the supply from every device of the RTU; undefined: none has. */
export function incidentWithoutSupply(
  engine: Engine,
  state: OperationsState,
  rtu: number,
): Incident | undefined {
  const sections = sectionsOf(engine, rtu);
  if (sections.size === 0) return undefined;
  const dead = [...sections].every((section) => state.sections[section]?.condition !== 'live');
  if (!dead) return undefined;
  return state.incidents.find(
    (incident) =>
      !isClosed(incident) && [...sections].every((each) => incident.outSections.includes(each)),
  );
}

/** Sections at the switches an RTU serves. */
function sectionsOf(engine: Engine, rtu: number): ReadonlySet<number> {
  const { network } = engine;
  const sections = new Set<number>();
  for (const point of engine.rtus[rtu]?.points ?? []) {
    const switchIndex = engine.points[point]?.switchIndex ?? -1;
    if (switchIndex === -1) continue;
    sections.add(network.switchSectionFrom[switchIndex] ?? -1);
    sections.add(network.switchSectionTo[switchIndex] ?? -1);
  }
  return sections;
}
