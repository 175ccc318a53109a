import { RandomStream } from '@relight/foundation';
import type { Grid } from '@relight/grid';
import { compileNetwork, energise, normalPositions, sectionsOfEquipment } from '@relight/topology';
import type { Network } from '@relight/topology';
import { CliError } from '../cli-error.ts';

/**
 * The line the demo breaks: the one asked for, or one drawn from the middle of a feeder, where
 * there is both something to cut off and something to bring back from elsewhere.
 */
export function chooseFault(grid: Grid, seed: number, wanted: string | undefined): string {
  const network = compileNetwork(grid);
  if (wanted !== undefined) {
    if (sectionsOfEquipment(network, wanted) !== null) return wanted;
    throw new CliError('RL-005', `grid ${grid.id} has no equipment "${wanted}"`);
  }
  const { nodeFeeder } = energise(network, normalPositions(network));
  const heads = new Set(grid.feeders.map((feeder) => feeder.head));
  const candidates = grid.lines.filter((line) => {
    const section = network.nodeSection[line.from] ?? -1;
    if ((nodeFeeder[line.from] ?? -1) < 0) return false;
    const closed = switchesAround(network, section).filter(
      (index) => grid.switches[index]?.normallyOpen === false,
    );
    return closed.length >= 2 && !closed.some((index) => heads.has(index));
  });
  const random = new RandomStream(seed, 'demo-fault');
  const chosen = candidates[random.integer(0, candidates.length - 1)];
  if (chosen === undefined) {
    throw new CliError(
      'RL-005',
      `grid ${grid.id} has no line in the middle of a feeder; name one with --equipment`,
    );
  }
  return chosen.id;
}

function switchesAround(network: Network, section: number): readonly number[] {
  const { sectionSwitchStart, sectionSwitches } = network;
  return [
    ...sectionSwitches.subarray(sectionSwitchStart[section], sectionSwitchStart[section + 1]),
  ];
}
