import type { GridFile, Signal } from '@relight/contract';
import { parseGrid } from '@relight/grid';
import { expect, test } from 'vitest';
import { checkGates } from '../gates.ts';
import { ScriptedField } from '../testing/scripted-field.ts';
import { twoFeeders, type TwoFeederOptions } from '../testing/two-feeders.ts';

/** Two feeders whose grid file has been changed; 471-2 stands open where the test says so. */
function field(change: (file: GridFile) => GridFile, options: TwoFeederOptions = {}) {
  const parts = twoFeeders(options);
  const parsed = parseGrid(change(parts.file));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const world = new ScriptedField({ grid: parsed.value.grid, pointList: parts.pointList });
  world.run(500);
  return world;
}

function why(
  world: ScriptedField,
  equipment: string,
  name: string,
  operation: 'open' | 'close' = 'close',
) {
  const at = { monotonic_ms: world.now };
  const gates = checkGates(world.engine, world.state, { equipment, operation }, at);
  const found = gates?.find((each) => each.name === name);
  return `${found?.ok === true ? 'open' : 'shut'}: ${found?.text.en}`;
}

const same = (file: GridFile): GridFile => file;
const TIE = '471-472-3';

test('a permitted tie joins no two sources of different angle groups', () => {
  const world = field(
    (file) => ({
      ...file,
      sources: file.sources.map((source, at) => ({ ...source, angleGroup: `G${at}` })),
    }),
    { parallelAllowed: true },
  );
  expect(why(world, TIE, 'parallel')).toBe('shut: the two sources are of different angle groups');
});

/** The second source lies behind a transformer; `turned`: the file writes it, and lines, the other way round. */
function behindTransformer(phaseShift_deg: number, turned: boolean): ScriptedField {
  const [from, to] = turned ? ['T.C42', 'T.H'] : ['T.H', 'T.C42'];
  return field(
    (file) => ({
      ...file,
      nodes: [...file.nodes, { id: 'T.H', nominalVoltage_kV: 110 }],
      sources: file.sources.map((source) =>
        source.id === 'T.G2' ? { ...source, node: 'T.H' } : source,
      ),
      transformers: [
        { id: 'T.T1', from, to, rated_MVA: 40, shortCircuitVoltage_pct: 10, phaseShift_deg },
      ],
      lines: (file.lines ?? []).map((line) =>
        turned ? { ...line, from: line.to, to: line.from } : line,
      ),
    }),
    { parallelAllowed: true },
  );
}

test.each([
  ['a permitted tie joins no two sides whose transformers turn the phase differently', false],
  [
    'which end of a transformer or line the file calls its beginning makes no difference to that',
    true,
  ],
])('%s', (_, turned) => {
  expect(why(behindTransformer(30, turned), TIE, 'parallel')).toBe(
    'shut: the two sides differ in phase shift',
  );
  expect(why(behindTransformer(0, turned), TIE, 'parallel')).toBe(
    'open: parallel is allowed at this switch',
  );
});

test('a critical customer is named by its name, one without a name by its id', () => {
  const world = field((file) => ({
    ...file,
    loads: (file.loads ?? []).map((load) => ({
      ...load,
      priority: 'critical' as const,
      ...(load.node === 'a6' ? { name: 'Bệnh viện Đa khoa' } : { name: '' }),
    })),
  }));
  expect(why(world, '471-2', 'critical', 'open')).toBe(
    'shut: would lose supply: Bệnh viện Đa khoa',
  );
  expect(why(world, '472-2', 'critical', 'open')).toMatch(/^shut: would lose supply: \S+$/);
});

test('a link that has measured no round trip yet is a link', () => {
  const world = field(same);
  world.state.rtus[world.engine.rtuIndex.get('RTU.471-1') ?? -1]!.link.roundTrip_ms = null;
  expect(why(world, '471-1', 'link')).toBe('open: RTU.471-1');
});

test('a permitted tie joins nothing while a generator there can feed by itself', () => {
  const world = field(same, {
    parallelAllowed: true,
    generators: [{ node: 'a2', canIsland: true }],
  });
  expect(why(world, TIE, 'parallel')).toBe('shut: a generator that can island hangs on it');
});

test('a line that is overloaded before a close may not be loaded more by it', () => {
  const world = field(same, { lineRating_A: 70 });
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  expect(why(world, TIE, 'limits')).toMatch(/^shut: M1: \d+ %, allowed 100 %$/);
});

test('a close whose load flow has no solution is refused', () => {
  const world = field((file) => ({
    ...file,
    lines: (file.lines ?? []).map((line) => ({ ...line, r_ohm: 400, x_ohm: 700 })),
  }));
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  expect(why(world, TIE, 'limits')).toBe('shut: the load flow does not converge');
});

test('a close between two dead parts adds no load', () => {
  const world = field(same);
  world.moveByHand('471-1', 'open');
  world.moveByHand('471-2', 'open');
  world.moveByHand('T.471', 'open');
  world.run(1_500);
  expect(why(world, '471-2', 'limits')).toBe('open: adds no load');
});

test('a low voltage before a close may not sink further by it', () => {
  const world = field((file) => ({
    ...file,
    lines: (file.lines ?? []).map((line) => ({ ...line, r_ohm: 5, x_ohm: 7, rated_A: 4_000 })),
  }));
  world.moveByHand('471-2', 'open');
  world.run(1_500);
  expect(why(world, TIE, 'limits')).toMatch(/^shut: .* pu, allowed 0\.\d+ pu$/);
});

test('a parallel may not pull down a side whose voltage is low already', () => {
  const world = field(
    (file) => ({
      ...file,
      lines: (file.lines ?? []).map((line) => ({
        ...line,
        ...(line.id.startsWith('L') ? { r_ohm: 5, x_ohm: 7 } : { r_ohm: 6.5, x_ohm: 9 }),
        rated_A: 4_000,
      })),
    }),
    { parallelAllowed: true },
  );
  expect(why(world, TIE, 'parallel')).toBe('open: parallel is allowed at this switch');
  expect(why(world, TIE, 'limits')).toMatch(/^shut: a\d: .* pu, allowed 0\.\d+ pu$/);
});

test('what is not known of a device is no permission: its key, its link, its position', () => {
  const world = field(same);
  const refuses = (signal: Signal, value: boolean | string, gate: string) => {
    world.setValue('471-1', signal, value);
    world.run(200);
    return why(world, '471-1', gate);
  };
  expect(refuses('position', 'bad', 'quality')).toMatch(/^shut/);
  expect(refuses('localRemote', false, 'key')).toBe('shut: key is on Local');
  world.loseRtu('RTU.471-1');
  world.run(200);
  expect(why(world, '471-1', 'key')).toBe('shut: not known whether on Remote or Local');
  expect(why(world, '471-1', 'link')).toBe('shut: RTU.471-1 is not connected');
  expect(why(world, '471-1', 'quality')).toMatch(/^shut: position cannot be trusted/);
});

test('a switch without an RTU has no link, and no remote command', () => {
  const world = field(same, { byHand: ['471-2'] });
  expect(why(world, '471-2', 'link')).toBe('shut: has no RTU');
  expect(why(world, '471-2', 'remote')).toBe('shut: has no such remote command');
});
