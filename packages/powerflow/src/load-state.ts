import type { Network } from '@relight/topology';
import type { LoadState } from './load-flow.ts';

/** The loads as the grid file gives them. */
export function loadStateFromGrid(network: Network): LoadState {
  return {
    activePower_W: Float64Array.from(network.grid.loads, (load) => load.activePower),
    reactivePower_var: Float64Array.from(network.grid.loads, (load) => load.reactivePower),
  };
}
