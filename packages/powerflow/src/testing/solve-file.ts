import { parseGrid } from '@relight/grid';
import {
  CLOSED,
  compileNetwork,
  energise,
  normalPositions,
  OPEN,
  type Energisation,
  type Network,
} from '@relight/topology';
import type { LoadFlow, LoadFlowRequest } from '../load-flow.ts';
import { loadStateFromGrid } from '../load-state.ts';
import { solveLoadFlow } from '../solve-load-flow.ts';

/** A grid of few words, solved, to be asked by id. */
export interface Solved {
  readonly network: Network;
  readonly energisation: Energisation;
  readonly flow: LoadFlow;
  voltage_pu(node: string): number;
  angle_deg(node: string): number;
  /** Branch number of a line, transformer or switch. */
  branch(id: string): number;
}

/** Solves the normal state of a grid file after the switching given. */
export function solveFile(
  file: object,
  switching: { readonly open?: readonly string[]; readonly close?: readonly string[] } = {},
  options: Partial<LoadFlowRequest> = {},
): Solved {
  const parsed = parseGrid({ format: 'relight-grid/1', id: 'test', ...file });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const network = compileNetwork(parsed.value.grid);
  const positions = options.positions ?? normalPositions(network);
  const indexOf = (id: string): number => network.index.switch.get(id) ?? -1;
  for (const id of switching.open ?? []) positions[indexOf(id)] = OPEN;
  for (const id of switching.close ?? []) positions[indexOf(id)] = CLOSED;
  const energisation = energise(network, positions);
  const loads = loadStateFromGrid(network);
  const flow = solveLoadFlow({ network, positions, energisation, loads, ...options });
  const node = (id: string): number => network.index.node.get(id) ?? -1;
  return {
    network,
    energisation,
    flow,
    voltage_pu: (id) => flow.voltage_pu[node(id)] ?? Number.NaN,
    angle_deg: (id) => flow.voltageAngle_deg[node(id)] ?? Number.NaN,
    branch: (id) => {
      const { line, transformer, switch: switches } = network.index;
      return (
        line.get(id) ??
        add(network.lineCount, transformer.get(id)) ??
        add(network.firstSwitchBranch, switches.get(id)) ??
        -1
      );
    },
  };
}

function add(base: number, offset: number | undefined): number | undefined {
  return offset === undefined ? undefined : base + offset;
}
