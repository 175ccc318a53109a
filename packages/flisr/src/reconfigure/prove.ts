import { excess } from './branch-exchange.ts';
import { createForest, scoreOf, solveForest, type Forest, type VoltageRange } from './forest.ts';
import { createLossBound, type RelaxedLosses } from './loss-bound.ts';
import { walkLoop } from './mesh-flow.ts';
import type { SwitchableGraph } from './switchable-graph.ts';

/** Gains below this share of the losses are no reason to call a state less than best. */
const EQUAL_SHARE = 1e-6;

const OPEN_FOR_GOOD = 0;
const FREE = 1;
const CLOSED_FOR_GOOD = 2;

export interface ProofOptions {
  readonly range: VoltageRange;
  readonly allowedViolations: number;
  /** Parts of the search space bounded, at most. */
  readonly budget: number;
}

export interface LossProof {
  /** No allowed radial state loses less, pu. */
  readonly bound_pu: number;
  readonly optimal: boolean;
  /** Set where the proof came upon an allowed state better than the one given. */
  readonly better: Forest | null;
  readonly explored: number;
}

/** A part of all radial states: some ways open, some closed for good. */
interface Part {
  readonly fate: Uint8Array;
  readonly relaxed: RelaxedLosses;
}

/**
 * Branch and bound, the part with the lowest bound first. A part is split at one loop: its first
 * way is opened; or that stays closed and the second is opened; and so on. A radial state opens at
 * least one way of each loop, so it lies in exactly one of these. What has no loop left is solved.
 */
export function proveLeastLosses(
  graph: SwitchableGraph,
  best: Forest,
  { range, allowedViolations, budget }: ProofOptions,
): LossProof {
  const boundOf = createLossBound(graph, range);
  const leaf = createForest(graph, best.closed, range);
  let better: Forest | null = null;
  const given = scoreOf(best);
  // A state that is not allowed is no measure for those that are.
  let least = excess(given, allowedViolations) > 0 ? Number.POSITIVE_INFINITY : given.losses_pu;
  const all = new Uint8Array(graph.edgeCount).fill(FREE);
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    if (graph.switchable[edge] !== 1) all[edge] = CLOSED_FOR_GOOD;
    else if (graph.edgeFrom[edge] === graph.edgeTo[edge]) all[edge] = OPEN_FOR_GOOD;
  }
  // Sorted by bound, the lowest last.
  const waiting: Part[] = [];
  let explored = 0;
  enter(all);
  const root = waiting[0]?.relaxed.bound ?? 0;
  let part = waiting.pop();
  while (part !== undefined && part.relaxed.bound < least * (1 - EQUAL_SHARE)) {
    if (explored >= budget)
      return { bound_pu: part.relaxed.bound, optimal: false, better, explored };
    split(part);
    part = waiting.pop();
  }
  if (least === Number.POSITIVE_INFINITY) {
    return { bound_pu: root, optimal: false, better: null, explored };
  }
  return { bound_pu: Math.max(root, least * (1 - EQUAL_SHARE)), optimal: true, better, explored };

  function enter(fate: Uint8Array): void {
    explored += 1;
    const relaxed = boundOf(fate.map((value) => (value === OPEN_FOR_GOOD ? 0 : 1)));
    if (relaxed.bound >= least * (1 - EQUAL_SHARE)) return;
    if (relaxed.mesh.chords.length === 0) {
      solveLeaf(fate);
      return;
    }
    let low = 0;
    for (let high = waiting.length; low < high;) {
      const middle = (low + high) >> 1;
      if (waiting[middle]!.relaxed.bound > relaxed.bound) low = middle + 1;
      else high = middle;
    }
    waiting.splice(low, 0, { fate, relaxed });
  }

  function solveLeaf(fate: Uint8Array): void {
    fate.forEach((value, edge) => {
      leaf.closed[edge] = value === OPEN_FOR_GOOD ? 0 : 1;
    });
    if (!solveForest(leaf)) return;
    const score = scoreOf(leaf);
    if (excess(score, allowedViolations) > 0) return;
    if (!(score.losses_pu < least * (1 - EQUAL_SHARE))) return;
    least = score.losses_pu;
    better = createForest(graph, leaf.closed, range);
    solveForest(better);
  }

  function split({ fate, relaxed }: Part): void {
    const loop = dearestLoop(relaxed, fate);
    const child = fate.slice();
    for (const edge of loop) {
      child[edge] = OPEN_FOR_GOOD;
      enter(child.slice());
      child[edge] = CLOSED_FOR_GOOD;
    }
  }
}

/**
 * The free ways of the loop that costs most to open, least flow first: few of its parts will be
 * worth looking at. Empty where a loop has no free way: then no radial state lies in this part.
 */
function dearestLoop({ mesh, flowSquare }: RelaxedLosses, fate: Uint8Array): readonly number[] {
  let dearest: readonly number[] = [];
  let cost = -1;
  for (const [k, chord] of mesh.chords.entries()) {
    const free = fate[chord] === FREE ? [chord] : [];
    walkLoop(mesh, chord, (edge) => {
      if (fate[edge] === FREE) free.push(edge);
    });
    if (free.length === 0) return [];
    const least = free.reduce((low, edge) => Math.min(low, flowSquare[edge]!), Infinity);
    if (least * mesh.loopWeight[k]! <= cost) continue;
    cost = least * mesh.loopWeight[k]!;
    dearest = free;
  }
  return dearest.toSorted((a, b) => flowSquare[a]! - flowSquare[b]! || a - b);
}
