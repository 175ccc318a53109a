import { factor, solveFactored } from './complex-matrix.ts';
import type { BareLoop } from './loop-compensation.ts';
import type { LoadFlowWorkspace } from './workspace.ts';

/** Two ends of a branch without impedance have one voltage; sources further apart are a short circuit. */
const SAME_VOLTAGE_PU = 1e-9;

/** Current through the cut branch of each bare loop, pu, and all branches whose current is assumed. */
export interface SharedOut {
  readonly currentRe: Float64Array;
  readonly currentIm: Float64Array;
  readonly assumed: readonly number[];
}

const NOTHING: SharedOut = {
  currentRe: new Float64Array(0),
  currentIm: new Float64Array(0),
  assumed: [],
};

/**
 * Shares out the current in loops without impedance, after the last backward sweep: as if each of
 * their branches had the same small resistance. No voltage depends on it, the losses do not either.
 * @returns null where the loops join sources of unequal voltage, or are not independent.
 */
export function shareOutBareLoops(
  workspace: LoadFlowWorkspace,
  loops: readonly BareLoop[],
  count: number,
): SharedOut | null {
  if (loops.length === 0) return NOTHING;
  const { tree } = workspace;
  const size = loops.length;
  for (const { from, to } of loops) {
    const re = tree.voltageRe[from]! - tree.voltageRe[to]!;
    const im = tree.voltageIm[from]! - tree.voltageIm[to]!;
    if (!(re * re + im * im <= SAME_VOLTAGE_PU * SAME_VOLTAGE_PU)) return null;
  }
  const branches = branchesBySweepPlace(workspace, count);
  const weight = (place: number): number => branches.get(place)?.length ?? 0;
  const matrix = new Float64Array(size * size);
  const currentRe = new Float64Array(size);
  const currentIm = new Float64Array(size);
  loops.forEach(({ path }, row) => {
    for (const [place, share] of path) {
      currentRe[row]! -= share * weight(place) * tree.currentRe[place]!;
      currentIm[row]! -= share * weight(place) * tree.currentIm[place]!;
      loops.forEach((other, column) => {
        matrix[row * size + column]! += share * (other.path.get(place) ?? 0) * weight(place);
      });
    }
    matrix[row * size + row]! += 1;
  });
  const factored = factor(size, matrix, new Float64Array(size * size));
  if (factored === null) return null;
  solveFactored(factored, currentRe, currentIm);

  const assumed = new Set<number>();
  loops.forEach(({ branch, path }, loop) => {
    assumed.add(branch);
    for (const [place, share] of path) {
      tree.currentRe[place]! += share * currentRe[loop]!;
      tree.currentIm[place]! += share * currentIm[loop]!;
      if (share !== 0) for (const each of branches.get(place) ?? []) assumed.add(each);
    }
  });
  return { currentRe, currentIm, assumed: [...assumed].sort((a, b) => a - b) };
}

/** Branches that carry the current of each sweep place; none at a source. */
function branchesBySweepPlace(
  { walk }: LoadFlowWorkspace,
  count: number,
): ReadonlyMap<number, readonly number[]> {
  const branches = new Map<number, number[]>();
  for (let place = 0; place < count; place++) {
    const carrier = walk.carrier[place]!;
    if (carrier < 0 || walk.parent[place]! < 0) continue;
    const sweepPlace = walk.sweepPlace[carrier]!;
    const code = walk.branch[place]!;
    const list = branches.get(sweepPlace);
    const branch = code < 0 ? ~code : code;
    if (list === undefined) branches.set(sweepPlace, [branch]);
    else list.push(branch);
  }
  return branches;
}
