import { earthedNodes } from '../earths.ts';
import { entryAt } from '../entry-at.ts';
import { say } from '../signal-text.ts';
import { partJoined, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Interlocks 1 and 10: no close that energises an earthed node, from any source. Portable earths
 * count as people recorded them, earthing switches unless they provably stand open; the software
 * commands none. Nobody overrides it.
 */
export function energisesEarth(move: WantedMove): Verdict {
  const { engine, state } = move;
  if (move.operation === 'close') {
    const nodes = earthedNodes(engine, state);
    // Two live sides are looked at as well: an earth on a live part means a wrong picture.
    const reach = nodes.size === 0 ? [] : [...move.region, ...partJoined(move)];
    const earthed = reach.find((node) => nodes.has(node));
    if (earthed !== undefined) {
      const id = entryAt(engine.grid.connectivityNodes, earthed).id;
      return {
        ok: false,
        text: say(`đóng điện vào ${id} đang tiếp đất`, `would energise ${id}, which is earthed`),
      };
    }
  }
  return { ok: true, text: say('không có tiếp đất phía sau', 'no earth behind it') };
}
