import { BRANCH_SWITCH, type Network } from '@relight/topology';
import { isLive } from './electrical.ts';
import type { Fault, FaultPlace, Plant } from './state.ts';

/** The way of the fault current from the place of the fault back to the source that feeds it. */
export interface FaultPath {
  readonly source: number;
  /** Branches in order from the fault to the source; a faulted branch itself is not among them. */
  readonly branches: readonly number[];
  /** Reactance between the place of the fault and the far end of each branch, ohm. */
  readonly reactance_ohm: readonly number[];
  /** The faulted line, if the current enters it, and the end where it does. */
  readonly entry: { readonly line: number; readonly node: number } | null;
}

/**
 * The ways on which current flows into a fault: one from each live side of its place. Where the
 * network is looped the shortest way counts; once its protection has opened, the next is found.
 */
export function faultPaths(plant: Plant, fault: Fault): readonly FaultPath[] {
  // What an isolated or compensated neutral lets flow neither trips a relay nor latches anything.
  if (fault.standing) return [];
  return entries(plant, fault.place)
    .filter(({ node }) => isLive(plant, node))
    .map((entry) => pathToSource(plant, entry));
}

/** The nodes at which a fault touches the network. */
export function faultEntries(plant: Plant, fault: Fault): readonly number[] {
  return entries(plant, fault.place).map(({ node }) => node);
}

interface Entry {
  readonly node: number;
  /** Half of the faulted line: the fault is taken to be in its middle. */
  readonly reactance_ohm: number;
  readonly line: number | null;
}

function entries(plant: Plant, place: FaultPlace): readonly Entry[] {
  const { grid } = plant.network;
  switch (place.kind) {
    case 'node':
      return [{ node: place.node, reactance_ohm: 0, line: null }];
    case 'line': {
      const { from, to, reactance } = grid.lines[place.line]!;
      const fedFromTo = plant.energisation.parentBranch[from] === place.line;
      return [{ node: fedFromTo ? to : from, reactance_ohm: reactance / 2, line: place.line }];
    }
    case 'transformer': {
      const branch = plant.network.lineCount + place.transformer;
      const { from, to } = grid.transformers[place.transformer]!;
      const fedFromTo = plant.energisation.parentBranch[from] === branch;
      return [{ node: fedFromTo ? to : from, reactance_ohm: 0, line: null }];
    }
    case 'switch': {
      const { from, to } = grid.switches[place.switch]!;
      const branch = plant.network.firstSwitchBranch + place.switch;
      // A side that is live only through the broken switch is no way of its own.
      return [from, to]
        .filter((node) => plant.energisation.parentBranch[node] !== branch)
        .map((node) => ({ node, reactance_ohm: 0, line: null }));
    }
  }
}

function pathToSource(plant: Plant, entry: Entry): FaultPath {
  const { network, energisation } = plant;
  const branches: number[] = [];
  const reactance_ohm: number[] = [];
  let sum = entry.reactance_ohm;
  let node = entry.node;
  for (;;) {
    const branch = energisation.parentBranch[node]!;
    if (branch === -1) break;
    sum += branchReactance_ohm(network, branch);
    branches.push(branch);
    reactance_ohm.push(sum);
    const from = network.branchFrom[branch]!;
    node = from === node ? network.branchTo[branch]! : from;
  }
  return {
    source: network.nodeSource[node]!,
    branches,
    reactance_ohm,
    entry: entry.line === null ? null : { line: entry.line, node: entry.node },
  };
}

/** Positive-sequence reactance; a transformer's on its `to` side. */
function branchReactance_ohm(network: Network, branch: number): number {
  const { grid, lineCount, firstSwitchBranch } = network;
  if (branch >= firstSwitchBranch) return 0;
  if (branch < lineCount) return grid.lines[branch]!.reactance;
  const transformer = grid.transformers[branch - lineCount]!;
  const voltage = grid.connectivityNodes[transformer.to]!.nominalVoltage;
  const base_ohm = (voltage * voltage) / transformer.ratedPower;
  const resistance = transformer.loadLosses / transformer.ratedPower;
  const impedance = transformer.shortCircuitVoltage;
  return base_ohm * Math.sqrt(Math.max(impedance * impedance - resistance * resistance, 0));
}

/** Switch indices on a path, from the fault to the source, with the reactance up to each. */
export function switchesOnPath(
  plant: Plant,
  path: FaultPath,
): readonly { readonly switch: number; readonly reactance_ohm: number }[] {
  const { network } = plant;
  return path.branches.flatMap((branch, position) =>
    network.branchKind[branch] === BRANCH_SWITCH
      ? [
          {
            switch: branch - network.firstSwitchBranch,
            reactance_ohm: path.reactance_ohm[position]!,
          },
        ]
      : [],
  );
}
