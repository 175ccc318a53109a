import { BRANCH_LINE, BRANCH_TRANSFORMER } from '@relight/topology';
import type { Clue } from './clues.ts';
import type { LocatingRates } from './evidence.ts';
import { pathReactances, type FaultTree } from './fault-tree.ts';
import { normalBelow, normalDensity } from './normal-distribution.ts';
import type { SupplyReport } from './supply-reports.ts';

/** A fault reactance, and the place of the device that measured it (0 = the root). */
export interface ReactanceReading {
  readonly equipment: string;
  readonly place: number;
  readonly reactance_ohm: number;
}

/** Lengths that stand for equipment whose length nobody gives, m. */
const UNKNOWN_LINE_M = 100;
const TRANSFORMER_M = 30;
const NODE_M = 2;
/** A long section holds a fault more often than a short one, but never more than so many times. */
const MOST_TIMES = 4;
/** Share of reactance readings that are worthless (arc resistance, infeed, saturation). */
const WORTHLESS_READINGS = 0.02;

/**
 * Probability, by section of the network, that it holds the fault, given that exactly one section
 * of the tree does. One pass down the tree for the clues, one over its elements for the reactance:
 * linear in its size. Method: docs/methods/locating.md.
 */
export function sectionPosterior(
  tree: FaultTree,
  clues: readonly Clue[],
  readings: readonly ReactanceReading[],
  supply: readonly SupplyReport[],
  rates: LocatingRates,
): ReadonlyMap<number, number> {
  const { network } = tree;
  const { onBranch, onNode } = clueWeights(tree, clues);
  const reactance = pathReactances(tree);
  const widest = Math.max(1e-9, ...reactance);

  const weight = new Map<number, Scaled>();
  const length = new Map<number, number>();
  const add = (section: number, metres: number, clue: Scaled, byReactance: number): void => {
    length.set(section, (length.get(section) ?? 0) + metres);
    const more = scaled(clue.value * metres * byReactance, clue.exponent);
    weight.set(section, sum(weight.get(section) ?? NOTHING, more));
  };
  for (let place = 0; place < tree.nodes.length; place++) {
    const section = network.nodeSection[tree.nodes[place]!]!;
    const end = reactance[place]!;
    add(section, NODE_M, onNode[place]!, likelihood(readings, reactance, end, end, widest, rates));
    const branch = tree.branch[place]!;
    if (place === 0) continue;
    const start = reactance[tree.parent[place]!]!;
    if (network.branchKind[branch] === BRANCH_LINE) {
      const metres = network.grid.lines[branch]!.length ?? UNKNOWN_LINE_M;
      const fit = likelihood(readings, reactance, start, end, widest, rates);
      add(section, metres, onBranch[place]!, fit);
    } else if (network.branchKind[branch] === BRANCH_TRANSFORMER) {
      const fit = likelihood(readings, reactance, end, end, widest, rates);
      add(section, TRANSFORMER_M, onBranch[place]!, fit);
    }
  }
  for (const { section, ratio } of supply) {
    const known = weight.get(section);
    if (known !== undefined) weight.set(section, scaled(known.value * ratio, known.exponent));
  }
  return normalised(weight, length);
}

/** Product of the clue ratios that hold on each branch and at each node. */
function clueWeights(tree: FaultTree, clues: readonly Clue[]) {
  const count = tree.nodes.length;
  const ownBranch = new Float64Array(count).fill(1);
  const ownNode = new Float64Array(count).fill(1);
  for (const clue of clues) {
    (clue.seesBranch ? ownBranch : ownNode)[clue.place]! *= clue.ratio;
  }
  const onBranch: Scaled[] = [];
  const onNode: Scaled[] = [];
  for (let place = 0; place < count; place++) {
    const above = place === 0 ? { value: 1, exponent: 0 } : onNode[tree.parent[place]!]!;
    const branch = scaled(above.value * ownBranch[place]!, above.exponent);
    onBranch.push(branch);
    onNode.push(scaled(branch.value * ownNode[place]!, branch.exponent));
  }
  return { onBranch, onNode };
}

/** Mean density of the readings over a stretch of line, from one path reactance to another. */
function likelihood(
  readings: readonly ReactanceReading[],
  reactance: Float64Array,
  start: number,
  end: number,
  widest: number,
  rates: LocatingRates,
): number {
  let product = 1;
  for (const { place, reactance_ohm } of readings) {
    const before = reactance[place]!;
    const share = rates.reactanceError * reactance_ohm;
    const sigma = Math.sqrt(share * share + rates.reactanceError_ohm * rates.reactanceError_ohm);
    const near = (Math.min(start, end) - before - reactance_ohm) / sigma;
    const far = (Math.max(start, end) - before - reactance_ohm) / sigma;
    const density =
      far - near > 1e-6
        ? (normalBelow(far) - normalBelow(near)) / ((far - near) * sigma)
        : normalDensity(near) / sigma;
    product *= (1 - WORTHLESS_READINGS) * Math.max(0, density) + WORTHLESS_READINGS / widest;
  }
  return product;
}

/**
 * Prior times likelihood, summed to 1. The prior grows with the length of a section but levels
 * off, so that one indicator always outweighs it.
 */
function normalised(
  weight: ReadonlyMap<number, Scaled>,
  length: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  let total_m = 0;
  for (const metres of length.values()) total_m += metres;
  const mean_m = total_m / length.size;
  let highest = Number.NEGATIVE_INFINITY;
  for (const each of weight.values()) {
    if (each.value > 0) highest = Math.max(highest, each.exponent);
  }
  const shares = new Map<number, number>();
  let all = 0;
  for (const section of [...weight.keys()].sort((a, b) => a - b)) {
    const metres = length.get(section)!;
    const prior = 1 + ((MOST_TIMES - 1) * metres) / (metres + mean_m);
    const { value, exponent } = weight.get(section)!;
    const share = (prior * lifted(value, exponent - highest)) / metres;
    shares.set(section, share);
    all += share;
  }
  for (const [section, share] of shares) shares.set(section, share / all);
  return shares;
}

/** value × STEP^exponent: products over long feeders would leave the range of a number. */
interface Scaled {
  readonly value: number;
  readonly exponent: number;
}
const STEP = 2 ** 128;
const NOTHING: Scaled = { value: 0, exponent: 0 };

function scaled(value: number, exponent: number): Scaled {
  if (value >= STEP) return scaled(value / STEP, exponent + 1);
  if (value > 0 && value < 1 / STEP) return scaled(value * STEP, exponent - 1);
  return { value, exponent };
}

function lifted(value: number, steps: number): number {
  if (steps === 0) return value;
  return steps < -4 ? 0 : lifted(value / STEP, steps + 1);
}

function sum(a: Scaled, b: Scaled): Scaled {
  if (a.value === 0) return b;
  if (b.value === 0) return a;
  const exponent = Math.max(a.exponent, b.exponent);
  return scaled(
    lifted(a.value, a.exponent - exponent) + lifted(b.value, b.exponent - exponent),
    exponent,
  );
}
