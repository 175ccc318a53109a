import type { FaultCandidate } from '@relight/contract';
import { sectionEquipment, sectionsOfEquipment, type Network } from '@relight/topology';

/**
 * The assumed faults as a ranking: each is a certainty of its own, and a faulted switch is one
 * fault, though it condemns the sections on both its sides. Faults in one section are one.
 */
export function assumedFaults(network: Network, faults: readonly string[]): FaultCandidate[] {
  const known = new Set<string>();
  const candidates: FaultCandidate[] = [];
  for (const id of faults) {
    const sections = sectionsOfEquipment(network, id);
    if (sections === null) continue;
    const key = sections.join(' ');
    if (known.has(key)) continue;
    known.add(key);
    const equipment = sections.flatMap((section) => [...sectionEquipment(network, section)]);
    const isSwitch = network.index.switch.has(id);
    candidates.push({ equipment: isSwitch ? [id, ...equipment] : equipment, probability: 1 });
  }
  return candidates;
}
