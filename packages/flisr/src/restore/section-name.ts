import type { Network } from '@relight/topology';

/** A section in few words: the names of the switches around it, or its first node. */
export function sectionName(network: Network, section: number): string {
  const { sectionSwitches, sectionSwitchStart } = network;
  const switches = new Set(
    sectionSwitches.subarray(sectionSwitchStart[section], sectionSwitchStart[section + 1]),
  );
  const names = [...switches].sort((a, b) => a - b).map((at) => network.grid.switches[at]!.name);
  if (names.length > 0) return names.join(' – ');
  return network.grid.connectivityNodes[network.sectionNodes[network.sectionStart[section]!]!]!.id;
}
