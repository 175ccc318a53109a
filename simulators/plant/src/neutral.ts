import { otherEnd } from '@relight/topology';
import { isLive } from './electrical.ts';
import { faultEntries } from './fault-current.ts';
import type { Plant } from './state.ts';

/**
 * The transformer or source that feeds a node without another transformer between, and whether
 * its neutral lets an earth fault stand: isolated, or earthed through a Petersen coil. null: dead.
 */
function neutralOf(
  plant: Plant,
  node: number,
): { readonly id: string; readonly letsStand: boolean } | null {
  const { network, energisation } = plant;
  if (!isLive(plant, node)) return null;
  let feeder: (typeof network.grid.transformers)[number] | (typeof network.grid.sources)[number] =
    network.grid.sources[energisation.nodeSource[node]!]!;
  let at = node;
  for (let branch = energisation.parentBranch[at]!; branch !== -1;) {
    if (branch >= network.lineCount && branch < network.firstSwitchBranch) {
      feeder = network.grid.transformers[branch - network.lineCount]!;
      break;
    }
    at = otherEnd(network, branch, at);
    branch = energisation.parentBranch[at]!;
  }
  const { id, neutralEarthing } = feeder;
  return { id, letsStand: neutralEarthing === 'isolated' || neutralEarthing === 'petersen' };
}

/** Whether an earth fault at this node would stand: current too small to trip anything. */
export function letsEarthFaultStand(plant: Plant, node: number): boolean {
  return neutralOf(plant, node)?.letsStand ?? false;
}

/**
 * 3U0 at a node, V: the whole phase-to-earth voltage while an earth fault stands in its network,
 * as one without resistance gives; else 0.
 */
export function neutralVoltage_V(plant: Plant, node: number): number {
  const own = neutralOf(plant, node);
  if (own === null || !own.letsStand) return 0;
  const stands = plant.faults.some((fault) => {
    if (!fault.standing || fault.cleared) return false;
    return faultEntries(plant, fault).some((at) => neutralOf(plant, at)?.id === own.id);
  });
  return stands ? plant.network.grid.connectivityNodes[node]!.nominalVoltage / Math.sqrt(3) : 0;
}
