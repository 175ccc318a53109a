import type { Energisation, Network } from './network.ts';

/**
 * Branches from a node back to its source in the given state, nearest first. Empty at a source
 * and where the node is dead. Cost: the length of the path.
 */
export function traceUpstream(
  network: Network,
  energisation: Energisation,
  node: number,
): readonly number[] {
  const path: number[] = [];
  let at = node;
  for (let branch = energisation.parentBranch[at] ?? -1; branch !== -1;) {
    path.push(branch);
    at = otherEnd(network, branch, at);
    branch = energisation.parentBranch[at] ?? -1;
  }
  return path;
}

/**
 * Nodes supplied through a node in the given state, itself first, nearest first. Empty where it
 * is dead. Cost: what is found and its branches.
 */
export function traceDownstream(
  network: Network,
  energisation: Energisation,
  node: number,
): readonly number[] {
  if ((energisation.nodeSource[node] ?? -1) === -1) return [];
  const { adjacencyStart, adjacencyBranch, adjacencyNode } = network;
  const { parentBranch } = energisation;
  const found = [node];
  for (const at of found) {
    const end = adjacencyStart[at + 1] ?? 0;
    for (let entry = adjacencyStart[at] ?? 0; entry < end; entry++) {
      const branch = adjacencyBranch[entry] ?? -1;
      const neighbour = adjacencyNode[entry] ?? -1;
      if (parentBranch[neighbour] === branch && parentBranch[at] !== branch) found.push(neighbour);
    }
  }
  return found;
}

/**
 * Sections supplied through a switch in the given state, ascending. The section on its supply
 * side is not among them. Empty where nothing is supplied through it.
 */
export function sectionsBehind(
  network: Network,
  energisation: Energisation,
  switchIndex: number,
): readonly number[] {
  const branch = network.firstSwitchBranch + switchIndex;
  const ends = [network.branchFrom[branch] ?? -1, network.branchTo[branch] ?? -1];
  const supplied = ends.find((end) => energisation.parentBranch[end] === branch);
  if (supplied === undefined) return [];
  const sections = new Set<number>();
  for (const node of traceDownstream(network, energisation, supplied)) {
    sections.add(network.nodeSection[node] ?? -1);
  }
  return [...sections].sort((a, b) => a - b);
}

/** Ids of the lines, then transformers, then nodes of a section, each sorted. */
export function sectionEquipment(network: Network, section: number): readonly string[] {
  const { grid, lineCount, firstSwitchBranch, adjacencyStart, adjacencyBranch } = network;
  const nodes = network.sectionNodes.subarray(
    network.sectionStart[section] ?? 0,
    network.sectionStart[section + 1] ?? 0,
  );
  const branches = new Set<number>();
  for (const node of nodes) {
    const end = adjacencyStart[node + 1] ?? 0;
    for (let entry = adjacencyStart[node] ?? 0; entry < end; entry++) {
      const branch = adjacencyBranch[entry] ?? firstSwitchBranch;
      if (branch < firstSwitchBranch) branches.add(branch);
    }
  }
  const branchIds = [...branches]
    .sort((a, b) => a - b)
    .map((branch) => (grid.lines[branch] ?? grid.transformers[branch - lineCount])?.id);
  const nodeIds = Array.from(nodes, (node) => grid.connectivityNodes[node]?.id);
  return [...branchIds, ...nodeIds].filter((id) => id !== undefined);
}

/**
 * Sections a line, transformer or node lies in (one), or that a switch touches (its two sides;
 * one where both are the same). null for any other id.
 */
export function sectionsOfEquipment(network: Network, id: string): readonly number[] | null {
  const { index, lineCount, nodeSection, branchFrom } = network;
  const node = index.node.get(id);
  if (node !== undefined) return [nodeSection[node] ?? -1];
  const line = index.line.get(id);
  if (line !== undefined) return [nodeSection[branchFrom[line] ?? -1] ?? -1];
  const transformer = index.transformer.get(id);
  if (transformer !== undefined)
    return [nodeSection[branchFrom[lineCount + transformer] ?? -1] ?? -1];
  const switchIndex = index.switch.get(id);
  if (switchIndex === undefined) return null;
  const sides = [
    network.switchSectionFrom[switchIndex] ?? -1,
    network.switchSectionTo[switchIndex] ?? -1,
  ];
  return [...new Set(sides)].sort((a, b) => a - b);
}

/** The end of a branch that is not `node`. */
export function otherEnd(network: Network, branch: number, node: number): number {
  const from = network.branchFrom[branch] ?? -1;
  return from === node ? (network.branchTo[branch] ?? -1) : from;
}
