import { type Engine } from './engine.ts';

/** Node at which a point measures: at the `to` end of a transformer, the `from` end of a switch. */
export function nodeOfPoint({ points, network, grid }: Engine, point: number): number {
  const compiled = points[point];
  if (compiled === undefined) return -1;
  const { index } = network;
  const node = index.node.get(compiled.equipment);
  if (node !== undefined) return node;
  const device = grid.switches[compiled.switchIndex];
  if (device !== undefined) return device.from;
  const transformer = grid.transformers[index.transformer.get(compiled.equipment) ?? -1];
  if (transformer !== undefined) return transformer.to;
  const source = index.source.get(compiled.equipment);
  return source === undefined ? -1 : (network.sourceNode[source] ?? -1);
}
