import { CLOSED, energise, OPEN } from '@relight/topology';
import { entryAt } from '../entry-at.ts';
import { say } from '../signal-text.ts';
import type { Verdict, WantedMove } from './interlock.ts';

/**
 * Interlock 9: life-support and other critical customers are named before an open takes their
 * supply. A typed reason and a second person override it.
 */
export function darkensCritical(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  const none = { ok: true, text: say('không có khách hàng đặc biệt', 'no critical customer') };
  if (move.operation === 'close' || state.positions[switchIndex] !== CLOSED) return none;
  const after = state.positions.slice();
  after[switchIndex] = OPEN;
  const { nodeSource } = energise(engine.network, after);
  const named = engine.grid.loads.filter(
    (load) =>
      load.priority === 'critical' &&
      entryAt(state.energisation.nodeSource, load.node) !== -1 &&
      entryAt(nodeSource, load.node) === -1,
  );
  if (named.length === 0) return none;
  const names = named.map((load) => (load.name === '' ? load.id : load.name)).join(', ');
  return { ok: false, text: say(`mất điện: ${names}`, `would lose supply: ${names}`) };
}
