import type { GridFile } from '@relight/contract';
import { loadStateFromGrid, solveLoadFlow } from '@relight/powerflow';
import { CLOSED, compileNetwork, energise, normalPositions, OPEN } from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { solveDense } from '../kit/dense-load-flow.ts';
import { modelOf } from '../kit/load-grid.ts';
import { followingGrid, randomGrid, runs, shuffled } from '../kit/random-grid.ts';

function solve(file: GridFile, moved: ReadonlySet<string> = new Set()) {
  const network = compileNetwork(modelOf(file));
  const positions = normalPositions(network).map((position, index) => {
    const isMoved = moved.has(network.grid.switches[index]?.id ?? '');
    return isMoved ? OPEN + CLOSED - position : position;
  });
  const energisation = energise(network, positions);
  const loads = loadStateFromGrid(network);
  const flow = solveLoadFlow({ network, positions, energisation, loads });
  return { network, positions, energisation, loads, flow };
}

/** A grid and up to four of its switches that are off their normal position, ties preferred. */
const gridAndMoves = fc
  .tuple(fc.oneof(randomGrid, followingGrid), fc.array(fc.nat(), { maxLength: 4 }), fc.boolean())
  .map(([file, picks, tiesOnly]): [GridFile, string[]] => {
    const all = file.switches ?? [];
    const ties = all.filter((each) => each.normallyOpen === true);
    const choice = tiesOnly && ties.length > 0 ? ties : all;
    return [file, picks.map((pick) => choice[pick % choice.length]?.id ?? '')];
  });

test('what the sources give is what loads, capacitors and losses take', () => {
  fc.assert(
    fc.property(gridAndMoves, ([file, moves]) => {
      const { network, energisation, loads, flow } = solve(file, new Set(moves));
      fc.pre(flow.converged);
      const isLive = (node: number): boolean => energisation.nodeSource[node] !== -1;
      let taken_W = flow.losses_W;
      let taken_var = flow.losses_var;
      network.grid.loads.forEach((load, index) => {
        if (!isLive(load.node)) return;
        const v = flow.voltage_pu[load.node] ?? 0;
        const { impedanceShare, currentShare } = load;
        const rest = 1 - impedanceShare - currentShare;
        const share = impedanceShare * v * v + currentShare * v + rest;
        taken_W += (loads.activePower_W[index] ?? 0) * share;
        taken_var += (loads.reactivePower_var[index] ?? 0) * share;
      });
      for (const shunt of network.grid.shunts) {
        taken_var += shunt.reactivePower * (flow.voltage_pu[shunt.node] ?? 0) ** 2;
      }
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum(flow.sourceActivePower_W) - taken_W)).toBeLessThan(1);
      expect(Math.abs(sum(flow.sourceReactivePower_var) - taken_var)).toBeLessThan(1);
    }),
    runs(150),
  );
});

test('sweeps and nodal elimination agree, radial or with loops closed', () => {
  let withLoops = 0;
  fc.assert(
    fc.property(gridAndMoves, ([file, moves]) => {
      const { network, positions, energisation, flow } = solve(file, new Set(moves));
      const isClosed = (id: string): boolean =>
        positions[network.index.switch.get(id) ?? -1] === CLOSED;
      const dense = solveDense({ grid: file, isClosed });
      // A loop without impedance is solvable there and left alone here.
      fc.pre(flow.converged && dense.converged);
      if (energisation.loopBranches.length > 0) withLoops += 1;
      for (const [id, voltage_pu] of dense.voltage_pu) {
        const node = network.index.node.get(id) ?? -1;
        expect(Math.abs((flow.voltage_pu[node] ?? 0) - voltage_pu)).toBeLessThan(1e-6);
      }
      expect(Math.abs(flow.losses_W / 1e3 - dense.losses_kW)).toBeLessThan(0.01);
    }),
    runs(150),
  );
  expect(withLoops).toBeGreaterThan(10);
});

test('the order of the lists in the file changes no figure', () => {
  const pairs = randomGrid.chain((file) => fc.tuple(fc.constant(file), shuffled(file)));
  fc.assert(
    fc.property(pairs, ([file, other]) => {
      const { flow } = solve(file);
      expect(solve(other).flow).toEqual(flow);
    }),
    runs(60),
  );
});
