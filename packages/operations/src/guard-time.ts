import type { Engine } from './engine.ts';
import { entryAt } from './entry-at.ts';
import { endsOf } from './interlocks/interlock.ts';
import type { OperationsState } from './state.ts';

/**
 * How long the supply of a switch is watched after its close, ms: what the site has set, and at
 * least the slowest protection and two polls of the devices that would tell of a trip: the switch
 * and every protective device between it and its source. Cost: the way to the source.
 */
export function guardTime_ms(engine: Engine, state: OperationsState, switchIndex: number): number {
  const { network, grid, poll_ms } = engine;
  const { parentBranch } = state.energisation;
  const { guardTime_ms: set_ms, slowestProtection_ms } = state.configuration;
  let slowest_ms = entryAt(poll_ms, switchIndex);
  for (const end of endsOf(engine, switchIndex)) {
    let node = end;
    for (;;) {
      const branch = entryAt(parentBranch, node);
      if (branch === -1) break;
      const at = branch - network.firstSwitchBranch;
      if (at >= 0 && entryAt(grid.switches, at).protects) {
        slowest_ms = Math.max(slowest_ms, entryAt(poll_ms, at));
      }
      const from = entryAt(network.branchFrom, branch);
      node = from === node ? entryAt(network.branchTo, branch) : from;
    }
  }
  return Math.max(set_ms, slowestProtection_ms + 2 * slowest_ms);
}
