import type { Network } from '@relight/topology';
import { highestVoltages } from './highest-voltages.ts';
import type { Relaxation } from './relaxation.ts';
import type { Way } from './way.ts';

/** Two ways over one edge of the reduced graph. */
export interface Edge {
  readonly a: number;
  readonly b: number;
  /** From a to b, and back. */
  readonly there: Way;
  readonly back: Way;
  /** True where a switch is part of it. */
  readonly hasSwitch: boolean;
  /** Joined by a switch of unknown position. */
  readonly doubtful: boolean;
  /** Most power that its first branch at a and its last one at b carry, W. */
  readonly atA_W: number;
  readonly atB_W: number;
  /** Direction in which it may not be energised: 1 there, −1 back, 0 none. */
  readonly feedsBack: 1 | 0 | -1;
}

/**
 * The nodes of one search that a decision can concern: ends of free switches, places where their
 * ways to the sources part, transformers. All others are summed up in them: a lateral as a load
 * and the voltage that it needs at its head, a row of lines as one edge. Flows, voltages and limits
 * are those of the full network within the relaxation (docs/methods/restoration.md, 3).
 */
export interface ReducedGraph {
  readonly count: number;
  /** Node of the network, by joint. */
  readonly node: Int32Array;
  /** Least power taken at a joint, with the laterals it stands for, mW. */
  readonly active_mW: Float64Array;
  readonly reactive_mvar: Float64Array;
  /** Square of the voltage that it and its laterals need, pu. */
  readonly needs2_pu: Float64Array;
  /** Edges at each joint. */
  readonly edges: readonly (readonly Edge[])[];
  /** Joints at the two ends of a free switch or one of unknown position, by switch index. */
  readonly from: ReadonlyMap<number, number>;
  readonly to: ReadonlyMap<number, number>;
  /** Joint of each source within the scope that is not lost. */
  readonly sources: ReadonlyMap<number, number>;
  /** Joint that speaks for each block. */
  readonly ofBlock: Int32Array;
  /** Direction of the loads: smallest and largest reactive power per active. */
  readonly tangents: readonly [number, number];
}

/** Most power that a branch can carry where nothing lifts the voltage, W. */
export function mostThrough_W(network: Network, limits: Relaxation, branch: number): number {
  const highest = highestVoltages(network);
  const voltage = Math.min(
    highest[network.branchFrom[branch]!]!,
    highest[network.branchTo[branch]!]!,
  );
  const power = Math.sqrt(limits.power2_pu[branch]!);
  return 1e6 * Math.min(power, Math.sqrt(limits.current2_pu[branch]!) * voltage);
}
