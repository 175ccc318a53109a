import { OPEN, otherEnd } from '@relight/topology';
import type { Engine } from '../engine.ts';
import type { OperationsState } from '../state.ts';

/**
 * Id of the transformer or source that feeds a node without another transformer between: all that
 * hangs on it shares one neutral. null where the node is not live. Cost: the way to the source.
 */
export function neutralNetworkOf(
  engine: Engine,
  { energisation }: Pick<OperationsState, 'energisation'>,
  node: number,
): string | null {
  const { network, grid } = engine;
  const source = energisation.nodeSource[node] ?? -1;
  if (source === -1) return null;
  let at = node;
  for (let branch = energisation.parentBranch[at] ?? -1; branch !== -1;) {
    if (branch >= network.lineCount && branch < network.firstSwitchBranch) {
      return grid.transformers[branch - network.lineCount]?.id ?? null;
    }
    at = otherEnd(network, branch, at);
    branch = energisation.parentBranch[at] ?? -1;
  }
  return grid.sources[network.nodeSource[at] ?? source]?.id ?? null;
}

/** The neutral is isolated or earthed through a Petersen coil: an earth fault does not trip. */
export function runsWithEarthFault(engine: Engine, network: string): boolean {
  const { grid, network: compiled } = engine;
  const transformer = grid.transformers[compiled.index.transformer.get(network) ?? -1];
  const source = grid.sources[compiled.index.source.get(network) ?? -1];
  const earthing = (transformer ?? source)?.neutralEarthing;
  return earthing === 'isolated' || earthing === 'petersen';
}

/** Open switches with a live side in one of the networks: closing one is a tie or a transfer. */
export function openSwitchesAt(
  engine: Engine,
  state: OperationsState,
  networks: ReadonlySet<string>,
): readonly number[] {
  if (networks.size === 0) return [];
  return engine.grid.switches.flatMap(({ from, to }, index) => {
    if (state.positions[index] !== OPEN) return [];
    const touches = [from, to].some((node) => {
      const network = neutralNetworkOf(engine, state, node);
      return network !== null && networks.has(network);
    });
    return touches ? [index] : [];
  });
}
