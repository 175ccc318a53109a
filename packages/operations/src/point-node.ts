import { type Engine } from './engine.ts';

/**
 * Node at which a point measures; at a switch that tells no side the `from` end, at a transformer
 * the `to` end. −1 where its equipment has no one place.
 */
export function nodeOfPoint({ points, network, grid }: Engine, point: number): number {
  const compiled = points[point];
  if (compiled === undefined) return -1;
  const { index } = network;
  const node = index.node.get(compiled.equipment);
  if (node !== undefined) return node;
  const device = grid.switches[compiled.switchIndex];
  if (device !== undefined) return compiled.side === 'to' ? device.to : device.from;
  const load = index.load.get(compiled.equipment);
  if (load !== undefined) return network.loadNode[load] ?? -1;
  const transformer = grid.transformers[index.transformer.get(compiled.equipment) ?? -1];
  if (transformer !== undefined) return transformer.to;
  const source = index.source.get(compiled.equipment);
  return source === undefined ? -1 : (network.sourceNode[source] ?? -1);
}
