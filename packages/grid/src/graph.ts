import { MultiGraph } from 'graphology';
import type { Grid } from './model.ts';

export interface GraphEdge {
  readonly kind: 'line' | 'transformer' | 'switch';
  /** Always false for lines and transformers. */
  readonly normallyOpen: boolean;
}

/** Connectivity nodes as nodes, equipment as edges keyed by id. */
export type GridGraph = MultiGraph<{ readonly nominalVoltage_V: number }, GraphEdge>;

/**
 * The grid as a plain graph: the reference that the compiled network is tested against, and
 * the form for searches that are not in a hurry. Not for grids above 300,000 nodes.
 */
export function buildGraph(grid: Grid): GridGraph {
  const graph: GridGraph = new MultiGraph();
  for (const node of grid.connectivityNodes) {
    graph.addNode(node.id, { nominalVoltage_V: node.nominalVoltage });
  }
  const nodeId = (index: number): string => grid.connectivityNodes[index]?.id ?? '';
  const join = (
    item: { readonly id: string; readonly from: number; readonly to: number },
    edge: GraphEdge,
  ): void => {
    graph.addUndirectedEdgeWithKey(item.id, nodeId(item.from), nodeId(item.to), edge);
  };
  for (const line of grid.lines) join(line, { kind: 'line', normallyOpen: false });
  for (const t of grid.transformers) join(t, { kind: 'transformer', normallyOpen: false });
  for (const s of grid.switches) join(s, { kind: 'switch', normallyOpen: s.normallyOpen });
  return graph;
}
