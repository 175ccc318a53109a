import type { GridFile } from '@relight/contract';
import * as fc from 'fast-check';
import { planCase } from './plan-case.ts';
import type { PlanCase } from './switching-rules.ts';

/** A line, node, transformer or switch of the grid, by a number. */
export function faultOf(file: GridFile, pick: number): string {
  const lines = file.lines ?? [];
  // Lines fail most, so half of the picks are lines.
  const all = [
    ...file.nodes,
    ...(file.transformers ?? []),
    ...(file.switches ?? []),
    ...file.sources,
  ];
  const choice = pick % 2 === 0 && lines.length > 0 ? lines : all;
  return choice[Math.floor(pick / 2) % choice.length]?.id ?? '';
}

/** What a request may exclude, by numbers that pick from the grid's lists. */
export interface Difficulties {
  readonly stuck: readonly number[];
  readonly untrusted: readonly number[];
  readonly blocked: readonly number[];
  readonly keepDead: readonly number[];
  /** Nodes. */
  readonly phaseUnconfirmed?: readonly number[];
  readonly coldLoadFactor: number;
  readonly allowShedding: boolean;
  readonly noTransfer: boolean;
  readonly emergencyRatings: boolean;
  /** A second phase by crews. */
  readonly includeManual?: boolean;
  /** Load over the file's, an hour a row, by place in the list of loads; taken round and round. */
  readonly forecast?: readonly (readonly number[])[];
  /** The same for generators, over the file's power; where absent they go on as they are. */
  readonly generation?: readonly (readonly number[])[];
}

/** One to three hours with load that rises in some places and falls in others. */
export const forecasts: fc.Arbitrary<readonly (readonly number[])[]> = fc.array(
  fc.array(fc.constantFrom(0, 0.5, 1, 1.3, 2, 4), { minLength: 1, maxLength: 5 }),
  { minLength: 1, maxLength: 3 },
);

/** The same grids with some generators, none of which can carry an island. */
export function sunny(grids: fc.Arbitrary<GridFile>): fc.Arbitrary<GridFile> {
  const units = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 200, max: 1500 })), {
    minLength: 4,
    maxLength: 10,
  });
  return fc.tuple(grids, units).map(([file, picks]) => ({
    ...file,
    generators: picks.map(([pick, p_kW], at) => ({
      id: `PV${at}`,
      node: file.loads?.[pick % (file.loads.length || 1)]?.node ?? file.nodes[0]?.id ?? '',
      p_kW,
      q_kvar: Math.round(p_kW / 10),
    })),
  }));
}

const some = fc.array(fc.nat(), { maxLength: 2 });
export const difficulties: fc.Arbitrary<Difficulties> = fc.record({
  stuck: some,
  untrusted: some,
  blocked: some,
  keepDead: fc.array(fc.nat(), { maxLength: 1 }),
  coldLoadFactor: fc.constantFrom(1, 1, 1.5, 2),
  allowShedding: fc.boolean(),
  noTransfer: fc.boolean(),
  emergencyRatings: fc.boolean(),
});
const NONE: Difficulties = {
  stuck: [],
  untrusted: [],
  blocked: [],
  keepDead: [],
  coldLoadFactor: 1,
  allowShedding: false,
  noTransfer: false,
  emergencyRatings: false,
};

/** Enough for most random requests to be proved; those that are not are held to their bound. */
const SEARCH_STEPS = 20_000;

/** The same request in ids, for the checker, and planned by the engine. */
export function planFor(file: GridFile, faults: readonly string[], hard = NONE) {
  const pick = (list: readonly { readonly id: string }[] | undefined, numbers: readonly number[]) =>
    new Set(numbers.map((number) => list?.[number % list.length]?.id ?? ''));
  const { coldLoadFactor, allowShedding, noTransfer, emergencyRatings } = hard;
  const asked: PlanCase = {
    grid: file,
    faults,
    stuck: pick(file.switches, hard.stuck),
    untrusted: pick(file.switches, hard.untrusted),
    blocked: pick(file.switches, hard.blocked),
    keepDead: pick(file.nodes, hard.keepDead),
    phaseUnconfirmed: pick(file.nodes, hard.phaseUnconfirmed ?? []),
    coldLoadFactor,
    allowShedding,
    noTransfer,
    emergencyRatings,
    includeManual: hard.includeManual ?? false,
    hoursAhead: (hard.forecast ?? []).map(
      (row) => new Map(file.loads?.map(({ id }, at) => [id, row[at % row.length] ?? 1])),
    ),
    generationAhead: (hard.generation ?? []).map(
      (row) => new Map(file.generators?.map(({ id }, at) => [id, row[at % row.length] ?? 1])),
    ),
  };
  return { asked, result: planCase(asked, SEARCH_STEPS) };
}
