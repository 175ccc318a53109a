import type { GridFile } from '@relight/contract';
import * as fc from 'fast-check';

type List<Field extends keyof GridFile> = NonNullable<GridFile[Field]>;

/** One piece of feeder: hangs on an earlier node of the feeder, through a switch or not. */
interface Piece {
  readonly behind: number;
  readonly border: 'none' | 'remote' | 'manual' | 'recloser' | 'disconnector' | 'fuse';
  readonly r_ohm: number;
  readonly x_ohm: number;
  readonly rated_A: number | null;
  readonly load_kW: number | null;
  readonly customers: number;
  readonly priority: 'critical' | 'important' | 'normal';
  readonly lateral: boolean;
}

interface Tie {
  readonly one: number;
  readonly other: number;
  readonly kind: 'remote' | 'manual';
  readonly rated_A: number | null;
}

interface Recipe {
  readonly sources: readonly { readonly transformer: boolean; readonly max_MVA: number | null }[];
  readonly feeders: readonly { readonly source: number; readonly pieces: readonly Piece[] }[];
  readonly ties: readonly Tie[];
  readonly capacitor: number | null;
}

const MOST_NODES_OF_A_FEEDER = 8;

/** Whole hundredths, so that a failing grid can be read. */
const hundredths = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: low * 100, max: high * 100 }).map((value) => value / 100);

const sometimes = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(value, { freq: 3 });

const piece: fc.Arbitrary<Piece> = fc.record({
  behind: fc.nat(MOST_NODES_OF_A_FEEDER),
  border: fc.constantFrom(
    'none',
    'remote',
    'remote',
    'remote',
    'recloser',
    'manual',
    'disconnector',
    'fuse',
  ),
  r_ohm: hundredths(0, 1),
  x_ohm: hundredths(0.05, 1),
  rated_A: sometimes(fc.integer({ min: 40, max: 300 })),
  load_kW: sometimes(fc.integer({ min: 50, max: 2000 })),
  customers: fc.nat(400),
  priority: fc.constantFrom('normal', 'normal', 'normal', 'important', 'critical'),
  lateral: fc.boolean(),
});

const recipe: fc.Arbitrary<Recipe> = fc.record({
  sources: fc.array(
    fc.record({
      transformer: fc.boolean(),
      max_MVA: sometimes(fc.integer({ min: 4, max: 30 })),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  feeders: fc.array(
    fc.record({
      source: fc.nat(2),
      pieces: fc.array(piece, { minLength: 1, maxLength: MOST_NODES_OF_A_FEEDER }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  ties: fc.array(
    fc.record({
      one: fc.nat(60),
      other: fc.nat(60),
      kind: fc.constantFrom('remote', 'remote', 'manual'),
      rated_A: sometimes(fc.integer({ min: 50, max: 400 })),
    }),
    { maxLength: 5 },
  ),
  capacitor: sometimes(fc.nat(60)),
});

/**
 * Valid grids as one meets them: one to three sources, some behind a 110/22 kV transformer, one
 * to four feeders with laterals, switches of every kind, ties between any two places. Radial in
 * the normal state; ratings may be too small for what they carry. Shrinks to few pieces.
 */
export const randomGrid: fc.Arbitrary<GridFile> = recipe.map(build);

/** The same grids with loads that follow the voltage, each by shares of its own. */
export const followingGrid: fc.Arbitrary<GridFile> = fc
  .tuple(randomGrid, fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 1, maxLength: 4 }))
  .map(([file, shares]): GridFile => ({
    ...file,
    loads: (file.loads ?? []).map((load, at) => {
      const [one = 0, other = 0] = shares[at % shares.length] ?? [];
      const [impedance, current] = [one / 10, other / 10];
      return { ...load, zip: { impedance, current, power: 1 - impedance - current } };
    }),
  }));

function build(recipe: Recipe): GridFile {
  const grid = {
    nodes: [] as List<'nodes'>,
    sources: [] as List<'sources'>,
    transformers: [] as List<'transformers'>,
    lines: [] as List<'lines'>,
    switches: [] as List<'switches'>,
    loads: [] as List<'loads'>,
    shunts: [] as List<'shunts'>,
    feeders: [] as List<'feeders'>,
  };
  const addNode = (id: string, nominalVoltage_kV = 22): string => {
    grid.nodes.push({ id, nominalVoltage_kV });
    return id;
  };

  const busbars = recipe.sources.map(({ transformer, max_MVA }, index) => {
    // Some sources hang together above the grid.
    const angleGroup = max_MVA === null || max_MVA % 2 === 0 ? { angleGroup: 'north' } : {};
    const limit = { ...angleGroup, ...(max_MVA === null ? {} : { max_MVA }) };
    const busbar = addNode(`C${index}`);
    if (!transformer) {
      grid.sources.push({ id: `SRC${index}`, node: busbar, ...limit });
      return busbar;
    }
    const supply = addNode(`H${index}`, 110);
    const primary = addNode(`P${index}`, 110);
    grid.sources.push({ id: `SRC${index}`, node: supply, ...limit });
    grid.switches.push({
      id: `13${index}`,
      kind: 'breaker',
      from: supply,
      to: primary,
      remote: true,
    });
    grid.transformers.push({
      id: `T${index}`,
      from: primary,
      to: busbar,
      rated_MVA: 25,
      shortCircuitVoltage_pct: 10.5,
      losses_kW: 110,
      noLoadLosses_kW: 15,
      tap_pu: 0.98,
    });
    return busbar;
  });

  const places: string[] = [];
  recipe.feeders.forEach((feeder, f) => {
    const head = addNode(`f${f}n0`);
    const busbar = busbars[feeder.source % busbars.length] ?? '';
    grid.switches.push({
      id: `CB${f}`,
      kind: 'breaker',
      from: busbar,
      to: head,
      remote: true,
      rated_A: 600,
    });
    grid.feeders.push({ id: `F${f}`, head: `CB${f}` });
    const own = [head];
    feeder.pieces.forEach((piece, index) => {
      const name = `f${f}n${index + 1}`;
      const behind = piece.lateral ? piece.behind % own.length : own.length - 1;
      let start = own[behind] ?? head;
      if (piece.border !== 'none') {
        const middle = addNode(`${name}m`);
        grid.switches.push({ ...border(piece.border), id: `S${name}`, from: start, to: middle });
        start = middle;
      }
      addNode(name);
      grid.lines.push({
        id: `L${name}`,
        from: start,
        to: name,
        r_ohm: piece.r_ohm,
        x_ohm: piece.x_ohm,
        ...(piece.rated_A === null ? {} : { rated_A: piece.rated_A }),
      });
      if (piece.load_kW !== null) {
        grid.loads.push({
          id: `D${name}`,
          node: name,
          p_kW: piece.load_kW,
          q_kvar: Math.floor(piece.load_kW / 3),
          customers: piece.customers,
          priority: piece.priority,
        });
      }
      own.push(name);
    });
    places.push(...own);
  });

  recipe.ties.forEach((tie, index) => {
    const one = places[tie.one % places.length] ?? '';
    const other = places[tie.other % places.length] ?? '';
    if (one === other) return;
    grid.switches.push({
      ...border(tie.kind),
      id: `TIE${index}`,
      from: one,
      to: other,
      normallyOpen: true,
      ...(tie.rated_A === null ? {} : { rated_A: tie.rated_A }),
      ...(tie.one % 2 === 0 ? { parallelAllowed: true } : {}),
    });
  });
  if (recipe.capacitor !== null) {
    const node = places[recipe.capacitor % places.length] ?? '';
    grid.shunts.push({ id: 'TBN', node, q_kvar: -300 });
  }
  return {
    format: 'relight-grid/1',
    id: 'random',
    limits: { minVoltage_pu: 0.9, maxVoltage_pu: 1.1 },
    ...grid,
  };
}

function border(kind: Exclude<Piece['border'], 'none'>) {
  switch (kind) {
    case 'remote':
      return { kind: 'loadBreakSwitch', remote: true } as const;
    case 'manual':
      return { kind: 'loadBreakSwitch', remote: false } as const;
    case 'recloser':
      return { kind: 'recloser', remote: true } as const;
    case 'disconnector':
      return { kind: 'disconnector', remote: true } as const;
    case 'fuse':
      return { kind: 'fuse', remote: false } as const;
  }
}

/** The same grid with every list in another order. */
export function shuffled(grid: GridFile): fc.Arbitrary<GridFile> {
  const shuffle = <Item>(list: readonly Item[] | undefined): fc.Arbitrary<Item[]> =>
    fc.shuffledSubarray([...(list ?? [])], { minLength: list?.length ?? 0 });
  return fc
    .record({
      nodes: shuffle(grid.nodes),
      sources: shuffle(grid.sources),
      transformers: shuffle(grid.transformers),
      lines: shuffle(grid.lines),
      switches: shuffle(grid.switches),
      loads: shuffle(grid.loads),
      shunts: shuffle(grid.shunts),
      feeders: shuffle(grid.feeders),
    })
    .map((lists) => ({ ...grid, ...lists }));
}

/** How often a property is tried: a short run in CI, more by RELIGHT_RUNS. */
export function runs(short: number): { readonly numRuns: number } {
  const wanted = Number(process.env['RELIGHT_RUNS'] ?? short);
  return { numRuns: Number.isInteger(wanted) && wanted > 0 ? wanted : short };
}
