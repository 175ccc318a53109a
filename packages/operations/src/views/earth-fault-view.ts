import type { Bilingual, EarthFaultView } from '@relight/contract';
import type { EarthFault } from '../earth-fault/earth-fault-state.ts';
import type { Engine } from '../engine.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';

export function earthFaultView(
  engine: Engine,
  state: OperationsState,
  fault: EarthFault,
): EarthFaultView {
  const point = state.points[fault.point];
  const isNumber = point?.quality === 'good' && typeof point.value === 'number';
  return {
    id: fault.id,
    state: fault.state,
    network: fault.network,
    equipment: engine.points[fault.point]?.equipment ?? '',
    neutralVoltage_kV: isNumber ? Number(point.value) : null,
    since_ms: fault.since_ms,
    runUntil_ms: fault.runUntilWall_ms,
    feeders: fault.feeders.map((each) => ({
      id: engine.grid.feeders[each.feeder]?.id ?? '',
      name: engine.grid.feeders[each.feeder]?.name ?? '',
      customers: each.customers,
      state: each.state,
    })),
    text: textOf(engine, fault),
  };
}

function textOf(engine: Engine, fault: EarthFault): Bilingual {
  const name = engine.grid.feeders[fault.trying ?? -1]?.name ?? '';
  const next = fault.feeders.find((each) => each.state === 'waiting');
  const nextName = engine.grid.feeders[next?.feeder ?? -1]?.name;
  switch (fault.state) {
    case 'standing':
      return nextName === undefined
        ? say(
            'Đã thử hết các lộ, 3U0 vẫn còn: xem thanh cái và máy biến áp',
            'All feeders tried and 3U0 stands: look at busbar and transformer',
          )
        : say(`Đề xuất cắt thử ${nextName}`, `Proposed: open ${nextName} and watch 3U0`);
    case 'searching':
      return say(`Đang thử ${name}`, `Trying ${name}`);
    case 'found':
      return say(
        `Chạm đất trên ${name}: để mở, hay vận hành tiếp trong thời gian quy định`,
        `The earth fault is on ${name}: leave it open, or run it for a stated time`,
      );
    case 'leftOpen':
      return say(`${name} để mở`, `${name} was left open`);
    case 'running':
      return say(`${name} vận hành với chạm đất`, `${name} runs with the earth fault`);
    case 'gone':
      return say('Hết 3U0', '3U0 has gone');
  }
}
