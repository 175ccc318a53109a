import type { Energisation, Network } from '@relight/topology';

/** The part of a section's view that never changes. */
export interface SectionInfo {
  readonly id: string;
  readonly name: string;
  readonly nodes: readonly string[];
  readonly lines: readonly string[];
  readonly customers: number;
  readonly p_kW: number;
  /** Load indices, ascending. */
  readonly loads: readonly number[];
  /** Feeder index in the normal state, −1 for station sections. */
  readonly normalFeeder: number;
}

/**
 * Describes every section. A feeder's sections are numbered from its head outwards in the normal
 * state ("473 S3"); a section of a station carries the name of its busbar.
 */
export function describeSections(network: Network, normal: Energisation): readonly SectionInfo[] {
  const { grid, sectionCount, nodeSection } = network;
  const loads: number[][] = Array.from({ length: sectionCount }, () => []);
  network.loadNode.forEach((node, load) => loads[nodeSection[node] ?? -1]?.push(load));
  const lines: string[][] = Array.from({ length: sectionCount }, () => []);
  grid.lines.forEach((line) => lines[nodeSection[line.from] ?? -1]?.push(line.id));
  const rank = rankWithinFeeder(network, normal);
  return Array.from({ length: sectionCount }, (_, section): SectionInfo => {
    const nodes = nodesOf(network, section);
    const first = nodes[0] ?? -1;
    const normalFeeder = normal.nodeFeeder[first] ?? -1;
    const own = loads[section] ?? [];
    const firstId = grid.connectivityNodes[first]?.id ?? String(section);
    const busbar = nodes.find((node) => grid.connectivityNodes[node]?.busbar === true);
    const feeder = grid.feeders[normalFeeder];
    return {
      id: `S.${firstId}`,
      name:
        feeder === undefined
          ? (grid.connectivityNodes[busbar ?? first]?.id ?? firstId)
          : `${shortFeederName(feeder.id)} S${rank[section] ?? 0}`,
      nodes: nodes.map((node) => grid.connectivityNodes[node]?.id ?? ''),
      lines: lines[section] ?? [],
      customers: own.reduce((sum, load) => sum + (grid.loads[load]?.customers ?? 0), 0),
      p_kW: own.reduce((sum, load) => sum + (grid.loads[load]?.activePower ?? 0), 0) / 1_000,
      loads: own,
      normalFeeder,
    };
  });
}

/** Node indices of a section, ascending. */
export function nodesOf(network: Network, section: number): readonly number[] {
  return Array.from(
    network.sectionNodes.subarray(
      network.sectionStart[section] ?? 0,
      network.sectionStart[section + 1] ?? 0,
    ),
  );
}

/** "F473" is spoken as 473. */
export function shortFeederName(id: string): string {
  return /^F\d/.test(id) ? id.slice(1) : id;
}

function rankWithinFeeder(network: Network, normal: Energisation): number[] {
  const rank: number[] = Array.from({ length: network.sectionCount }, () => 0);
  const next = new Map<number, number>();
  for (const node of normal.order) {
    const section = network.nodeSection[node] ?? -1;
    const feeder = normal.nodeFeeder[node] ?? -1;
    if (feeder === -1 || rank[section] !== 0) continue;
    const place = (next.get(feeder) ?? 0) + 1;
    rank[section] = place;
    next.set(feeder, place);
  }
  return rank;
}
