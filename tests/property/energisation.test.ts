import { buildGraph, type GridGraph } from '@relight/grid';
import {
  CLOSED,
  compileNetwork,
  createEnergisationWorkspace,
  energiseInto,
  normalPositions,
  OPEN,
  UNKNOWN,
  type Energisation,
  type Network,
  type Positions,
} from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';

const movements = fc.array(
  fc.record({ switch: fc.nat(), position: fc.constantFrom(OPEN, CLOSED, CLOSED, UNKNOWN) }),
  { minLength: 1, maxLength: 12 },
);

/** Breadth-first search on the plain graph. @returns Hops to the nearest start, by node id. */
function search(
  graph: GridGraph,
  starts: readonly string[],
  passes: (edge: string) => boolean,
): ReadonlyMap<string, number> {
  const hops = new Map(starts.map((start) => [start, 0]));
  for (const [node, hop] of hops) {
    graph.forEachEdge(node, (edge, _attributes, from, to) => {
      const next = from === node ? to : from;
      if (passes(edge) && !hops.has(next)) hops.set(next, hop + 1);
    });
  }
  return hops;
}

test('compiled energisation equals a breadth-first search on the plain graph, whatever is switched', () => {
  fc.assert(
    fc.property(randomGrid, movements, (file, moves) => {
      const grid = modelOf(file);
      const graph = buildGraph(grid);
      const network = compileNetwork(grid);
      const workspace = createEnergisationWorkspace(network);
      const positions = normalPositions(network);
      for (const move of moves) {
        positions[move.switch % network.switchCount] = move.position;
        const state = energiseInto(workspace, positions);
        expect(compiledPicture(network, state)).toEqual(searchedPicture(graph, network, positions));
      }
    }),
    runs(150),
  );
});

interface Picture {
  readonly nodes: readonly {
    readonly id: string;
    readonly source: number;
    readonly maybeLive: boolean;
    /** Branches to the nearest source; null where dead. */
    readonly hops: number | null;
  }[];
  readonly order: readonly string[];
  readonly independentLoops: number;
}

function compiledPicture(network: Network, state: Energisation): Picture {
  return {
    nodes: network.grid.connectivityNodes.map(({ id }, node) => ({
      id,
      source: state.nodeSource[node] ?? -1,
      maybeLive: state.maybeLive[node] === 1,
      hops: hopsToSource(network, state, node),
    })),
    order: [...state.order].map((node) => network.grid.connectivityNodes[node]?.id ?? '').sort(),
    independentLoops: state.loopBranches.length,
  };
}

function searchedPicture(graph: GridGraph, network: Network, positions: Positions): Picture {
  const { connectivityNodes, sources } = network.grid;
  const passes = (wanted: (position: number | undefined) => boolean) => (edge: string) => {
    const at = network.index.switch.get(edge);
    return at === undefined || wanted(positions[at]);
  };
  const closed = passes((position) => position === CLOSED);
  const notOpen = passes((position) => position !== OPEN);
  const starts = sources.map((source) => connectivityNodes[source.node]?.id ?? '');
  const live = search(graph, starts, closed);
  const maybe = search(graph, starts, notOpen);
  const firstSource = new Map<string, number>();
  starts.forEach((start, source) => {
    for (const node of search(graph, [start], closed).keys()) {
      if (!firstSource.has(node)) firstSource.set(node, source);
    }
  });
  let closedEdges = 0;
  graph.forEachEdge((edge, _attributes, from) => {
    if (closed(edge) && live.has(from)) closedEdges += 1;
  });
  return {
    nodes: connectivityNodes.map(({ id }) => ({
      id,
      source: firstSource.get(id) ?? -1,
      maybeLive: maybe.has(id),
      hops: live.get(id) ?? null,
    })),
    order: [...live.keys()].sort(),
    independentLoops: closedEdges - live.size + new Set(starts).size,
  };
}

/** Follows the supplying branches; null where dead or where they do not lead to a source. */
function hopsToSource(network: Network, state: Energisation, start: number): number | null {
  if (state.nodeSource[start] === -1) return null;
  let node = start;
  for (let hops = 0; hops <= network.nodeCount; hops++) {
    const branch = state.parentBranch[node] ?? -1;
    if (branch === -1) return network.nodeSource[node] === -1 ? null : hops;
    const [from, to] = [network.branchFrom[branch] ?? -1, network.branchTo[branch] ?? -1];
    if (from !== node && to !== node) return null;
    node = from === node ? to : from;
  }
  return null;
}

test('the feeder of a node is the last head on the one path from its source', () => {
  fc.assert(
    fc.property(randomGrid, (file) => {
      const grid = modelOf(file);
      const network = compileNetwork(grid);
      const state = energiseInto(createEnergisationWorkspace(network), normalPositions(network));
      grid.feeders.forEach((feeder, index) => {
        const graph = buildGraph(grid);
        const head = grid.switches[feeder.head];
        for (const each of grid.switches) {
          if (each.normallyOpen || each === head) graph.dropEdge(each.id);
          else graph.setEdgeAttribute(each.id, 'normallyOpen', false);
        }
        const isBehind = search(graph, [idOf(head?.to)], () => true);
        for (let node = 0; node < network.nodeCount; node++) {
          expect(state.nodeFeeder[node] === index).toBe(isBehind.has(idOf(node)));
        }
      });
      function idOf(node: number | undefined): string {
        return grid.connectivityNodes[node ?? -1]?.id ?? '';
      }
    }),
    runs(50),
  );
});

test('sections are the components of the plain graph without its switches', () => {
  fc.assert(
    fc.property(randomGrid, (file) => {
      const grid = modelOf(file);
      const graph = buildGraph(grid);
      const network = compileNetwork(grid);
      const isFixed = (edge: string): boolean => !network.index.switch.has(edge);
      for (let section = 0; section < network.sectionCount; section++) {
        const nodes = [
          ...network.sectionNodes.subarray(
            network.sectionStart[section],
            network.sectionStart[section + 1],
          ),
        ].map((node) => grid.connectivityNodes[node]?.id ?? '');
        const [first = ''] = nodes;
        expect([...search(graph, [first], isFixed).keys()].sort()).toEqual([...nodes].sort());
      }
    }),
    runs(100),
  );
});
