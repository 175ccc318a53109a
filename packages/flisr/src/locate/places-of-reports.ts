import type { Network } from '@relight/topology';
import type { EvidenceItem } from './evidence.ts';

/**
 * Node whose voltage or neutral voltage a report tells of; −1 where the equipment is unknown, or a
 * switch that does not say on which of its two sides.
 */
export function nodeOfReport(
  network: Network,
  { equipment, side }: Pick<EvidenceItem, 'equipment' | 'side'>,
): number {
  const { index, grid, nodeSection } = network;
  const node = index.node.get(equipment);
  if (node !== undefined) return node;
  const at = index.switch.get(equipment);
  if (at !== undefined) {
    const { from, to } = grid.switches[at]!;
    if (side === 'from') return from;
    if (side === 'to') return to;
    return nodeSection[from] === nodeSection[to] ? from : -1;
  }
  const load = index.load.get(equipment);
  if (load !== undefined) return network.loadNode[load]!;
  const line = index.line.get(equipment);
  if (line !== undefined) return grid.lines[line]!.from;
  const transformer = index.transformer.get(equipment);
  if (transformer !== undefined) return grid.transformers[transformer]!.to;
  return grid.faultIndicators.find((each) => each.id === equipment)?.node ?? -1;
}
