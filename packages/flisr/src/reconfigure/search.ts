import { RandomStream } from '@relight/foundation';
import {
  collectExchanges,
  descend,
  isBetter,
  tryExchange,
  type DescentOptions,
  type Exchange,
} from './branch-exchange.ts';
import {
  copyForest,
  createForest,
  scoreOf,
  solveForest,
  type Forest,
  type VoltageRange,
} from './forest.ts';
import type { SwitchableGraph } from './switchable-graph.ts';

export interface SearchOptions {
  readonly range: VoltageRange;
  readonly allowedViolations: number;
  /** Disturb and descend again, this often. */
  readonly rounds: number;
  readonly seed: number;
}

export interface Found {
  readonly forest: Forest;
  /** Exchanges solved by load flow. */
  readonly explored: number;
}

/** Exchanges solved in one round of a descent, at most. */
const TRIALS = 12;
/** A disturbance changes this many ways, at most. */
const MOST_KICKS = 4;
/** A disturbance takes exchanges expected to cost at most this share of the losses. */
const KICK_SHARE = 0.1;

/**
 * Best radial state found from the given ones: branch exchange from each, then iterated local
 * search: disturb the best state by a few random exchanges near to it, descend, keep the result
 * if it is better. Chance comes from the seed alone, and the budget counts rounds, so that the
 * same grid gives the same answer everywhere.
 * @returns null where no start can be solved.
 */
export function searchLeastLosses(
  graph: SwitchableGraph,
  starts: readonly Uint8Array[],
  { range, allowedViolations, rounds, seed }: SearchOptions,
): Found | null {
  const ties = (forest: Forest): readonly number[] => openTies(graph, forest);
  const descent: DescentOptions = { allowedViolations, ties, trials: TRIALS };
  let explored = 0;
  let best: Forest | null = null;
  for (const closed of starts) {
    const forest = createForest(graph, closed, range);
    if (!solveForest(forest)) continue;
    explored += descend(forest, descent);
    if (best === null || isBetter(scoreOf(forest), scoreOf(best), allowedViolations)) best = forest;
  }
  if (best === null) return null;
  if (ties(best).length === 0) return { forest: best, explored };

  const random = new RandomStream(seed, 'reconfigure');
  const forest = createForest(graph, best.closed, range);
  for (let round = 0; round < rounds; round++) {
    copyForest(best, forest);
    const kicks = random.integer(1, MOST_KICKS);
    for (let kick = 0; kick < kicks; kick++) explored += disturb(forest, ties(forest), random);
    explored += descend(forest, descent);
    if (isBetter(scoreOf(forest), scoreOf(best), allowedViolations)) copyForest(forest, best);
  }
  return { forest: best, explored };
}

/** One exchange at random, among those that do not cost too much. */
function disturb(forest: Forest, ties: readonly number[], random: RandomStream): number {
  const candidates: Exchange[] = [];
  const tie = ties[random.integer(0, ties.length - 1)]!;
  collectExchanges(forest, tie, KICK_SHARE * scoreOf(forest).losses_pu, candidates);
  const candidate = candidates[random.integer(0, Math.max(0, candidates.length - 1))];
  if (candidate === undefined) return 0;
  tryExchange(forest, candidate, () => true);
  return 1;
}

function openTies(graph: SwitchableGraph, forest: Forest): number[] {
  const ties: number[] = [];
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    if (forest.closed[edge] === 1) continue;
    if (graph.edgeFrom[edge] !== graph.edgeTo[edge]) ties.push(edge);
  }
  return ties;
}
