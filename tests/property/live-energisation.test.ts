import {
  CLOSED,
  compileNetwork,
  energise,
  LiveEnergisation,
  normalPositions,
  OPEN,
  UNKNOWN,
  type Energisation,
} from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';

const movements = fc.array(
  fc.record({ switch: fc.nat(), position: fc.constantFrom(OPEN, OPEN, CLOSED, CLOSED, UNKNOWN) }),
  { minLength: 1, maxLength: 30 },
);

function picture(state: Omit<Energisation, 'order'>) {
  return {
    source: [...state.nodeSource],
    parent: [...state.parentBranch],
    feeder: [...state.nodeFeeder],
    maybeLive: [...state.maybeLive],
    loops: [...state.loopBranches],
  };
}

/** By section: 1 where all its nodes are live. */
function liveSections({ network, nodeSource }: LiveEnergisation): readonly number[] {
  return Array.from({ length: network.sectionCount }, (_, section) => {
    const { sectionNodes, sectionStart } = network;
    const nodes = sectionNodes.subarray(sectionStart[section], sectionStart[section + 1]);
    return nodes.every((node) => nodeSource[node] !== -1) ? 1 : 0;
  });
}

test('energisation updated from the moved switch outward equals one worked out anew', () => {
  let updated = 0;
  fc.assert(
    fc.property(randomGrid, movements, fc.boolean(), (file, moves, isFirstLost) => {
      const network = compileNetwork(modelOf(file));
      const positions = normalPositions(network);
      const options = { lostSources: new Set(isFirstLost ? [0] : []) };
      const live = new LiveEnergisation(network, positions, options);
      for (const move of moves) {
        const at = move.switch % network.switchCount;
        const before = [...live.nodeSource];
        const touched = live.move(at, move.position);
        positions[at] = move.position;
        expect(picture(live)).toEqual(picture(energise(network, positions, options)));
        expect([...live.sectionLive]).toEqual(liveSections(live));
        expect(live.snapshot().order.length).toBe(live.nodeSource.filter((s) => s !== -1).length);
        if (touched < 0) continue;
        updated += 1;
        const changed = before.flatMap((source, node) =>
          source === live.nodeSource[node] ? [] : [node],
        );
        expect([...live.touched.subarray(0, touched)].sort((a, b) => a - b)).toEqual(changed);
      }
    }),
    runs(200),
  );
  expect(updated).toBeGreaterThan(500);
});

test('so it does where sources are lost and given back between the movements', () => {
  let lostOnce = 0;
  fc.assert(
    fc.property(randomGrid, movements, fc.array(fc.nat(7)), (file, moves, losses) => {
      const network = compileNetwork(modelOf(file));
      const positions = normalPositions(network);
      const live = new LiveEnergisation(network, positions);
      for (const [step, move] of moves.entries()) {
        const bits = losses[step] ?? 0;
        const lostSources = new Set([0, 1, 2].filter((source) => ((bits >> source) & 1) === 1));
        live.loseSources(lostSources);
        if (lostSources.size > 0) lostOnce += 1;
        expect(picture(live)).toEqual(picture(energise(network, positions, { lostSources })));
        expect([...live.sectionLive]).toEqual(liveSections(live));
        const at = move.switch % network.switchCount;
        live.move(at, move.position);
        positions[at] = move.position;
        expect(picture(live)).toEqual(picture(energise(network, positions, { lostSources })));
      }
    }),
    runs(200),
  );
  expect(lostOnce).toBeGreaterThan(100);
});
