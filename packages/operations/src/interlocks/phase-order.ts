import { OPEN } from '@relight/topology';
import type { Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { unconfirmedSections } from '../joints.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { endsOf, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Part of interlock 2: where conductors were joined and nobody has confirmed the phase order, no
 * close makes a parallel through them, and none leads a tie (a switch that is open in the normal
 * state) into them or out of them. From their own side they may be energised, radially, so that the
 * phase order can be measured. An unknown position counts as closed. Nobody overrides it.
 */
export function phaseOrder(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  const fine = { ok: true, text: say('không qua chỗ nối dây chưa xác nhận', 'in no doubt') };
  if (move.operation === 'open' || state.joints.size === 0) return fine;
  const doubtful = unconfirmedSections(engine, state);
  const { maybeLive } = state.energisation;
  const [from, to] = endsOf(engine, switchIndex);
  const isLive = (end: number): boolean => maybeLive[end] === 1;
  const ends = [from, to].map((end) => (isLive(end) ? wayUp(engine, state, doubtful, end) : null));
  const [one, other] = ends;
  if (one && other) {
    const through = one.doubt === -1 ? other.doubt : one.doubt;
    return through === -1 ? fine : refusal(engine, through);
  }
  const near = one ?? other ?? { doubt: -1, tie: false };
  const isTie = entryAt(engine.grid.switches, switchIndex).normallyOpen;
  if (isTie && near.doubt !== -1) return refusal(engine, near.doubt);
  const found = downFrom(engine, state, doubtful, one ? to : from, switchIndex, {
    doubt: near.doubt,
    tie: near.tie || isTie,
  });
  return found === -1 ? fine : refusal(engine, found);
}

/** What lies on a way: a section in doubt (−1 none), and whether a tie does. */
interface Passed {
  readonly doubt: number;
  readonly tie: boolean;
}

/** From a live node, or one that may be, to what feeds it. */
function wayUp(
  engine: Engine,
  state: OperationsState,
  doubtful: ReadonlySet<number>,
  start: number,
): Passed {
  const { network, grid } = engine;
  const { nodeSource, parentBranch } = state.energisation;
  let doubt = -1;
  let tie = false;
  const seen = (node: number): void => {
    const section = entryAt(network.nodeSection, node);
    if (doubt === -1 && doubtful.has(section)) doubt = section;
  };
  let node = start;
  seen(node);
  // What is only possibly live is fed by switches of unknown position: no way is known, and every
  // section it hangs together with may be on it.
  if (nodeSource[node] === -1) {
    const part = downFrom(engine, state, doubtful, node, -1, { doubt: -1, tie: true });
    return { doubt: doubt === -1 ? part : doubt, tie: true };
  }
  for (let branch = entryAt(parentBranch, node); branch !== -1;) {
    const at = branch - network.firstSwitchBranch;
    if (at >= 0 && entryAt(grid.switches, at).normallyOpen) tie = true;
    const isDown = network.branchTo[branch] === node;
    node = entryAt(isDown ? network.branchFrom : network.branchTo, branch);
    seen(node);
    branch = entryAt(parentBranch, node);
  }
  return { doubt, tie };
}

/** The section in doubt that would share a way with a tie beyond a close; −1: none. */
function downFrom(
  engine: Engine,
  state: OperationsState,
  doubtful: ReadonlySet<number>,
  start: number,
  without: number,
  before: Passed,
): number {
  const { network, grid } = engine;
  const { nodeSource } = state.energisation;
  const enter = (node: number, passed: Passed): Passed => {
    const section = entryAt(network.nodeSection, node);
    return doubtful.has(section) ? { ...passed, doubt: section } : passed;
  };
  const found = new Map([[start, enter(start, before)]]);
  for (const [node, passed] of found) {
    if (passed.doubt !== -1 && passed.tie) return passed.doubt;
    const last = entryAt(network.adjacencyStart, node + 1);
    for (let entry = entryAt(network.adjacencyStart, node); entry < last; entry++) {
      const at = entryAt(network.adjacencyBranch, entry) - network.firstSwitchBranch;
      const next = entryAt(network.adjacencyNode, entry);
      if (at === without || (at >= 0 && state.positions[at] === OPEN)) continue;
      if (found.has(next) || nodeSource[next] !== -1) continue;
      const isTie = at >= 0 && entryAt(grid.switches, at).normallyOpen;
      found.set(next, enter(next, { doubt: passed.doubt, tie: passed.tie || isTie }));
    }
  }
  return -1;
}

function refusal(engine: Engine, section: number): Verdict {
  const { name } = entryAt(engine.sections, section);
  return {
    ok: false,
    text: say(
      `${name} có nối dây, chưa xác nhận thứ tự pha: cấm hòa và khép vòng qua đó; đo thứ tự pha rồi ghi xác nhận`,
      `${name} has joined conductors of unconfirmed phase order: no parallel and no tie through it; measure the phase order and record the confirmation`,
    ),
  };
}
