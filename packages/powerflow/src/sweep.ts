import type { TreeBuffers } from './workspace.ts';

/**
 * Backward sweep: sums the currents of the nodes towards the sources. Before it `current` holds
 * what each node itself takes, after it what flows to the node through its branch.
 */
export function sumCurrents(tree: TreeBuffers, count: number): void {
  const { parent, ratio, currentRe, currentIm } = tree;
  for (let k = count - 1; k >= 0; k--) {
    const above = parent[k]!;
    if (above < 0) continue;
    const share = ratio[k]!;
    currentRe[above]! += share * currentRe[k]!;
    currentIm[above]! += share * currentIm[k]!;
  }
}

/**
 * Forward sweep: voltages from the sources outward with the currents of the last backward sweep;
 * then leaves in `current` what each node itself takes at its new voltage.
 * @param follows - True where loads follow the voltage.
 * @returns Largest change of a voltage, squared, pu. NaN where a voltage is no number.
 */
export function spreadVoltages(tree: TreeBuffers, count: number, follows: boolean): number {
  const { parent, ratio, resistance, reactance, voltageRe, voltageIm, currentRe, currentIm } = tree;
  const { active, reactive, noLoad, shuntReactive } = tree;
  const { activeByCurrent, reactiveByCurrent, activeByImpedance, reactiveByImpedance } = tree;
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const above = parent[k]!;
    let re = voltageRe[k]!;
    let im = voltageIm[k]!;
    if (above >= 0) {
      const r = resistance[k]!;
      const x = reactance[k]!;
      const iRe = currentRe[k]!;
      const iIm = currentIm[k]!;
      const newRe = ratio[k]! * voltageRe[above]! - r * iRe + x * iIm;
      const newIm = ratio[k]! * voltageIm[above]! - r * iIm - x * iRe;
      const change = (newRe - re) * (newRe - re) + (newIm - im) * (newIm - im);
      if (change > largest) largest = change;
      re = newRe;
      im = newIm;
      voltageRe[k] = re;
      voltageIm[k] = im;
    }
    // conj(S / v) = conj(S) · v / |v|²; what grows with |v|² takes conj(S) · v.
    const square = re * re + im * im;
    let p = active[k]! / square + noLoad[k]!;
    let q = reactive[k]! / square + shuntReactive[k]!;
    if (follows) {
      const size = Math.sqrt(square);
      p += activeByCurrent[k]! / size + activeByImpedance[k]!;
      q += reactiveByCurrent[k]! / size + reactiveByImpedance[k]!;
    }
    currentRe[k] = p * re + q * im;
    currentIm[k] = p * im - q * re;
  }
  return largest;
}

/** No-load state: every node at the voltage of its source through the ratios on its way. */
export function startFlat(tree: TreeBuffers, count: number, follows: boolean): void {
  tree.currentRe.fill(0, 0, count);
  tree.currentIm.fill(0, 0, count);
  spreadVoltages(tree, count, follows);
}
