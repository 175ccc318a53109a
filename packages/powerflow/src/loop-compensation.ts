import type { Energisation } from '@relight/topology';
import { factor, solveFactored, type FactoredMatrix } from './complex-matrix.ts';
import { phaseShiftOf_deg, ratioOf } from './constants.ts';
import { placesOfNodes } from './walk-trees.ts';
import type { LoadFlowWorkspace, TreeBuffers } from './workspace.ts';

/**
 * Closed loops, each cut at one branch: the cut branch's current is drawn at its `from` node and
 * given back at its `to` node, and is corrected until the voltages on both sides agree
 * (compensation, Shirmohammadi et al. 1988; docs/methods/load-flow.md).
 */
export interface LoopBreaks {
  readonly branch: Int32Array;
  /** Sweep place of the cut branch's ends. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly ratio: Float64Array;
  readonly resistance: Float64Array;
  readonly reactance: Float64Array;
  /** Current through each cut branch at its `to` end, pu. */
  readonly currentRe: Float64Array;
  readonly currentIm: Float64Array;
  readonly gapRe: Float64Array;
  readonly gapIm: Float64Array;
  /** Impedance each loop shows, and shares with the others. */
  readonly impedance: FactoredMatrix;
  /** Loops without any impedance: their current changes no voltage and is shared out at the end. */
  readonly bare: readonly BareLoop[];
}

/** A loop of switches and lines without impedance, cut at one of them. */
export interface BareLoop {
  readonly branch: number;
  readonly from: number;
  readonly to: number;
  /** What a loop current of 1 makes flow, by sweep place; at a source what the source gives. */
  readonly path: ReadonlyMap<number, number>;
}

/** More loops than this are no switching state but a meshed grid, which this method is not for. */
const MOST_LOOPS = 64;
/** Phase shifts closer than this are the same vector group. */
const SAME_SHIFT_DEG = 1e-6;
/** A correction of the loop current of 1e-8 pu weighs as much as a voltage gap of 1e-10 pu. */
const CURRENT_WEIGHT = 1e-2;

const NO_BREAKS = emptyBreaks(0, {
  size: 0,
  re: new Float64Array(0),
  im: new Float64Array(0),
  swaps: new Int32Array(0),
});

function emptyBreaks(size: number, impedance: FactoredMatrix, bare: readonly BareLoop[] = []) {
  return {
    branch: new Int32Array(size),
    from: new Int32Array(size),
    to: new Int32Array(size),
    ratio: new Float64Array(size),
    resistance: new Float64Array(size),
    reactance: new Float64Array(size),
    currentRe: new Float64Array(size),
    currentIm: new Float64Array(size),
    gapRe: new Float64Array(size),
    gapIm: new Float64Array(size),
    impedance,
    bare,
  };
}

/** A branch at which a loop of the walk is cut, with the places of its ends in the walk. */
export interface Cut {
  readonly branch: number;
  readonly from: number;
  readonly to: number;
}

/** The closed loops among the nodes walked. */
export function cutsOfWalk(
  workspace: LoadFlowWorkspace,
  energisation: Energisation,
  count: number,
): readonly Cut[] {
  const { loopBranches } = energisation;
  if (loopBranches.length === 0) return [];
  const { network, walk } = workspace;
  const places = placesOfNodes(workspace, count);
  return loopBranches.flatMap((branch) => {
    const node = network.branchFrom[branch]!;
    const from = places[node]!;
    if (from >= count || walk.node[from] !== node) return [];
    return [{ branch, from, to: places[network.branchTo[branch]!]! }];
  });
}

/**
 * What is worked out once for the cut loops of a reduced walk.
 * @param bareAllowed - whether a loop may have no impedance at all.
 * @returns null where a loop has no impedance (its current is not determined), where its phase
 *   shifts do not add up to the same on both ways, or where there are too many.
 */
export function findBreaks(
  workspace: LoadFlowWorkspace,
  cuts: readonly Cut[],
  bareAllowed: boolean,
): LoopBreaks | null {
  if (cuts.length === 0) return NO_BREAKS;
  if (cuts.length > MOST_LOOPS) return null;
  const { walk, tree, constants } = workspace;
  const loops: (BareLoop & Pick<LoopOfCut, 'ratio' | 'resistance' | 'reactance'>)[] = [];
  const bare: BareLoop[] = [];
  for (const cut of cuts) {
    const shift = walk.shift_deg[cut.from]! - phaseShiftOf_deg(constants, cut.branch);
    if (!isSameAngle(shift, walk.shift_deg[cut.to]!)) return null;
    const loop = loopOfCut(workspace, cut);
    if (!loop.isBare) loops.push(loop);
    else if (bareAllowed) bare.push(loop);
    else return null;
  }

  const size = loops.length;
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const { path, resistance, reactance } = loops[row]!;
    re[row * size + row] = resistance;
    im[row * size + row] = reactance;
    for (let column = 0; column < size; column++) {
      for (const [place, share] of path) {
        const both = share * (loops[column]!.path.get(place) ?? 0);
        re[row * size + column]! += both * tree.resistance[place]!;
        im[row * size + column]! += both * tree.reactance[place]!;
      }
    }
  }
  const impedance = factor(size, re, im);
  if (impedance === null) return null;
  const breaks = emptyBreaks(size, impedance, bare);
  loops.forEach((loop, at) => {
    for (const field of ['branch', 'from', 'to', 'ratio', 'resistance', 'reactance'] as const) {
      breaks[field][at] = loop[field];
    }
  });
  return breaks;
}

interface LoopOfCut extends BareLoop {
  readonly ratio: number;
  readonly resistance: number;
  readonly reactance: number;
  readonly isBare: boolean;
}

function loopOfCut({ constants, walk, tree }: LoadFlowWorkspace, cut: Cut): LoopOfCut {
  const { branch } = cut;
  const from = walk.sweepPlace[cut.from]!;
  const to = walk.sweepPlace[cut.to]!;
  const ratio = ratioOf(constants, branch);
  const resistance = constants.resistance_pu[branch]!;
  const reactance = constants.reactance_pu[branch]!;
  const path = pathOfUnitCurrent(tree, from, to, ratio);
  let isBare = resistance === 0 && reactance === 0;
  for (const [place, share] of path) {
    isBare &&= share === 0 || (tree.resistance[place] === 0 && tree.reactance[place] === 0);
  }
  return { branch, from, to, ratio, resistance, reactance, path, isBare };
}

/**
 * After a forward sweep: corrects the loop currents by the voltage gaps that are left and adds
 * them to what the nodes take.
 * @returns The largest gap or weighted correction, squared, pu.
 */
export function closeLoops({ tree }: LoadFlowWorkspace, breaks: LoopBreaks): number {
  const { from, to, ratio, resistance, reactance, currentRe, currentIm, gapRe, gapIm } = breaks;
  let largest = 0;
  for (let loop = 0; loop < from.length; loop++) {
    const r = resistance[loop]!;
    const x = reactance[loop]!;
    const iRe = currentRe[loop]!;
    const iIm = currentIm[loop]!;
    const re = ratio[loop]! * tree.voltageRe[from[loop]!]! - tree.voltageRe[to[loop]!]!;
    const im = ratio[loop]! * tree.voltageIm[from[loop]!]! - tree.voltageIm[to[loop]!]!;
    gapRe[loop] = re - r * iRe + x * iIm;
    gapIm[loop] = im - r * iIm - x * iRe;
    largest = Math.max(largest, gapRe[loop]! ** 2 + gapIm[loop]! ** 2);
  }
  solveFactored(breaks.impedance, gapRe, gapIm);
  for (let loop = 0; loop < from.length; loop++) {
    const correction = gapRe[loop]! ** 2 + gapIm[loop]! ** 2;
    largest = Math.max(largest, CURRENT_WEIGHT * CURRENT_WEIGHT * correction);
    currentRe[loop]! += gapRe[loop]!;
    currentIm[loop]! += gapIm[loop]!;
    const share = ratio[loop]!;
    tree.currentRe[from[loop]!]! += share * currentRe[loop]!;
    tree.currentIm[from[loop]!]! += share * currentIm[loop]!;
    tree.currentRe[to[loop]!]! -= currentRe[loop]!;
    tree.currentIm[to[loop]!]! -= currentIm[loop]!;
  }
  return largest;
}

/** What a loop current of 1 makes flow in the branches of the trees, and in their sources, by sweep place. */
function pathOfUnitCurrent(
  tree: TreeBuffers,
  from: number,
  to: number,
  ratio: number,
): ReadonlyMap<number, number> {
  const flow = new Map<number, number>();
  const send = (start: number, current: number): void => {
    let share = current;
    for (let place = start; place >= 0; place = tree.parent[place]!) {
      flow.set(place, (flow.get(place) ?? 0) + share);
      share *= tree.ratio[place]!;
    }
  };
  send(from, ratio);
  send(to, -1);
  return flow;
}

function isSameAngle(one_deg: number, other_deg: number): boolean {
  const turns = (one_deg - other_deg) / 360;
  return Math.abs(turns - Math.floor(turns + 0.5)) * 360 < SAME_SHIFT_DEG;
}
