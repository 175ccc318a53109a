import { OPEN } from '@relight/topology';
import type { Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { unconfirmedSections } from '../joints.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { endsOf, wholePartAt, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Part of interlock 2: where conductors were joined and nobody has confirmed the phase order, no
 * close makes a parallel through them, and none leads a tie (a switch that is open in the normal
 * state) into them or out of them. From their own side they may be energised, radially, so that the
 * phase order can be measured. An unknown position counts as closed. Nobody overrides it.
 */
export function phaseOrder(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  const forbids = move.operation === 'open' ? -1 : sectionInTheWay(engine, state, switchIndex);
  if (forbids === -1) {
    return {
      ok: true,
      text: say('không qua chỗ nối dây chưa xác nhận', 'leads through no unconfirmed joint'),
    };
  }
  const { name } = entryAt(engine.sections, forbids);
  return {
    ok: false,
    text: say(
      `${name} có nối dây, chưa xác nhận thứ tự pha: cấm hòa và khép vòng qua đó; đo thứ tự pha rồi ghi xác nhận`,
      `${name} has joined conductors of unconfirmed phase order: no parallel and no tie through it; measure the phase order and record the confirmation`,
    ),
  };
}

/** What lies on a way: a section in doubt (−1 none), and whether a tie does. */
interface Passed {
  readonly doubt: number;
  readonly tie: boolean;
}

/** The section in doubt that forbids a close; −1: none. */
function sectionInTheWay(engine: Engine, state: OperationsState, switchIndex: number): number {
  const doubtful = unconfirmedSections(engine, state);
  if (doubtful.size === 0) return -1;
  const ends = endsOf(engine, switchIndex);
  const fed = ends.filter((end) => state.energisation.maybeLive[end] === 1);
  const ways = fed.map((end) => wayUp(engine, state, doubtful, end));
  const through = ways.find(({ doubt }) => doubt !== -1);
  const tie = ways.some((way) => way.tie) || isTie(engine, switchIndex);
  if (fed.length === 1) {
    const dead = ends.filter((end) => end !== fed[0]);
    return wayDown(engine, state, doubtful, dead, { doubt: through?.doubt ?? -1, tie });
  }
  return through?.doubt ?? -1;
}

/** True for a switch that the normal state has open; negative: a line or transformer. */
function isTie({ grid }: Engine, switchIndex: number): boolean {
  return switchIndex >= 0 && entryAt(grid.switches, switchIndex).normallyOpen;
}

/** From a node that is live, or may be, to what feeds it. */
function wayUp(
  engine: Engine,
  state: OperationsState,
  doubtful: ReadonlySet<number>,
  start: number,
): Passed {
  const { network } = engine;
  const { nodeSource, parentBranch } = state.energisation;
  const sectionOf = (node: number): number => entryAt(network.nodeSection, node);
  // What is only possibly live hangs on switches of unknown position: any way may lead to it.
  if (entryAt(nodeSource, start) === -1) {
    const part = wholePartAt(engine, state, [start]).map(sectionOf);
    return { doubt: part.find((section) => doubtful.has(section)) ?? -1, tie: true };
  }
  const nodes = [start];
  let tie = false;
  for (const node of nodes) {
    const branch = entryAt(parentBranch, node);
    if (branch === -1) break;
    tie ||= isTie(engine, branch - network.firstSwitchBranch);
    nodes.push(entryAt(network.branchFrom, branch) + entryAt(network.branchTo, branch) - node);
  }
  return { doubt: nodes.map(sectionOf).find((section) => doubtful.has(section)) ?? -1, tie };
}

/** The section in doubt that would share a way with a tie beyond a close; −1: none. */
function wayDown(
  engine: Engine,
  state: OperationsState,
  doubtful: ReadonlySet<number>,
  start: readonly number[],
  before: Passed,
): number {
  const { network } = engine;
  const { nodeSource } = state.energisation;
  const enter = (node: number, passed: Passed): Passed => {
    const section = entryAt(network.nodeSection, node);
    return doubtful.has(section) ? { ...passed, doubt: section } : passed;
  };
  const found = new Map(start.map((node) => [node, enter(node, before)]));
  for (const [node, passed] of found) {
    if (passed.doubt !== -1 && passed.tie) return passed.doubt;
    const last = entryAt(network.adjacencyStart, node + 1);
    for (let entry = entryAt(network.adjacencyStart, node); entry < last; entry++) {
      const at = entryAt(network.adjacencyBranch, entry) - network.firstSwitchBranch;
      const next = entryAt(network.adjacencyNode, entry);
      const isApart = at >= 0 && state.positions[at] === OPEN;
      if (isApart || found.has(next) || entryAt(nodeSource, next) !== -1) continue;
      const tie = passed.tie || isTie(engine, at);
      found.set(next, enter(next, { doubt: passed.doubt, tie }));
    }
  }
  return -1;
}
