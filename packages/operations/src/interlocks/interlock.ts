import type { Bilingual } from '@relight/contract';
import { OPEN } from '@relight/topology';
import type { Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import type { OperationsState } from '../state.ts';

/** One wanted movement, and the picture it is judged on. */
export interface WantedMove {
  readonly engine: Engine;
  readonly state: OperationsState;
  readonly switchIndex: number;
  readonly operation: 'open' | 'close';
  readonly now_ms: number;
  /** Nodes a close would or could make live; empty for an open. */
  readonly region: readonly number[];
}

export interface Verdict {
  readonly ok: boolean;
  readonly text: Bilingual;
}

/**
 * Nodes that are not known to be live and that closing the switch would, or with unknown
 * positions could, make live. Empty if neither side can be live and no generator stands there: a
 * generator may feed what no source reaches. An unknown position counts as closed. Ascending.
 * Cost: the size of the dead part.
 */
export function regionOfClose(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
): readonly number[] {
  const ends = endsOf(engine, switchIndex);
  const region = deadPartAt(engine, state, ends);
  const supplied =
    ends.some((end) => state.energisation.maybeLive[end] === 1) || hasGenerator(engine, region);
  return supplied ? region : [];
}

/**
 * Nodes not known to be live that hang together with those given, an unknown position counting
 * as closed; none where those given are live. Ascending.
 */
export function deadPartAt(
  engine: Engine,
  state: OperationsState,
  from: readonly number[],
): readonly number[] {
  const { network } = engine;
  const { nodeSource } = state.energisation;
  const found = new Set<number>();
  const queue: number[] = [];
  const enter = (node: number): void => {
    if (found.has(node) || entryAt(nodeSource, node) !== -1) return;
    found.add(node);
    queue.push(node);
  };
  for (const node of from) enter(node);
  for (const node of queue) {
    const last = entryAt(network.adjacencyStart, node + 1);
    for (let entry = entryAt(network.adjacencyStart, node); entry < last; entry++) {
      const at = entryAt(network.adjacencyBranch, entry) - network.firstSwitchBranch;
      if (at >= 0 && state.positions[at] === OPEN) continue;
      enter(entryAt(network.adjacencyNode, entry));
    }
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * All that hangs together with the two sides of a close of two parts that are live, or may be: each
 * of it gets another way of supply. None where one side is dead.
 */
export function partJoined({ engine, state, switchIndex }: WantedMove): readonly number[] {
  const ends = endsOf(engine, switchIndex);
  const { maybeLive } = state.energisation;
  return ends.every((end) => maybeLive[end] === 1) ? wholePartAt(engine, state, ends) : [];
}

/** A generator stands at one of the nodes. */
export function hasGenerator(engine: Engine, nodes: readonly number[]): boolean {
  return engine.grid.generators.some((unit) => nodes.includes(unit.node));
}

/** A generator that can feed a part by itself stands at one of the nodes. */
export function mayIsland(engine: Engine, nodes: readonly number[]): boolean {
  return engine.grid.generators.some((unit) => unit.canIsland && nodes.includes(unit.node));
}

/** The two ends of a switch as node indices. */
export function endsOf(engine: Engine, switchIndex: number): readonly [number, number] {
  const { from, to } = entryAt(engine.grid.switches, switchIndex);
  return [from, to];
}

/** All that hangs together with the nodes or, through an unknown position, may. */
export function wholePartAt(
  engine: Engine,
  state: OperationsState,
  from: readonly number[],
): readonly number[] {
  const { network } = engine;
  const found = new Set(from);
  for (const node of found) {
    const last = entryAt(network.adjacencyStart, node + 1);
    for (let entry = entryAt(network.adjacencyStart, node); entry < last; entry++) {
      const at = entryAt(network.adjacencyBranch, entry) - network.firstSwitchBranch;
      if (at < 0 || state.positions[at] !== OPEN) found.add(entryAt(network.adjacencyNode, entry));
    }
  }
  return [...found];
}
