import type { Network } from '@relight/topology';

const known = new WeakMap<Network, Float64Array>();

/**
 * By node, the highest voltage it can have where nothing feeds in or lifts it, pu: that of the
 * sources above it without load, through transformers as they may be energised, never from the
 * lower voltage. Computed once for a network.
 */
export function highestVoltages(network: Network): Float64Array {
  const before = known.get(network);
  if (before !== undefined) return before;
  const { grid } = network;
  const nominal = (node: number): number => grid.connectivityNodes[node]!.nominalVoltage;
  const levels = [...new Set(grid.connectivityNodes.map((node) => node.nominalVoltage))];
  levels.sort((a, b) => b - a);
  const highest = new Map<number, number>(levels.map((level) => [level, 0]));
  const raise = (level: number, voltage: number): void => {
    highest.set(level, Math.max(highest.get(level)!, voltage));
  };
  for (const source of grid.sources) raise(nominal(source.node), source.voltage);
  for (const level of levels) {
    // Regulators on one level may stand in series, each lifting.
    let lift = 1;
    for (const { from, to, tap } of grid.transformers) {
      if (nominal(from) === level && nominal(to) === level) lift *= Math.max(tap, 1 / tap);
    }
    const here = highest.get(level)! * lift;
    highest.set(level, here);
    for (const { from, to, tap } of grid.transformers) {
      if (nominal(from) === level && nominal(to) < level) raise(nominal(to), here / tap);
      if (nominal(to) === level && nominal(from) < level) raise(nominal(from), here * tap);
    }
  }
  const found = Float64Array.from(grid.connectivityNodes, (node) =>
    highest.get(node.nominalVoltage)!,
  );
  known.set(network, found);
  return found;
}
