import type { GridFile } from '@relight/contract';
import { planOptions, planReturn } from '@relight/flisr';
import { loadStateFromGrid } from '@relight/powerflow';
import { compileNetwork, energise, normalPositions, type Positions } from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AN, agree, BINH, newKey, waiting } from '../../packages/operations/src/testing/people.ts';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { pointListOf } from '../../packages/operations/src/testing/two-feeders.ts';
import { modelOf } from '../kit/load-grid.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';

/** Some open points moved by a pair of switches each: one closed, one opened behind it. */
function movedOpenPoints(file: GridFile, picks: readonly number[]): Positions {
  const network = compileNetwork(modelOf(file));
  const positions = normalPositions(network);
  const radial = (): boolean => {
    const now = energise(network, positions);
    const normal = energise(network, normalPositions(network));
    return (
      now.loopBranches.length <= normal.loopBranches.length &&
      normal.nodeSource.every((source, node) => source === -1 || now.nodeSource[node] !== -1)
    );
  };
  for (const pick of picks) {
    const count = network.switchCount;
    const [close, open] = [pick % count, Math.floor(pick / count) % count];
    if (close === open) continue;
    const before = positions.slice();
    positions[close] = 1;
    positions[open] = 0;
    if (!radial()) positions.set(before);
  }
  return positions;
}

/** Every switch reports, so that each can be adopted, and nothing stands in its way but the shape. */
const reporting = randomGrid.map((file): GridFile => {
  const { groundDisconnectors: _, generators: __, ...rest } = file;
  return {
    ...rest,
    limits: { minVoltage_pu: 0.5, maxVoltage_pu: 1.5 },
    lines: (file.lines ?? []).map(({ rated_A: ___, ...line }) => line),
    sources: file.sources.map(({ max_MVA: ___, ...source }) => source),
    switches: (file.switches ?? []).map(({ rated_A: ___, pickup_A: ____, ...each }) => ({
      ...each,
      remote: true,
    })),
  };
});

test('once adopted the present state is normal: nothing deviates, the way back is empty, and a second time changes nothing', () => {
  const seen = { adopted: 0, refused: 0 };
  const picks = fc.array(fc.nat(100_000), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(reporting, picks, (file, moves) => {
      const positions = movedOpenPoints(file, moves);
      const grid = modelOf(file);
      const world = new ScriptedField(
        { grid, pointList: pointListOf(grid) },
        {},
        { now_ms: 1_000, positions },
      );
      world.run(10_000);
      const off = world.views.switches.flatMap(({ id, normal }) => (normal ? [] : [id]));
      fc.pre(off.length > 0);
      const ask = () =>
        world.askAs(AN, {
          type: 'adoptNormal',
          idempotencyKey: newKey(),
          switches: off,
          reason: 'stays so from now on',
        });
      if (ask().status !== 202) {
        seen.refused += 1;
        return;
      }
      expect(world.askAs(BINH, agree(waiting(world)))).toMatchObject({ status: 202 });
      seen.adopted += 1;
      expect(world.views.switches.filter(({ normal }) => !normal)).toEqual([]);
      const wanted = new Map(world.state.adopted.map((each) => [each.switch, each.position]));
      const network = compileNetwork(
        modelOf({
          ...file,
          switches: (file.switches ?? []).map((each) => {
            const position = wanted.get(each.id);
            return position === undefined ? each : { ...each, normallyOpen: position === 'open' };
          }),
        }),
      );
      const { plan } = planReturn({
        network,
        positionsNow: world.state.positions,
        loads: loadStateFromGrid(network),
        options: planOptions(),
      });
      expect(plan).toMatchObject({ steps: [], advisory: [] });
      const before = JSON.stringify(world.views.switches);
      expect(ask()).toMatchObject({ status: 409, error: { code: 'RL-077' } });
      expect(JSON.stringify(world.views.switches)).toBe(before);
    }),
    runs(60),
  );
  expect(seen.adopted).toBeGreaterThan(5);
});
