import { parseGrid } from '@relight/grid';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  CLOSED,
  compileNetwork,
  createEnergisationWorkspace,
  energise,
  energiseInto,
  normalPositions,
  OPEN,
  sectionEquipment,
  sectionsBehind,
  sectionsOfEquipment,
  traceDownstream,
  traceUpstream,
  UNKNOWN,
  type Network,
  type Positions,
} from './index.ts';

/**
 *   A ─CBA─ a1 ─L1─ a2 ─S1─ a3 ─L2─ a4 ─TIE─ b2 ─L3─ b1 ─CBB─ B
 *                    └──L4── a5                      └─T1─ b3
 * TIE is normally open; T1 is a 22/0.4 kV transformer.
 */
const TWO_FEEDERS = {
  format: 'relight-grid/1',
  id: 'two-feeders',
  nodes: ['A', 'a1', 'a2', 'a3', 'a4', 'a5', 'B', 'b1', 'b2']
    .map((id) => ({ id, nominalVoltage_kV: 22 }))
    .concat({ id: 'b3', nominalVoltage_kV: 0.4 }),
  sources: [
    { id: 'src-A', node: 'A' },
    { id: 'src-B', node: 'B' },
  ],
  transformers: [{ id: 'T1', from: 'b1', to: 'b3', rated_MVA: 1, shortCircuitVoltage_pct: 6 }],
  lines: [
    { id: 'L1', from: 'a1', to: 'a2', r_ohm: 0.1, x_ohm: 0.1 },
    { id: 'L2', from: 'a3', to: 'a4', r_ohm: 0.1, x_ohm: 0.1 },
    { id: 'L3', from: 'b1', to: 'b2', r_ohm: 0.1, x_ohm: 0.1 },
    { id: 'L4', from: 'a2', to: 'a5', r_ohm: 0.1, x_ohm: 0.1 },
  ],
  switches: [
    { id: 'CBA', kind: 'breaker', from: 'A', to: 'a1' },
    { id: 'CBB', kind: 'breaker', from: 'B', to: 'b1' },
    { id: 'S1', kind: 'loadBreakSwitch', from: 'a2', to: 'a3' },
    { id: 'TIE', kind: 'loadBreakSwitch', from: 'a4', to: 'b2', normallyOpen: true },
  ],
  feeders: [
    { id: 'FA', head: 'CBA' },
    { id: 'FB', head: 'CBB' },
  ],
};

let network: Network;
let positions: Positions;

beforeEach(() => {
  const parsed = parseGrid(TWO_FEEDERS);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  network = compileNetwork(parsed.value.grid);
  positions = normalPositions(network);
});

const node = (id: string): number => network.index.node.get(id) ?? -1;
const at = (id: string): number => network.index.switch.get(id) ?? -1;
const branchIds = (branches: readonly number[]): (string | undefined)[] =>
  branches.map((branch) => {
    const { lines, transformers, switches } = network.grid;
    const { lineCount, firstSwitchBranch } = network;
    return (
      lines[branch] ??
      transformers[branch - lineCount] ??
      switches[branch - firstSwitchBranch]
    )?.id;
  });
const nodeIds = (nodes: Iterable<number>): (string | undefined)[] =>
  [...nodes].map((index) => network.grid.connectivityNodes[index]?.id);
const section = (id: string): number => sectionsOfEquipment(network, id)?.[0] ?? -1;

describe('sections', () => {
  test('every switch borders a section, open or closed, and a transformer borders none', () => {
    expect(network.sectionCount).toBe(5);
    expect(sectionEquipment(network, section('L1'))).toEqual(['L1', 'L4', 'a1', 'a2', 'a5']);
    expect(sectionEquipment(network, section('L2'))).toEqual(['L2', 'a3', 'a4']);
    expect(sectionEquipment(network, section('T1'))).toEqual(['L3', 'T1', 'b1', 'b2', 'b3']);
    expect(sectionEquipment(network, section('A'))).toEqual(['A']);
  });

  test('a switch touches the sections of its two ends, and both know it', () => {
    const sides = [section('L1'), section('L2')].sort((a, b) => a - b);
    expect(sectionsOfEquipment(network, 'S1')).toEqual(sides);
    for (const side of sides) {
      const start = network.sectionSwitchStart[side] ?? 0;
      const end = network.sectionSwitchStart[side + 1] ?? 0;
      expect(network.sectionSwitches.subarray(start, end)).toContain(at('S1'));
    }
  });

  test('a source or an unknown id lies in no section', () => {
    expect(sectionsOfEquipment(network, 'src-A')).toBeNull();
    expect(sectionsOfEquipment(network, 'nowhere')).toBeNull();
  });
});

describe('energisation', () => {
  test('in the normal state each feeder is live from its own source, without loops', () => {
    const state = energise(network, positions);
    expect(state.nodeSource[node('a4')]).toBe(network.index.source.get('src-A'));
    expect(state.nodeSource[node('b3')]).toBe(network.index.source.get('src-B'));
    expect(state.order).toHaveLength(network.nodeCount);
    expect(state.loopBranches).toEqual([]);
  });

  test('a node belongs to the last feeder head passed on the way from its source', () => {
    positions[at('CBA')] = OPEN;
    positions[at('TIE')] = CLOSED;
    const state = energise(network, positions);
    const feeder = state.nodeFeeder[node('a1')] ?? -1;
    expect(network.grid.feeders[feeder]?.id).toBe('FB');
    expect(state.nodeFeeder[node('B')]).toBe(-1);
  });

  test('a switch of unknown position supplies nothing, but what is behind it may be live', () => {
    positions[at('S1')] = UNKNOWN;
    const state = energise(network, positions);
    expect(state.nodeSource[node('a3')]).toBe(-1);
    expect(state.maybeLive[node('a4')]).toBe(1);
    expect(nodeIds(state.order)).not.toContain('a3');
  });

  test('behind an open switch nothing is live even in doubt', () => {
    positions[at('S1')] = OPEN;
    expect(energise(network, positions).maybeLive[node('a4')]).toBe(0);
  });

  test('closing the tie joins two sources at the branch where they meet', () => {
    positions[at('TIE')] = CLOSED;
    const state = energise(network, positions);
    expect(state.loopBranches).toHaveLength(1);
    expect(new Set(state.nodeSource)).toEqual(new Set([network.index.source.get('src-A')]));
    expect(state.parentBranch[node('B')]).toBe(-1);
  });

  test('a lost source supplies nothing, and its node can be fed from the other side', () => {
    const lostSources = new Set([network.index.source.get('src-A') ?? -1]);
    expect(energise(network, positions, { lostSources }).nodeSource[node('a1')]).toBe(-1);
    positions[at('TIE')] = CLOSED;
    const state = energise(network, positions, { lostSources });
    expect(state.nodeSource[node('A')]).toBe(network.index.source.get('src-B'));
    expect(state.loopBranches).toEqual([]);
  });

  test('a reused workspace gives what fresh arrays give', () => {
    const workspace = createEnergisationWorkspace(network);
    energiseInto(workspace, positions);
    positions[at('CBA')] = OPEN;
    expect(energiseInto(workspace, positions)).toEqual(energise(network, positions));
  });
});

describe('traces', () => {
  test('upstream leads through every branch to the source, nearest first', () => {
    const path = traceUpstream(network, energise(network, positions), node('a4'));
    expect(branchIds(path)).toEqual(['L2', 'S1', 'L1', 'CBA']);
  });

  test('upstream of a source and of a dead node there is nothing', () => {
    positions[at('S1')] = OPEN;
    const state = energise(network, positions);
    expect(traceUpstream(network, state, node('A'))).toEqual([]);
    expect(traceUpstream(network, state, node('a4'))).toEqual([]);
  });

  test('downstream is what loses supply with the node', () => {
    const state = energise(network, positions);
    expect(nodeIds(traceDownstream(network, state, node('a2')))).toEqual(['a2', 'a5', 'a3', 'a4']);
    expect(nodeIds(traceDownstream(network, state, node('a5')))).toEqual(['a5']);
  });

  test('the sections behind a switch are those it supplies in this state', () => {
    expect(sectionsBehind(network, energise(network, positions), at('S1'))).toEqual([
      section('L2'),
    ]);
    expect(sectionsBehind(network, energise(network, positions), at('TIE'))).toEqual([]);
    positions[at('CBA')] = OPEN;
    positions[at('TIE')] = CLOSED;
    const backFed = energise(network, positions);
    expect(sectionsBehind(network, backFed, at('S1'))).toEqual([section('L1')]);
  });
});
