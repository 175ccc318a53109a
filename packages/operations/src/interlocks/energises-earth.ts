import { earthedNodes } from '../earths.ts';
import { say } from '../signal-text.ts';
import type { Verdict, WantedMove } from './interlock.ts';

/**
 * Interlocks 1 and 10: no close that energises an earthed node, from any source. Portable earths
 * count as people recorded them, earthing switches unless they provably stand open; the software
 * commands none. Nobody overrides it.
 */
export function energisesEarth(move: WantedMove): Verdict {
  const { engine, state } = move;
  if (move.operation === 'close') {
    const nodes = earthedNodes(engine, state);
    const earthed = move.region.find((node) => nodes.has(node));
    if (earthed !== undefined) {
      const id = engine.grid.connectivityNodes[earthed]?.id ?? '';
      return {
        ok: false,
        text: say(`đóng điện vào ${id} đang tiếp đất`, `would energise ${id}, which is earthed`),
      };
    }
  }
  return { ok: true, text: say('không có tiếp đất phía sau', 'no earth behind it') };
}
