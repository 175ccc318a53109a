import type { Grid } from '@relight/grid';
import { CLOSED, normalPositions, OPEN } from '@relight/topology';
import type { Network, Positions } from '@relight/topology';
import { CliError } from './cli-error.ts';

/** The normal state, changed by `--open` and `--close`. */
export function statePositions(
  network: Network,
  open: readonly string[],
  close: readonly string[],
): Positions {
  const both = open.find((id) => close.includes(id));
  if (both !== undefined) {
    throw new CliError('RL-008', `switch "${both}" stands in both --open and --close`);
  }
  const positions = normalPositions(network);
  for (const index of switchIndices(network, 'open', open)) positions[index] = OPEN;
  for (const index of switchIndices(network, 'close', close)) positions[index] = CLOSED;
  return positions;
}

/** Switch ids of an option as indices. */
export function switchIndices(
  network: Network,
  option: string,
  ids: readonly string[],
): readonly number[] {
  return ids.map((id) => {
    const index = network.index.switch.get(id);
    if (index === undefined) throw unknownId(network.grid, id, option, 'switch');
    return index;
  });
}

/** RL-005 with what else the id is, or the nearest id, if one is near. */
export function unknownId(grid: Grid, id: string, option: string, what: string): CliError {
  const other = KINDS.find(([list]) => grid[list].some((item) => item.id === id));
  if (other !== undefined) {
    const [list, kind] = other;
    const load = list === 'loads' ? grid.loads.find((each) => each.id === id) : undefined;
    const node = load === undefined ? undefined : grid.connectivityNodes[load.node]?.id;
    const instead = node === undefined ? '' : `; its node is "${node}"`;
    const wanted = what === 'equipment' ? 'line, transformer, node, switch or source' : what;
    const message = `--${option} expects a ${wanted}; "${id}" is a ${kind}${instead}`;
    return new CliError('RL-005', message);
  }
  const lower = id.toLowerCase();
  const all = KINDS.flatMap(([list]) => grid[list].map((item) => item.id));
  const near = all.find((each) => each.toLowerCase() === lower);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return new CliError('RL-005', `--${option}: grid ${grid.id} has no ${what} "${id}"${hint}`);
}

const KINDS = [
  ['switches', 'switch'],
  ['lines', 'line'],
  ['transformers', 'transformer'],
  ['connectivityNodes', 'node'],
  ['loads', 'load'],
  ['sources', 'source'],
  ['feeders', 'feeder'],
  ['generators', 'generator'],
  ['shunts', 'shunt'],
  ['substations', 'substation'],
] as const;
