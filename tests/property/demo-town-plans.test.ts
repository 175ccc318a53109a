import type { GridFile } from '@relight/contract';
import { planForFault, planOptions } from '@relight/flisr';
import { compileNetwork, normalPositions } from '@relight/topology';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { loadGrid } from '../kit/load-grid.ts';

const SEED = new URL('../../seeds/grids/demo-town.json', import.meta.url);

/** Every so many-th place is tried; with RELIGHT_RUNS set, every one. */
const STRIDE = process.env['RELIGHT_RUNS'] === undefined ? 12 : 1;

function placesOf(file: GridFile): readonly string[] {
  const busbars = file.nodes.filter((node) => node.busbar === true);
  return [...(file.lines ?? []), ...(file.transformers ?? []), ...busbars].map((each) => each.id);
}

test('a fault anywhere in demo-town has a plan that passes the independent checker', () => {
  const { grid, file } = loadGrid(SEED);
  const network = compileNetwork(grid);
  for (const id of placesOf(file).filter((_, at) => at % STRIDE === 0)) {
    const result = planForFault(network, normalPositions(network), [id], planOptions());
    expect(result.ok, `no plan for a fault on ${id}`).toBe(true);
    if (!result.ok) continue;
    expect(checkPlan({ grid: file, faults: [id] }, result.value.plan), `fault on ${id}`).toEqual(
      [],
    );
  }
});
