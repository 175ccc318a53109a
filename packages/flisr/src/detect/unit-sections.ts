import type { Network } from '@relight/topology';

/** A device that unit protection opened, and by which function where it was told. */
export interface UnitTrip {
  readonly switchIndex: number;
  readonly tripFunction: string | null;
}

/**
 * The sections that unit protection guards and condemns: of the two sections at each opened device
 * the one that more of them border. Where that leaves it open, 87T and 96 mean the side with a
 * transformer, 87B the side with a busbar; else both sides are condemned. Ascending.
 */
export function unitSections(network: Network, trips: readonly UnitTrip[]): readonly number[] {
  const borders = new Map<number, number>();
  const sidesOf = ({ switchIndex }: UnitTrip): readonly number[] => [
    network.switchSectionFrom[switchIndex]!,
    network.switchSectionTo[switchIndex]!,
  ];
  for (const trip of trips) {
    for (const section of sidesOf(trip)) borders.set(section, (borders.get(section) ?? 0) + 1);
  }
  const condemned = new Set<number>();
  for (const trip of trips) {
    const sides = sidesOf(trip);
    const most = Math.max(...sides.map((section) => borders.get(section)!));
    const likely = sides.filter((section) => borders.get(section) === most);
    const fitting = likely.filter((section) => fits(network, section, trip.tripFunction));
    for (const section of fitting.length > 0 ? fitting : likely) condemned.add(section);
  }
  return [...condemned].sort((a, b) => a - b);
}

function fits(network: Network, section: number, tripFunction: string | null): boolean {
  const { grid, nodeSection } = network;
  const holdsTransformer = grid.transformers.some(({ from }) => nodeSection[from] === section);
  if (tripFunction !== '87B') return holdsTransformer;
  return grid.connectivityNodes.some((node, at) => node.busbar && nodeSection[at] === section);
}
