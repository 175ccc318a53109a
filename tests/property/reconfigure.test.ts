import type { GridFile } from '@relight/contract';
import { reconfigureForLosses } from '@relight/flisr';
import { loadStateFromGrid, solveLoadFlow, violations } from '@relight/powerflow';
import {
  BRANCH_TRANSFORMER,
  CLOSED,
  compileNetwork,
  energise,
  normalPositions,
  OPEN,
  type Energisation,
  type Network,
  type Positions,
} from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import { randomGrid, runs, shuffled } from '../kit/random-grid.ts';

function solve(network: Network, positions: Positions) {
  const energisation = energise(network, positions);
  const loads = loadStateFromGrid(network);
  const flow = solveLoadFlow({ network, positions, energisation, loads, generators: true });
  return { energisation, flow };
}

function reconfigure(file: GridFile, parts?: number) {
  const network = compileNetwork(modelOf(file));
  const positions = normalPositions(network);
  const loads = loadStateFromGrid(network);
  const limit = parts === undefined ? {} : { parts };
  const found = reconfigureForLosses({ network, positions, loads, ...limit });
  return { network, positions, found };
}

/** What the rules say of a state, apart from its losses; written without the engine's own graph. */
function isAllowed(network: Network, before: Positions, after: Positions): boolean {
  const was = solve(network, before);
  const is = solve(network, after);
  const sameLife = was.energisation.nodeSource.every(
    (source, node) => (source === -1) === (is.energisation.nodeSource[node] === -1),
  );
  if (!sameLife || !is.flow.converged || is.energisation.loopBranches.length > 0) return false;
  if (!sameTransformerSides(network, was.energisation, is.energisation)) return false;
  const onlyMovable = after.every((position, index) => {
    const each = network.grid.switches[index];
    const loadBreaking = ['breaker', 'recloser', 'loadBreakSwitch'].includes(each?.kind ?? '');
    return position === before[index] || (each?.remote === true && loadBreaking);
  });
  const broken = violations(network, is.flow).length;
  return onlyMovable && broken <= violations(network, was.flow).length;
}

function sameTransformerSides(network: Network, was: Energisation, is: Energisation): boolean {
  for (let branch = 0; branch < network.branchCount; branch++) {
    if (network.branchKind[branch] !== BRANCH_TRANSFORMER) continue;
    const to = network.branchTo[branch]!;
    if ((was.parentBranch[to] === branch) !== (is.parentBranch[to] === branch)) return false;
  }
  return true;
}

test('the state found is radial, keeps alive what was alive, and never loses more than the start', () => {
  let moved = 0;
  fc.assert(
    fc.property(randomGrid, (file) => {
      const { network, positions, found } = reconfigure(file);
      const start = solve(network, positions);
      fc.pre(start.flow.converged && start.energisation.loopBranches.length === 0);
      expect(found.ok).toBe(true);
      if (!found.ok) return;
      const { openSwitches, losses_kW, baseLosses_kW, proof } = found.value;
      const after = Uint8Array.from(network.grid.switches, ({ id }) =>
        openSwitches.includes(id) ? OPEN : CLOSED,
      );
      expect(isAllowed(network, positions, after)).toBe(true);
      const { flow } = solve(network, after);
      expect(Math.abs(flow.losses_W / 1e3 - losses_kW)).toBeLessThan(1e-8 * losses_kW + 1e-9);
      expect(losses_kW).toBeLessThanOrEqual(baseLosses_kW);
      expect(proof.bounds.losses_kW).toBeLessThanOrEqual(losses_kW);
      if (found.value.open.length > 0) moved += 1;
    }),
    runs(150),
  );
  // Otherwise the sentence above would be true of doing nothing.
  expect(moved).toBeGreaterThan(0);
});

/** Some with solar power at every third node, so that power may flow back and voltage may rise. */
const gridWithFeedIn = fc.tuple(randomGrid, fc.boolean()).map(([file, sunny]): GridFile => {
  const places = file.nodes.filter((_, index) => index % 3 === 2);
  const generators = places.map(({ id }) => ({ id: `PV-${id}`, node: id, p_kW: 900, q_kvar: 100 }));
  return sunny ? { ...file, generators } : file;
});

test('on small grids no allowed state at all loses less, and none falls below the bound', () => {
  fc.assert(
    fc.property(gridWithFeedIn, (file) => {
      const { network, positions, found } = reconfigure(file);
      fc.pre(found.ok);
      const movable = network.grid.switches.flatMap((each, index) =>
        each.remote && each.kind !== 'disconnector' ? [index] : [],
      );
      fc.pre(movable.length >= 2 && movable.length <= 9);
      if (!found.ok) return;
      const { losses_kW, proof } = found.value;
      expect(proof.status).toBe('optimal');
      const bounded = reconfigure(file, 1).found;
      const bound_kW = bounded.ok ? bounded.value.proof.bounds.losses_kW : 0;
      for (let mask = 0; mask < 2 ** movable.length; mask++) {
        const state = positions.slice();
        movable.forEach((index, bit) => {
          state[index] = (mask >> bit) & 1 ? OPEN : CLOSED;
        });
        if (!isAllowed(network, positions, state)) continue;
        const other_kW = solve(network, state).flow.losses_W / 1e3;
        expect(other_kW).toBeGreaterThanOrEqual(losses_kW * (1 - 1e-6));
        expect(other_kW).toBeGreaterThanOrEqual(bound_kW * (1 - 1e-8));
      }
    }),
    runs(40),
  );
});

test('the order of the lists in the file changes nothing', () => {
  fc.assert(
    fc.property(
      randomGrid.chain((file) => fc.tuple(fc.constant(file), shuffled(file))),
      ([file, other]) => {
        expect(reconfigure(other).found).toEqual(reconfigure(file).found);
      },
    ),
    runs(40),
  );
});
