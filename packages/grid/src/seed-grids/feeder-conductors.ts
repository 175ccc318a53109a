import { CONDUCTORS, type ConductorName } from './conductors.ts';
import type { FeederTree } from './feeder-tree.ts';

/** Loops are planned so that a neighbour can be carried: the trunk starts at most this loaded. */
const TRUNK_LOADING = 0.64;
const LATERAL_LOADING = 0.7;
/** Load takes this much reactive power, var per watt. */
export const REACTIVE_SHARE = 0.33;
const COSINE = 1 / Math.sqrt(1 + REACTIVE_SHARE * REACTIVE_SHARE);

const TRUNKS = ['AC-95', 'AC-120', 'AC-150', 'AC-185', 'AC-240'] as const;
const LATERALS = ['AC-50', 'AC-70', 'AC-95', 'AC-120'] as const;
const CABLES = ['Cu-3x240', 'Cu-3x400'] as const;

export interface ChosenConductors {
  readonly trunk: ConductorName;
  readonly exit: ConductorName;
  /** By node: conductor of the line that leads to it. */
  readonly ofLine: readonly ConductorName[];
  /** Current at the head, A: the wish, or less where the voltage at the end would be too low. */
  readonly current_A: number;
  /** Lowest voltage under the head's, pu. */
  readonly drop_pu: number;
}

/**
 * Conductors strong enough for the load, and load weak enough for the voltage, as a planner sees
 * to it: the trunk is taken stronger until the fall of voltage (R·P + X·Q) stays within bounds;
 * where even the strongest is too weak, the feeder serves less.
 * @param through_A - current that passes the whole trunk to a switching station at its end.
 */
export function chooseConductors(
  tree: FeederTree,
  options: {
    readonly nominal_kV: number;
    readonly cable: boolean;
    readonly current_A: number;
    readonly through_A: number;
    readonly dropLimit_pu: number;
  },
): ChosenConductors {
  const share = sharesBehind(tree);
  const end = tree.tieEnds[0] ?? 0;
  for (let node = end; node !== -1; node = tree.parent[node] ?? -1) {
    share[node] = (share[node] ?? 0) + options.through_A / options.current_A;
  }
  const whole_A = options.current_A + options.through_A;
  const trunks: readonly ConductorName[] = options.cable ? CABLES : TRUNKS;
  const first = trunks.findIndex((name) => TRUNK_LOADING * CONDUCTORS[name].rated_A >= whole_A);
  const exit = TRUNK_LOADING * CONDUCTORS['Cu-3x240'].rated_A >= whole_A ? CABLES[0] : CABLES[1];
  let chosen: ChosenConductors | null = null;
  for (const trunk of trunks.slice(first === -1 ? trunks.length - 1 : first)) {
    const ofLine = tree.grade.map((grade, node): ConductorName => {
      if (grade === 'exit') return exit;
      if (grade === 'trunk') return trunk;
      if (grade === 'stub' || options.cable) return CABLES[0];
      const current_A = (share[node] ?? 0) * options.current_A;
      return (
        LATERALS.find((name) => LATERAL_LOADING * CONDUCTORS[name].rated_A >= current_A) ?? trunk
      );
    });
    const drop_pu = largestDrop(tree, ofLine, share, options);
    chosen = { trunk, exit, ofLine, current_A: options.current_A, drop_pu };
    if (drop_pu <= options.dropLimit_pu) break;
  }
  if (chosen === null) throw new RangeError('no trunk conductor');
  const strongest = Math.min(CONDUCTORS[chosen.trunk].rated_A, CONDUCTORS[exit].rated_A);
  const factor = Math.min(
    1,
    options.dropLimit_pu / chosen.drop_pu,
    (TRUNK_LOADING * strongest - options.through_A) / options.current_A,
  );
  return {
    ...chosen,
    current_A: options.current_A * factor,
    drop_pu: chosen.drop_pu * factor,
  };
}

/** Share of the feeder's own load at and behind each node. */
function sharesBehind(tree: FeederTree): number[] {
  const share = tree.parent.map(() => 0);
  for (const load of tree.loads) share[load.node] = (share[load.node] ?? 0) + load.share;
  for (let node = share.length - 1; node > 0; node--) {
    const parent = tree.parent[node] ?? 0;
    share[parent] = (share[parent] ?? 0) + (share[node] ?? 0);
  }
  return share;
}

function largestDrop(
  tree: FeederTree,
  ofLine: readonly ConductorName[],
  share: readonly number[],
  { nominal_kV, current_A }: { readonly nominal_kV: number; readonly current_A: number },
): number {
  const perShare = (Math.sqrt(3) * current_A * COSINE) / (nominal_kV * 1e3);
  const drop = tree.parent.map(() => 0);
  let largest = 0;
  for (let node = 1; node < drop.length; node++) {
    const conductor = CONDUCTORS[ofLine[node] ?? 'AC-50'];
    const ohm = conductor.r_ohm_per_km + conductor.x_ohm_per_km * REACTIVE_SHARE;
    const length_km = (tree.length_m[node] ?? 0) / 1000;
    const fall = ohm * length_km * perShare * (share[node] ?? 0);
    drop[node] = (drop[tree.parent[node] ?? 0] ?? 0) + fall;
    largest = Math.max(largest, drop[node] ?? 0);
  }
  return largest;
}
