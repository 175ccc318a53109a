import { say } from '../signal-text.ts';
import type { Verdict, WantedMove } from './interlock.ts';

/** Interlock 1: no close that energises an earthed node, from any source. Nobody overrides it. */
export function energisesEarth(move: WantedMove): Verdict {
  const { engine } = move;
  const earthed = move.region.find((node) => engine.earthedNodes.has(node));
  if (move.operation === 'close' && earthed !== undefined) {
    const id = engine.grid.connectivityNodes[earthed]?.id ?? '';
    return {
      ok: false,
      text: say(`đóng điện vào ${id} đang tiếp đất`, `would energise ${id}, which is earthed`),
    };
  }
  return { ok: true, text: say('không có tiếp đất phía sau', 'no earth behind it') };
}
