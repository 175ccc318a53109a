import { ROUNDING } from './edge-limits.ts';
import type { SwitchableGraph } from './switchable-graph.ts';

/** Largest change of a voltage between two sweeps, squared: 1e-8 pu. */
const SETTLED_SQUARE = 1e-16;
const MOST_SWEEPS = 60;
/** Below 0.5 pu the load flow does not believe itself either. */
const LOWEST_SQUARE = 0.25;

/** How good a radial state is: fewer broken limits first, then lower losses. */
export interface Score {
  /** Branches, sources and voltages outside their limit. */
  readonly violations: number;
  /** Voltages outside both the limits and what was there before the search. */
  readonly outside: number;
  readonly losses_pu: number;
}

/**
 * One radial state of the graph with its solved load flow, tree by tree, and the buffers in which
 * a changed tree is tried before it is taken over.
 */
export interface Forest {
  readonly graph: SwitchableGraph;
  readonly closed: Uint8Array;
  /** By vertex: root index, edge and vertex above (−1 at a root), edges from the root. */
  readonly root: Int32Array;
  readonly parentEdge: Int32Array;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly voltageRe: Float64Array;
  readonly voltageIm: Float64Array;
  /** Current into the vertex through its parent edge; at a root what its source gives. */
  readonly currentRe: Float64Array;
  readonly currentIm: Float64Array;
  readonly rootLosses: Float64Array;
  readonly rootViolations: Int32Array;
  readonly rootOutside: Int32Array;
  /** Square of the lowest and highest voltage a state may show; see `Score.outside`. */
  readonly lowestSquare: number;
  readonly highestSquare: number;
  readonly trial: Trial;
}

interface Trial {
  count: number;
  first: number;
  second: number;
  /** Place from which on vertices belong to the second root. */
  split: number;
  /** By root: first, second. */
  readonly losses: Float64Array;
  readonly violations: Int32Array;
  readonly outside: Int32Array;
  readonly vertex: Int32Array;
  readonly above: Int32Array;
  readonly edge: Int32Array;
  readonly depth: Int32Array;
  readonly ratio: Float64Array;
  readonly resistance: Float64Array;
  readonly reactance: Float64Array;
  readonly voltageRe: Float64Array;
  readonly voltageIm: Float64Array;
  readonly currentRe: Float64Array;
  readonly currentIm: Float64Array;
}

/** The band of voltages a state of the search may show, pu. */
export interface VoltageRange {
  readonly lowest_pu: number;
  readonly highest_pu: number;
}

/** About 150 byte per vertex. Nothing is solved yet. */
export function createForest(
  graph: SwitchableGraph,
  closed: Uint8Array,
  range: VoltageRange,
): Forest {
  const { vertexCount: n, rootVertex } = graph;
  const roots = rootVertex.length;
  const integers = (): Int32Array => new Int32Array(n);
  const numbers = (): Float64Array => new Float64Array(n);
  return {
    graph,
    closed: closed.slice(),
    root: integers().fill(-1),
    parentEdge: integers().fill(-1),
    parent: integers().fill(-1),
    depth: integers(),
    voltageRe: numbers().fill(1),
    voltageIm: numbers(),
    currentRe: numbers(),
    currentIm: numbers(),
    rootLosses: new Float64Array(roots),
    rootViolations: new Int32Array(roots),
    rootOutside: new Int32Array(roots),
    lowestSquare: range.lowest_pu * range.lowest_pu * (1 - ROUNDING),
    highestSquare: range.highest_pu * range.highest_pu * (1 + ROUNDING),
    trial: {
      count: 0,
      first: -1,
      second: -1,
      split: 0,
      losses: new Float64Array(2),
      violations: new Int32Array(2),
      outside: new Int32Array(2),
      vertex: integers(),
      above: integers(),
      edge: integers(),
      depth: integers(),
      ratio: numbers(),
      resistance: numbers(),
      reactance: numbers(),
      voltageRe: numbers(),
      voltageIm: numbers(),
      currentRe: numbers(),
      currentIm: numbers(),
    },
  };
}

/**
 * Solves every tree and takes the result over.
 * @returns false where a tree does not settle, or a transformer would be fed from its other side.
 */
export function solveForest(forest: Forest): boolean {
  for (let root = 0; root < forest.graph.rootVertex.length; root++) {
    if (!tryTrees(forest, root, -1)) return false;
    takeTrial(forest);
  }
  return true;
}

/** Score of the state taken over last. */
export function scoreOf(forest: Forest): Score {
  return sumScore(forest, -1, -1);
}

/** Score of the state with the trees tried last. */
export function trialScore(forest: Forest): Score {
  const { trial } = forest;
  const others = sumScore(forest, trial.first, trial.second);
  return {
    violations: others.violations + trial.violations[0]! + trial.violations[1]!,
    outside: others.outside + trial.outside[0]! + trial.outside[1]!,
    losses_pu: others.losses_pu + trial.losses[0]! + trial.losses[1]!,
  };
}

function sumScore(forest: Forest, first: number, second: number): Score {
  let violations = 0;
  let outside = 0;
  let losses_pu = 0;
  for (let root = 0; root < forest.rootLosses.length; root++) {
    if (root === first || root === second) continue;
    violations += forest.rootViolations[root]!;
    outside += forest.rootOutside[root]!;
    losses_pu += forest.rootLosses[root]!;
  }
  return { violations, outside, losses_pu };
}

/**
 * Lays out and solves the trees of one or two roots (second −1: one) as `closed` has them now,
 * into the trial buffers, warm from the voltages taken over last.
 * @returns false where they do not settle, or a transformer would be fed from its other side.
 */
export function tryTrees(forest: Forest, first: number, second: number): boolean {
  const { graph, trial } = forest;
  trial.first = first;
  trial.second = second;
  trial.count = 0;
  if (!layOut(forest, first)) return false;
  trial.split = trial.count;
  if (second !== -1 && !layOut(forest, second)) return false;
  let sweeps = 0;
  for (let change = Number.MAX_VALUE; change > SETTLED_SQUARE; sweeps++) {
    if (sweeps === MOST_SWEEPS) return false;
    sumCurrents(trial);
    change = spreadVoltages(graph, trial);
    if (!(change < Number.MAX_VALUE)) return false;
  }
  sumCurrents(trial);
  trial.losses.fill(0);
  trial.violations.fill(0);
  trial.outside.fill(0);
  return judge(forest, 0, 0, trial.split) && judge(forest, 1, trial.split, trial.count);
}

/** Breadth first from a root over closed edges; appends to the trial. */
function layOut(forest: Forest, root: number): boolean {
  const { graph, trial, closed } = forest;
  const { adjacencyStart, adjacencyEdge, edgeFrom, edgeTo, oneWay } = graph;
  const begin = trial.count;
  append(forest, graph.rootVertex[root]!, -1, -1);
  trial.voltageRe[begin] = graph.rootVoltage[root]!;
  trial.voltageIm[begin] = 0;
  for (let place = begin; place < trial.count; place++) {
    const vertex = trial.vertex[place]!;
    const from = trial.edge[place]!;
    for (let at = adjacencyStart[vertex]!; at < adjacencyStart[vertex + 1]!; at++) {
      const edge = adjacencyEdge[at]!;
      if (edge === from || closed[edge] !== 1) continue;
      // More places than vertices: a loop.
      if (trial.count === graph.vertexCount) return false;
      const forward = edgeFrom[edge] === vertex;
      if (!forward && oneWay[edge] === 1) return false;
      append(forest, forward ? edgeTo[edge]! : edgeFrom[edge]!, place, edge);
    }
  }
  for (let place = begin; place < trial.count; place++) takeOwnCurrent(graph, trial, place);
  return true;
}

function append(forest: Forest, vertex: number, above: number, edge: number): void {
  const { graph, trial } = forest;
  const place = trial.count;
  trial.count = place + 1;
  trial.vertex[place] = vertex;
  trial.above[place] = above;
  trial.edge[place] = edge;
  trial.depth[place] = above === -1 ? 0 : trial.depth[above]! + 1;
  trial.ratio[place] = edge === -1 ? 1 : graph.ratio[edge]!;
  trial.resistance[place] = edge === -1 ? 0 : graph.resistance[edge]!;
  trial.reactance[place] = edge === -1 ? 0 : graph.reactance[edge]!;
  trial.voltageRe[place] = forest.voltageRe[vertex]!;
  trial.voltageIm[place] = forest.voltageIm[vertex]!;
}

/** Leaves in `current` what the vertex itself takes at its voltage: conj(S / v) and what grows with |v|². */
function takeOwnCurrent(graph: SwitchableGraph, trial: Trial, place: number): void {
  const vertex = trial.vertex[place]!;
  const re = trial.voltageRe[place]!;
  const im = trial.voltageIm[place]!;
  const square = re * re + im * im;
  const p = graph.active[vertex]! / square + graph.noLoad[vertex]!;
  const q = graph.reactive[vertex]! / square + graph.shuntReactive[vertex]!;
  trial.currentRe[place] = p * re + q * im;
  trial.currentIm[place] = p * im - q * re;
}

function sumCurrents({ count, above, ratio, currentRe, currentIm }: Trial): void {
  for (let place = count - 1; place >= 0; place--) {
    const up = above[place]!;
    if (up < 0) continue;
    currentRe[up]! += ratio[place]! * currentRe[place]!;
    currentIm[up]! += ratio[place]! * currentIm[place]!;
  }
}

function spreadVoltages(graph: SwitchableGraph, trial: Trial): number {
  const { count, above, ratio, resistance, reactance } = trial;
  const { voltageRe, voltageIm, currentRe, currentIm } = trial;
  let largest = 0;
  for (let place = 0; place < count; place++) {
    const up = above[place]!;
    if (up >= 0) {
      const r = resistance[place]!;
      const x = reactance[place]!;
      const iRe = currentRe[place]!;
      const iIm = currentIm[place]!;
      const re = ratio[place]! * voltageRe[up]! - r * iRe + x * iIm;
      const im = ratio[place]! * voltageIm[up]! - r * iIm - x * iRe;
      const dRe = re - voltageRe[place]!;
      const dIm = im - voltageIm[place]!;
      const change = dRe * dRe + dIm * dIm;
      // Not a number compares as false: passed on, so that it is seen.
      if (!(change <= largest)) largest = change;
      voltageRe[place] = re;
      voltageIm[place] = im;
    }
    takeOwnCurrent(graph, trial, place);
  }
  return largest;
}

/** Losses and broken limits of one solved tree. @returns false where a voltage has collapsed. */
function judge(forest: Forest, slot: number, begin: number, end: number): boolean {
  const { graph, trial } = forest;
  const { limits } = graph.network.grid;
  const minSquare = limits.minVoltage * limits.minVoltage * (1 - ROUNDING);
  const maxSquare = limits.maxVoltage * limits.maxVoltage * (1 + ROUNDING);
  let losses = 0;
  let violations = 0;
  let outside = 0;
  for (let place = begin; place < end; place++) {
    const re = trial.voltageRe[place]!;
    const im = trial.voltageIm[place]!;
    const square = re * re + im * im;
    if (!(square >= LOWEST_SQUARE)) return false;
    if (square < minSquare || square > maxSquare) violations += 1;
    if (square < forest.lowestSquare || square > forest.highestSquare) outside += 1;
    const iRe = trial.currentRe[place]!;
    const iIm = trial.currentIm[place]!;
    const currentSquare = iRe * iRe + iIm * iIm;
    losses += graph.noLoad[trial.vertex[place]!]! * square;
    losses += trial.resistance[place]! * currentSquare;
    const edge = trial.edge[place]!;
    if (edge === -1) {
      const limit = graph.rootLimit[slot === 0 ? trial.first : trial.second]!;
      if (square * currentSquare > limit * limit * (1 + ROUNDING)) violations += 1;
    } else if (exceeds(forest, place, edge, square, currentSquare)) {
      violations += 1;
    }
  }
  trial.losses[slot] = losses;
  trial.violations[slot] = violations;
  trial.outside[slot] = outside;
  return true;
}

function exceeds(
  { graph, trial }: Forest,
  place: number,
  edge: number,
  square: number,
  currentSquare: number,
): boolean {
  const limit = graph.edgeLimit[edge]!;
  if (limit === Number.POSITIVE_INFINITY) return false;
  if (graph.oneWay[edge] !== 1) return currentSquare > limit * limit;
  const up = trial.above[place]!;
  const supplySquare = trial.voltageRe[up]! ** 2 + trial.voltageIm[up]! ** 2;
  const ratio = trial.ratio[place]!;
  const power = currentSquare * Math.max(square, supplySquare * ratio * ratio);
  return power > limit * limit;
}

/** Takes the trees tried last over into the state. */
export function takeTrial(forest: Forest): void {
  const { trial } = forest;
  for (let place = 0; place < trial.count; place++) {
    const vertex = trial.vertex[place]!;
    const above = trial.above[place]!;
    forest.root[vertex] = place < trial.split ? trial.first : trial.second;
    forest.parentEdge[vertex] = trial.edge[place]!;
    forest.parent[vertex] = above === -1 ? -1 : trial.vertex[above]!;
    forest.depth[vertex] = trial.depth[place]!;
    forest.voltageRe[vertex] = trial.voltageRe[place]!;
    forest.voltageIm[vertex] = trial.voltageIm[place]!;
    forest.currentRe[vertex] = trial.currentRe[place]!;
    forest.currentIm[vertex] = trial.currentIm[place]!;
  }
  takeFigures(forest, trial.first, 0);
  if (trial.second !== -1) takeFigures(forest, trial.second, 1);
}

function takeFigures(forest: Forest, root: number, slot: number): void {
  forest.rootLosses[root] = forest.trial.losses[slot]!;
  forest.rootViolations[root] = forest.trial.violations[slot]!;
  forest.rootOutside[root] = forest.trial.outside[slot]!;
}

/** Copies a state, so that the search can come back to it. */
export function copyForest(from: Forest, to: Forest): void {
  to.closed.set(from.closed);
  to.root.set(from.root);
  to.parentEdge.set(from.parentEdge);
  to.parent.set(from.parent);
  to.depth.set(from.depth);
  to.voltageRe.set(from.voltageRe);
  to.voltageIm.set(from.voltageIm);
  to.currentRe.set(from.currentRe);
  to.currentIm.set(from.currentIm);
  to.rootLosses.set(from.rootLosses);
  to.rootViolations.set(from.rootViolations);
  to.rootOutside.set(from.rootOutside);
}
