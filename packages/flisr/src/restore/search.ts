import { CLOSED, OPEN } from '@relight/topology';
import { uint8 } from './columns.ts';
import { FORBIDDEN, Lookahead, UNDECIDED, USED, type Outlook } from './bounds.ts';
import { groundOf, type Ground } from './ground.ts';
import { LiveForest } from './live-forest.ts';
import type { RestorationProblem } from './problem.ts';
import type { Scope } from './scope.ts';
import { compareProved, compareServed, type Score, type Served } from './score.ts';

/** A final state that was found legal, with every state on the way to it. */
export interface Candidate {
  readonly score: Score;
  /** Positions by switch index. */
  readonly positions: Uint8Array;
}

/** What the search asks about the states it reaches. */
export interface StateTest<Found extends Candidate> {
  /** The plan that leads to a final state; null where a state on the way breaks a limit. */
  evaluate(positions: Uint8Array, served: Served, operations: number): Found | null;
  /** True where a final state breaks no limit. */
  isLegal(positions: Uint8Array): boolean;
  /** True where a state breaks a limit that more load cannot relieve. */
  isOverstretched(positions: Uint8Array): boolean;
  /** Plans equal in served load and operations that the rest of the objective compares. */
  readonly equalPlans: number;
  /** Negative where `a` is to be preferred; equal plans are told apart by ids. */
  compare(a: Found, b: Found): number;
}

/** Search steps over all rings of one plan. */
export interface Budget {
  left: number;
  explored: number;
}

export interface SearchResult<Found> {
  readonly best: Found | null;
  /** True where nothing that serves more, or as much with less, can have been missed. */
  readonly complete: boolean;
}

/** To judge a state costs about as much as one decision for so many nodes that are solved. */
const NODES_PER_STEP = 40;
/** However small the budget, a state with a margin is looked for this far. */
const CAUTIOUS_LOOK = 64;
/** To look ahead over more switches than so many costs as much as several steps. */
const SWITCHES_PER_STEP = 128;
const NOWHERE = Number.MAX_SAFE_INTEGER;

/**
 * Exact search in one scope: grows the live trees at their frontier, one switch at a time, used
 * or not; bounds cut off what cannot become better (docs/methods/restoration.md).
 */
export class Search<Found extends Candidate> {
  readonly #problem: RestorationProblem;
  readonly #scope: Scope;
  readonly #test: StateTest<Found>;
  readonly #budget: Budget;
  readonly #forest: LiveForest;
  readonly #decision: Uint8Array;
  readonly #lookahead: Lookahead;
  /** Switches in use, with the depth of the decision. */
  readonly #used: { readonly at: number; readonly depth: number }[] = [];
  readonly #costOfStep: number;
  #best: Found | null;
  #equals = 0;
  #complete = true;
  #returnTo = NOWHERE;
  #mode: 'first' | 'cautious' | 'exact' = 'first';
  #halted = false;

  constructor(
    problem: RestorationProblem,
    scope: Scope,
    test: StateTest<Found>,
    budget: Budget,
    incumbent: Found | null,
    ground: Ground = groundOf(problem, scope),
  ) {
    const { blocks } = ground;
    this.#problem = problem;
    this.#scope = scope;
    this.#test = test;
    this.#budget = budget;
    this.#forest = new LiveForest(problem, ground);
    this.#decision = uint8(problem.network.switchCount);
    this.#lookahead = new Lookahead(blocks, this.#forest, problem.positions, this.#decision);
    this.#costOfStep = Math.ceil((scope.free.length + 1) / SWITCHES_PER_STEP);
    this.#best = incumbent;
  }

  /** Best that the scope could hold at all. */
  rootOutlook(): Outlook {
    return this.#lookahead.look(null);
  }

  get moreLoadNeverRelieves(): boolean {
    return this.#forest.moreLoadNeverRelieves;
  }

  /**
   * Where the first state reached is refused by the load flow, one with a margin to every limit is
   * looked for before anything else, so that there is something to improve on.
   */
  run(): SearchResult<Found> {
    this.#descend(0);
    if (this.#halted) {
      this.#mode = 'cautious';
      this.#restart();
      this.#budget.left = Math.max(this.#budget.left, CAUTIOUS_LOOK);
      this.#forest.keepMargin(true);
      this.#descend(0);
      this.#forest.keepMargin(false);
      this.#mode = 'exact';
      this.#restart();
      this.#descend(0);
    }
    return { best: this.#best, complete: this.#complete };
  }

  #restart(): void {
    this.#halted = false;
    this.#complete = true;
    this.#returnTo = NOWHERE;
  }

  #descend(depth: number): void {
    if (this.#halted) return;
    if (this.#budget.left <= 0) {
      this.#complete = false;
      return;
    }
    this.#budget.left -= this.#costOfStep;
    this.#budget.explored += 1;
    const outlook = this.#lookahead.look(this.#best?.score ?? null);
    if (outlook.hopeless || this.#isBeaten(outlook)) return;
    if (outlook.next !== -1) {
      this.#decide(outlook.next, depth);
      return;
    }
    const doubt = this.#forest.nextDoubt();
    if (doubt === -1) {
      this.#finish(outlook);
      return;
    }
    const mark = this.#forest.mark;
    if (this.#forest.extend(doubt) !== null) return;
    this.#descend(depth);
    this.#forest.cutBack(mark);
  }

  #decide(at: number, depth: number): void {
    const mark = this.#forest.mark;
    if (this.#forest.extend(at) === null) {
      this.#decision[at] = USED;
      this.#used.push({ at, depth });
      this.#descend(depth + 1);
      this.#used.pop();
      this.#forest.cutBack(mark);
    }
    if (this.#returnTo >= depth && !this.#halted) {
      this.#returnTo = NOWHERE;
      this.#decision[at] = FORBIDDEN;
      this.#descend(depth + 1);
    }
    this.#decision[at] = UNDECIDED;
  }

  #isBeaten({ served, operations }: Outlook): boolean {
    if (this.#best === null) return false;
    const order = compareServed(served, this.#best.score);
    if (order !== 0) return order > 0;
    const spare = this.#best.score.operations - operations;
    return spare < 0 || (spare === 0 && this.#equals >= this.#test.equalPlans);
  }

  #finish({ served, operations }: Outlook): void {
    const solvedBefore = this.#problem.judge.solvedNodes;
    this.#weigh(served, operations);
    const solved = this.#problem.judge.solvedNodes - solvedBefore;
    this.#budget.left -= Math.ceil(solved / NODES_PER_STEP);
  }

  #weigh(served: Served, operations: number): void {
    const positions = this.#finalPositions();
    const found = this.#test.evaluate(positions, served, operations);
    if (this.#mode === 'cautious' || (this.#mode === 'first' && found === null)) {
      this.#halted = true;
    } else if (found === null) this.#learn(positions);
    if (found === null) return;
    if (this.#mode === 'first') this.#mode = 'exact';
    if (this.#best === null || compareProved(found.score, this.#best.score) < 0) {
      this.#best = found;
      this.#equals = 0;
      return;
    }
    this.#equals += 1;
    if (this.#test.compare(found, this.#best) < 0) this.#best = found;
  }

  #finalPositions(): Uint8Array {
    const final = this.#problem.positions.slice();
    for (const at of this.#scope.free) {
      if (this.#decision[at] === USED) final[at] = CLOSED;
      else if (this.#forest.tree[this.#forest.nearEnd(at)] !== -1) final[at] = OPEN;
    }
    return final;
  }

  /**
   * A limit that broke before the last decision breaks whatever is decided after it: goes back
   * to the earliest decision that broke one. Holds only where more load never relieves a limit.
   */
  #learn(positions: Uint8Array): void {
    if (!this.#forest.moreLoadNeverRelieves || !this.#test.isOverstretched(positions)) return;
    let broken = this.#used.length;
    let legal = 0;
    while (broken - legal > 1) {
      const middle = Math.floor((broken + legal) / 2);
      if (this.#test.isOverstretched(this.#partialPositions(middle))) broken = middle;
      else legal = middle;
    }
    this.#returnTo = this.#used[broken - 1]?.depth ?? NOWHERE;
  }

  #partialPositions(count: number): Uint8Array {
    const partial = this.#problem.positions.slice();
    for (const at of this.#scope.free) partial[at] = OPEN;
    for (let step = 0; step < count; step++) partial[this.#used[step]!.at] = CLOSED;
    return partial;
  }
}
