import type { Bilingual, WayBackCondition } from '@relight/contract';
import { stands } from '../earth-fault/earth-fault-state.ts';
import { openSwitchesAt } from '../earth-fault/neutral-network.ts';
import { switchName, type Engine } from '../engine.ts';
import { holdsLeft } from '../holds-left.ts';
import type { Incident } from '../incident-state.ts';
import { awaitsLift, sectionsKeptDead } from '../interlocks/energises-fault.ts';
import { isShedding } from '../load-shedding.ts';
import { feederMode } from '../modes.ts';
import { say } from '../signal-text.ts';
import { incidentInTheWay } from '../start-plan.ts';
import type { OperationsState } from '../state.ts';
import { tagsOnDevice, tagText } from '../tag.ts';
import type { WayBackScope } from './switches.ts';

const NEXT: Readonly<Record<WayBackCondition['kind'], Bilingual>> = {
  blocks: say(
    'xác nhận đã sửa chữa xong và gỡ khóa từng phân đoạn',
    'declare it repaired and clear, section by section',
  ),
  permit: say(
    'nhận lại phiếu công tác rồi gỡ biển',
    'have the permit handed back, then remove its tag',
  ),
  earth: say(
    'tháo tiếp đất rồi ghi nhận đã tháo',
    'have the earth removed, then record that it is',
  ),
  tag: say('chủ biển gỡ biển trước', 'its owner removes the tag first'),
  evidence: say(
    'khôi phục kết nối, hoặc nhập vị trí nếu thiết bị không có tín hiệu',
    'restore the link, or enter the position where the device reports none',
  ),
  mode: say(
    'cho phép tự động hóa lộ này ở mức tư vấn trở lên',
    'set its automation to advisory or more',
  ),
  earthFault: say('xử lý xong chạm đất trước', 'clear the earth fault first'),
  atWork: say('chờ phương án kia xong, hoặc dừng nó', 'wait until that plan is done, or abort it'),
};

/** Everything that stands in the way of a way back now, in the order in which it is seen to. */
export function missingConditions(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  { offNormal, doubtful, sections }: WayBackScope,
): readonly WayBackCondition[] {
  const missing: WayBackCondition[] = [];
  const add = (kind: WayBackCondition['kind'], text: Bilingual): void => {
    missing.push({ kind, text, next: NEXT[kind] });
  };
  for (const { kind, text } of holdsLeft(engine, state, sections)) add(kind, text);
  for (const at of offNormal) {
    for (const tag of tagsOnDevice(state, at)) {
      const text = tagText(tag);
      const name = switchName(engine, at);
      add('tag', say(`${name}: ${text.vi}`, `${name}: ${text.en}`));
    }
  }
  const kept = sectionsKeptDead(incident).map((section) => engine.sections[section]?.name ?? '');
  if (kept.length > 0) {
    const names = kept.join(', ');
    add('blocks', say(`còn khóa cấm đóng: ${names}`, `do-not-close blocks stand: ${names}`));
  } else if (awaitsLift(incident)) {
    add('blocks', say('chưa ai giải thích lần nhảy', 'nobody has explained the trip yet'));
  }
  for (const at of doubtful) {
    const name = switchName(engine, at);
    add('evidence', say(`${name}: không rõ vị trí`, `${name}: its position is not known`));
  }
  for (const feeder of incident.feeders) {
    const name = engine.grid.feeders[feeder]?.name ?? '';
    if (isShedding(state.feeders[feeder])) {
      add('mode', say(`${name}: đang sa thải phụ tải`, `${name}: load is being shed`));
    } else if (feederMode(engine, state, feeder) === 'disabled') {
      add('mode', say(`${name}: tự động hóa tắt`, `${name}: automation is disabled`));
    }
  }
  const networks = new Set(state.earthFaults.filter(stands).map(({ network }) => network));
  const held = new Set(openSwitchesAt(engine, state, networks));
  if (offNormal.some((at) => held.has(at))) {
    const names = [...networks].sort().join(', ');
    add('earthFault', say(`lưới ${names} đang chạm đất`, `network ${names} has an earth fault`));
  }
  const other = incidentInTheWay({ state }, incident);
  if (other !== null) {
    add(
      'atWork',
      say(
        `phương án của ${other.id} đang thực hiện trên cùng lộ`,
        `the plan of ${other.id} works on the same feeders`,
      ),
    );
  }
  return missing;
}
