import { expect, test } from 'vitest';
import { buildGraph } from './graph.ts';
import { parseGrid } from './parse-grid.ts';
import { demoTownFile } from './seed-grids/demo-town.ts';

test('the graph has one edge for each line, transformer and switch, between the right nodes', () => {
  const parsed = parseGrid(demoTownFile());
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { grid, counts } = parsed.value;
  const graph = buildGraph(grid);
  expect(graph.order).toBe(counts.nodes);
  expect(graph.size).toBe(counts.lines + counts.transformers + counts.switches);
  expect(graph.extremities('PT.412')).toEqual(['PT.C41', 'PT.C42']);
  expect(graph.getEdgeAttributes('PT.412')).toEqual({ kind: 'switch', normallyOpen: true });
  expect(graph.getEdgeAttributes('PT.T1')).toEqual({ kind: 'transformer', normallyOpen: false });
  expect(graph.getNodeAttributes('PT.C41')).toEqual({ nominalVoltage_V: 22_000 });
});
