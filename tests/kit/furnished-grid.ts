import type { GridFile } from '@relight/contract';
import * as fc from 'fast-check';
import { randomGrid } from './random-grid.ts';

/** What a grid gets beside lines, loads and switches, by numbers that pick from its lists. */
interface Furniture {
  readonly generators: readonly {
    readonly place: number;
    readonly p_kW: number;
    readonly canIsland: boolean;
  }[];
  readonly pickups: readonly { readonly device: number; readonly pickup_A: number }[];
  /** Shares of constant impedance and current in tenths, taken round and round; 0, 0: power. */
  readonly shares: readonly (readonly [number, number])[];
  readonly couplers: readonly { readonly parallelAllowed: boolean; readonly rated_A: number }[];
  readonly shift: readonly number[];
  readonly voltage: number;
  readonly loadingFactor: number;
  readonly emergency: boolean;
  readonly feedingIn: number | null;
}

const sometimes = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(value, { freq: 3 });

const furniture: fc.Arbitrary<Furniture> = fc.record({
  generators: fc.array(
    fc.record({
      place: fc.nat(60),
      p_kW: fc.integer({ min: 0, max: 3000 }),
      canIsland: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 3 },
  ),
  pickups: fc.array(
    fc.record({ device: fc.nat(60), pickup_A: fc.integer({ min: 30, max: 300 }) }),
    { maxLength: 2 },
  ),
  shares: fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 1, maxLength: 3 }),
  couplers: fc.array(
    fc.record({ parallelAllowed: fc.boolean(), rated_A: fc.integer({ min: 100, max: 800 }) }),
    { maxLength: 2 },
  ),
  shift: fc.array(fc.constantFrom(0, 0, 0, 30), { minLength: 1, maxLength: 3 }),
  voltage: fc.constantFrom(1, 1, 1.02, 1.05),
  loadingFactor: fc.constantFrom(1, 1, 0.8),
  emergency: fc.boolean(),
  feedingIn: sometimes(fc.nat(60)),
});

/**
 * Random grids with all that a real one has: generators that give power, some of which may carry an
 * island; pickups; loads that follow the voltage and one that feeds in; couplers between busbars;
 * transformers of two vector groups; emergency ratings; sources above nominal voltage.
 */
export const furnishedGrid: fc.Arbitrary<GridFile> = fc
  .tuple(randomGrid, furniture)
  .map(([file, more]) => furnish(file, more));

function furnish(file: GridFile, more: Furniture): GridFile {
  const { nodes } = file;
  const busbars = nodes.filter(({ id }) => id.startsWith('C')).map(({ id }) => id);
  const pickups = new Map(
    more.pickups.map(({ device, pickup_A }) => [
      file.switches?.[device % (file.switches.length || 1)]?.id ?? '',
      pickup_A,
    ]),
  );
  const couplers = more.couplers.flatMap((coupler, at) => {
    const [from, to] = [busbars[at], busbars[at + 1]];
    if (from === undefined || to === undefined) return [];
    return [
      {
        ...coupler,
        id: `41${at}`,
        kind: 'breaker' as const,
        from,
        to,
        remote: true,
        normallyOpen: true,
      },
    ];
  });
  return {
    ...file,
    limits: {
      ...file.limits,
      loadingFactor: more.loadingFactor,
      ...(more.emergency ? { emergencyMinVoltage_pu: 0.85 } : {}),
    },
    sources: file.sources.map((source) => ({ ...source, voltage_pu: more.voltage })),
    transformers: (file.transformers ?? []).map((transformer, at) => ({
      ...transformer,
      phaseShift_deg: more.shift[at % more.shift.length] ?? 0,
      ...(more.emergency ? { emergency_MVA: transformer.rated_MVA * 1.2 } : {}),
    })),
    lines: (file.lines ?? []).map((line) =>
      more.emergency && line.rated_A !== undefined
        ? { ...line, emergency_A: line.rated_A * 1.3 }
        : line,
    ),
    switches: [
      ...(file.switches ?? []).map((device) => {
        const pickup_A = pickups.get(device.id);
        return pickup_A === undefined ? device : { ...device, pickup_A };
      }),
      ...couplers,
    ],
    loads: (file.loads ?? []).map((load, at, { length }) => {
      const [one = 0, other = 0] = more.shares[at % more.shares.length] ?? [];
      const [impedance, current] = [one / 10, other / 10];
      const follows = one + other > 0;
      const feedsIn = more.feedingIn !== null && more.feedingIn % length === at;
      return {
        ...load,
        ...(follows ? { zip: { impedance, current, power: 1 - impedance - current } } : {}),
        ...(feedsIn ? { p_kW: -load.p_kW } : {}),
      };
    }),
    generators: more.generators.map(({ place, p_kW, canIsland }, at) => ({
      id: `PV${at}`,
      node: nodes[place % nodes.length]?.id ?? '',
      p_kW,
      q_kvar: Math.floor(p_kW / 10),
      canIsland,
    })),
  };
}
