import {
  BASE_POWER_VA,
  baseCurrent_A,
  PICKUP_SHARE,
  type LoadFlowConstants,
} from '@relight/powerflow';
import { BRANCH_LINE, BRANCH_TRANSFORMER, type Network } from '@relight/topology';

/** Rounding of the sums, not a margin: a value exactly at its limit is allowed. */
export const ROUNDING = 1e-9;

/**
 * What the weakest element of a way lets through: current in pu, of a transformer apparent power
 * in pu. Ratings count with the grid's loading factor, protection with its share of the pickup.
 */
export function edgeLimit_pu(
  network: Network,
  constants: LoadFlowConstants,
  branches: readonly number[],
): number {
  const { grid, branchKind, branchFrom, lineCount, firstSwitchBranch } = network;
  const factor = grid.limits.loadingFactor;
  let limit = Number.POSITIVE_INFINITY;
  for (const branch of branches) {
    const perAmpere = 1 / baseCurrent_A(constants, branchFrom[branch]!);
    if (branchKind[branch] === BRANCH_TRANSFORMER) {
      const rated = grid.transformers[branch - lineCount]!.ratedPower;
      limit = Math.min(limit, (factor * rated) / BASE_POWER_VA);
    } else if (branchKind[branch] === BRANCH_LINE) {
      const rated = grid.lines[branch]!.ratedCurrent;
      if (rated !== null) limit = Math.min(limit, factor * rated * perAmpere);
    } else {
      const { ratedCurrent, pickupCurrent } = grid.switches[branch - firstSwitchBranch]!;
      if (ratedCurrent !== null) limit = Math.min(limit, factor * ratedCurrent * perAmpere);
      if (pickupCurrent !== null) {
        limit = Math.min(limit, PICKUP_SHARE * pickupCurrent * perAmpere);
      }
    }
  }
  return limit * (1 + ROUNDING);
}
