import type { Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import {
  deadPartAt,
  endsOf,
  mayIsland,
  wholePartAt,
  type Verdict,
  type WantedMove,
} from './interlock.ts';

/**
 * Interlock 2: no loop and no parallel without permission. Both sides live, or possibly live
 * through an unknown position or a generator that can island, is a loop or a parallel; it is permitted where the switch allows
 * it and all that feeds or may feed the two sides is one source or one angle group, with equal
 * phase shift, and nothing there can island.
 */
export function parallels(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  const { maybeLive } = state.energisation;
  const [from, to] = endsOf(engine, switchIndex);
  const hasSupply = (end: number): boolean =>
    maybeLive[end] === 1 || mayIsland(engine, deadPartAt(engine, state, [end]));
  if (move.operation === 'open' || !hasSupply(from) || !hasSupply(to)) {
    return { ok: true, text: say('không khép vòng', 'closes no loop') };
  }
  const refusal = whyNotParallel(engine, state, switchIndex, from, to);
  if (refusal !== null) return { ok: false, text: refusal };
  return {
    ok: true,
    text: say('khép vòng được phép tại thiết bị này', 'parallel is allowed at this switch'),
  };
}

/** Closing the switch now would join two live sides, and that is permitted at this switch. */
export function isPermittedParallel(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
): boolean {
  const [from, to] = endsOf(engine, switchIndex);
  const { maybeLive } = state.energisation;
  const joins = maybeLive[from] === 1 && maybeLive[to] === 1;
  return joins && whyNotParallel(engine, state, switchIndex, from, to) === null;
}

function whyNotParallel(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
  from: number,
  to: number,
) {
  const { nodeSource } = state.energisation;
  const one = entryAt(nodeSource, from);
  const other = entryAt(nodeSource, to);
  if (one === -1 || other === -1) {
    return say(
      'hai phía có thể cùng có điện (vị trí chưa biết hoặc có nguồn phân tán)',
      'both sides may be live (a position is not known, or a generator)',
    );
  }
  if (!entryAt(engine.grid.switches, switchIndex).parallelAllowed) {
    return say('khép vòng hai phía đang có điện', 'would close a loop: both sides are live');
  }
  const nodes = new Set(wholePartAt(engine, state, [from, to]));
  const sources = engine.grid.sources.filter((source) => nodes.has(source.node));
  if (sources.some((source) => source.angleGroup !== sources[0]?.angleGroup)) {
    return say('hai nguồn khác nhóm góc pha', 'the two sources are of different angle groups');
  }
  if (mayIsland(engine, [...nodes])) {
    return say('có nguồn phân tán tự lập lưới', 'a generator that can island hangs on it');
  }
  if (phaseShift_deg(engine, state, from) !== phaseShift_deg(engine, state, to)) {
    return say('hai phía lệch tổ đấu dây', 'the two sides differ in phase shift');
  }
  return null;
}

/** Phase shift summed over the transformers on the way up to the source. */
function phaseShift_deg(engine: Engine, state: OperationsState, from: number): number {
  const { network, grid } = engine;
  const { parentBranch } = state.energisation;
  let shift = 0;
  let node = from;
  for (let branch = entryAt(parentBranch, node); branch !== -1;) {
    const downwards = network.branchTo[branch] === node;
    if (branch >= network.lineCount && branch < network.firstSwitchBranch) {
      const own = entryAt(grid.transformers, branch - network.lineCount).phaseShift_deg;
      shift += downwards ? own : -own;
    }
    node = entryAt(downwards ? network.branchFrom : network.branchTo, branch);
    branch = entryAt(parentBranch, node);
  }
  return ((shift % 360) + 360) % 360;
}
