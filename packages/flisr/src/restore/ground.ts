import { readBlocks, type Blocks } from './blocks.ts';
import type { RestorationProblem } from './problem.ts';
import { reduceGraph } from './reduce-graph.ts';
import type { ReducedGraph } from './reduced-graph.ts';
import { readRelaxation, type Relaxation } from './relaxation.ts';
import type { Scope } from './scope.ts';
import type { Demand } from './way.ts';

/** Limits of what feeds a scope, for each of its sources. */
export interface Supply {
  /** True where a demand can be met. */
  carries(source: number, demand: Demand): boolean;
  /** Weight of loads that can come on top of what is drawn, mW. */
  room(source: number, active_mW: number, reactive_mvar: number): number;
}

/** What a search stands on: the part of the grid that it decides, its limits, and what feeds it. */
export interface Ground {
  readonly scope: Scope;
  readonly limits: Relaxation;
  readonly blocks: Blocks;
  readonly graph: ReducedGraph;
  /** What feeds the scope where it is not sources alone; null: the limits of the sources say it. */
  readonly supply: Supply | null;
}

/** A part of the grid with its sources. */
export function groundOf(problem: RestorationProblem, scope: Scope): Ground {
  const limits = readRelaxation(problem, scope.sources);
  const blocks = readBlocks(problem, scope, limits);
  const graph = reduceGraph(problem, scope, limits, blocks);
  return { scope, limits, blocks, graph, supply: null };
}
