import type { FeederPartition } from './feeders.ts';
import { at, type NormalTree } from './normal-tree.ts';

/** Where two feeders of a row meet: the tie, and its node on either feeder. */
export interface FacingTie {
  readonly link: number;
  readonly left: number;
  readonly right: number;
}

/** The tie two feeders of a row share that lies on the heaviest paths of both. */
export function chooseFacing(
  tree: NormalTree,
  part: FeederPartition,
  moments: Float64Array,
  left: number,
  right: number,
): FacingTie | null {
  let best: FacingTie | null = null;
  let bestMoment = -1;
  for (const link of tree.links) {
    const { from, to } = at(tree.branches, link);
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      if (at(part.feederOf, a) !== left || at(part.feederOf, b) !== right) continue;
      const moment = at(moments, a) + at(moments, b);
      if (moment > bestMoment) {
        best = { link, left: a, right: b };
        bestMoment = moment;
      }
    }
  }
  return best;
}
