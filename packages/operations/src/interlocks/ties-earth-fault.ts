import { stands } from '../earth-fault/earth-fault-state.ts';
import { neutralNetworkOf } from '../earth-fault/neutral-network.ts';
import { entryAt } from '../entry-at.ts';
import { say } from '../signal-text.ts';
import { endsOf, type Verdict, type WantedMove } from './interlock.ts';

/**
 * While 3U0 stands in a network without an earthed neutral: no tie, no parallel, no transfer
 * there, and nobody closes the feeder that is open for the search but the search itself.
 * @param command - the command that asks; null: none yet.
 */
export function tiesEarthFault(move: WantedMove, command: string | null): Verdict {
  const { engine, state, switchIndex, region } = move;
  const ok: Verdict = {
    ok: true,
    text: say('không có chạm đất đang tồn tại', 'no earth fault stands there'),
  };
  if (move.operation === 'open') return ok;
  const ends = endsOf(engine, switchIndex);
  const networks = ends.map((node) => neutralNetworkOf(engine, state, node));
  const isTie =
    entryAt(engine.grid.switches, switchIndex).normallyOpen ||
    networks.every((each) => each !== null);
  for (const fault of state.earthFaults) {
    if (!stands(fault) || (fault.command !== null && fault.command === command)) continue;
    if (isTie && networks.includes(fault.network)) {
      return {
        ok: false,
        text: say(
          `lưới ${fault.network} đang chạm đất (3U0): cấm khép vòng, chuyển tải`,
          `network ${fault.network} has an earth fault (3U0): no tie, no transfer`,
        ),
      };
    }
    if (fault.state !== 'searching' || fault.trying === null) continue;
    const { head } = entryAt(engine.grid.feeders, fault.trying);
    if (head === switchIndex || endsOf(engine, head).some((node) => region.includes(node))) {
      return {
        ok: false,
        text: say(
          `đang mở để tìm điểm chạm đất (${fault.id})`,
          `is open for the search of an earth fault (${fault.id})`,
        ),
      };
    }
  }
  return ok;
}
