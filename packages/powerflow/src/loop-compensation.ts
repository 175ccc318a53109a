import type { Energisation } from '@relight/topology';
import { factor, solveFactored, type FactoredMatrix } from './complex-matrix.ts';
import type { LoadFlowWorkspace } from './workspace.ts';

/**
 * Closed loops, each cut at one branch: the cut branch's current is drawn at its `from` node and
 * given back at its `to` node, and is corrected until the voltages on both sides agree
 * (compensation, Shirmohammadi et al. 1988; docs/methods/load-flow.md).
 */
export interface LoopBreaks {
  readonly branch: Int32Array;
  /** Place of the cut branch's ends in the order of the sweep. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Current through each cut branch at its `to` end, pu. */
  readonly currentRe: Float64Array;
  readonly currentIm: Float64Array;
  readonly gapRe: Float64Array;
  readonly gapIm: Float64Array;
  /** Impedance each loop shows, and shares with the others. */
  readonly impedance: FactoredMatrix;
}

/** More loops than this are no switching state but a meshed grid, which this method is not for. */
const MOST_LOOPS = 64;
/** Phase shifts closer than this are the same vector group. */
const SAME_SHIFT_DEG = 1e-6;
/** A correction of the loop current of 1e-8 pu weighs as much as a voltage gap of 1e-10 pu. */
const CURRENT_WEIGHT = 1e-2;

const NO_BREAKS: LoopBreaks = {
  branch: new Int32Array(0),
  from: new Int32Array(0),
  to: new Int32Array(0),
  currentRe: new Float64Array(0),
  currentIm: new Float64Array(0),
  gapRe: new Float64Array(0),
  gapIm: new Float64Array(0),
  impedance: {
    size: 0,
    re: new Float64Array(0),
    im: new Float64Array(0),
    swaps: new Int32Array(0),
  },
};

/**
 * Cuts the loops of the laid-out trees.
 * @returns null where a loop has no impedance (its current is not determined), where its phase
 *   shifts do not add up to the same on both ways, or where there are too many.
 */
export function findBreaks(
  workspace: LoadFlowWorkspace,
  energisation: Energisation,
  count: number,
): LoopBreaks | null {
  const { tree, network, ratio, resistance_pu, reactance_pu, phaseShift_deg } = workspace;
  const isSolved = (node: number): boolean => {
    const place = tree.place[node]!;
    return place < count && tree.node[place] === node;
  };
  const cut = energisation.loopBranches.filter((branch) => isSolved(network.branchFrom[branch]!));
  if (cut.length === 0) return NO_BREAKS;
  if (cut.length > MOST_LOOPS) return null;

  const size = cut.length;
  const branch = Int32Array.from(cut);
  const from = branch.map((each) => tree.place[network.branchFrom[each]!]!);
  const to = branch.map((each) => tree.place[network.branchTo[each]!]!);
  const paths: ReadonlyMap<number, number>[] = [];
  for (let loop = 0; loop < size; loop++) {
    const shift = tree.shift_deg[from[loop]!]! - phaseShift_deg[branch[loop]!]!;
    if (!isSameAngle(shift, tree.shift_deg[to[loop]!]!)) return null;
    paths.push(pathOfUnitCurrent(workspace, from[loop]!, to[loop]!, ratio[branch[loop]!]!));
  }

  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    re[row * size + row] = resistance_pu[branch[row]!]!;
    im[row * size + row] = reactance_pu[branch[row]!]!;
    for (let column = 0; column < size; column++) {
      for (const [place, share] of paths[row]!) {
        const both = share * (paths[column]!.get(place) ?? 0);
        re[row * size + column]! += both * tree.resistance[place]!;
        im[row * size + column]! += both * tree.reactance[place]!;
      }
    }
  }
  const impedance = factor(size, re, im);
  if (impedance === null) return null;
  return {
    branch,
    from,
    to,
    currentRe: new Float64Array(size),
    currentIm: new Float64Array(size),
    gapRe: new Float64Array(size),
    gapIm: new Float64Array(size),
    impedance,
  };
}

/**
 * After a forward sweep: corrects the loop currents by the voltage gaps that are left and adds
 * them to what the nodes take.
 * @returns The largest gap or weighted correction, squared, pu.
 */
export function closeLoops(workspace: LoadFlowWorkspace, breaks: LoopBreaks): number {
  const { tree, ratio, resistance_pu, reactance_pu } = workspace;
  const { branch, from, to, currentRe, currentIm, gapRe, gapIm } = breaks;
  let largest = 0;
  for (let loop = 0; loop < branch.length; loop++) {
    const each = branch[loop]!;
    const r = resistance_pu[each]!;
    const x = reactance_pu[each]!;
    const iRe = currentRe[loop]!;
    const iIm = currentIm[loop]!;
    const re = ratio[each]! * tree.voltageRe[from[loop]!]! - tree.voltageRe[to[loop]!]!;
    const im = ratio[each]! * tree.voltageIm[from[loop]!]! - tree.voltageIm[to[loop]!]!;
    gapRe[loop] = re - r * iRe + x * iIm;
    gapIm[loop] = im - r * iIm - x * iRe;
    largest = Math.max(largest, gapRe[loop]! ** 2 + gapIm[loop]! ** 2);
  }
  solveFactored(breaks.impedance, gapRe, gapIm);
  for (let loop = 0; loop < branch.length; loop++) {
    const correction = gapRe[loop]! ** 2 + gapIm[loop]! ** 2;
    largest = Math.max(largest, CURRENT_WEIGHT * CURRENT_WEIGHT * correction);
    currentRe[loop]! += gapRe[loop]!;
    currentIm[loop]! += gapIm[loop]!;
    const share = ratio[branch[loop]!]!;
    tree.currentRe[from[loop]!]! += share * currentRe[loop]!;
    tree.currentIm[from[loop]!]! += share * currentIm[loop]!;
    tree.currentRe[to[loop]!]! -= currentRe[loop]!;
    tree.currentIm[to[loop]!]! -= currentIm[loop]!;
  }
  return largest;
}

/** What a loop current of 1 makes flow in the branches of the trees, by place. */
function pathOfUnitCurrent(
  { tree }: LoadFlowWorkspace,
  from: number,
  to: number,
  ratio: number,
): ReadonlyMap<number, number> {
  const flow = new Map<number, number>();
  const send = (start: number, current: number): void => {
    let share = current;
    for (let place = start; tree.parent[place]! >= 0; place = tree.parent[place]!) {
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
