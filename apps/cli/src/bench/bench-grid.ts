import { buildModel, regionFile } from '@relight/grid';
import type { Grid } from '@relight/grid';
import { compileNetwork } from '@relight/topology';
import type { Network } from '@relight/topology';
import { COUNTRY, generatedCountryFile } from '../generated-grid.ts';
import { readColumns, readModel } from '../read-grid.ts';

/**
 * The network a bench works on. Generated grids are taken as they come, without the checks that
 * a file from outside goes through: they cost more than most benches.
 */
export function benchNetwork(name: string, seed: number): Network {
  return compileNetwork(benchGrid(name, seed));
}

function benchGrid(name: string, seed: number): Grid {
  if (name === COUNTRY) return readColumns(generatedCountryFile(seed));
  const file = regionFile(name, seed);
  return file === null ? readModel(name) : buildModel(file);
}

export function describeNetwork({ grid, nodeCount, sectionCount, switchCount }: Network): string {
  let customers = 0;
  for (let load = 0; load < grid.loads.length; load++) customers += grid.loads[load]!.customers;
  return `${grid.id} (${nodeCount} nodes, ${sectionCount} sections, ${switchCount} switches, ${grid.feeders.length} feeders, ${customers} customers)`;
}
