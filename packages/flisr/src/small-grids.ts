import { assert } from '@relight/foundation';
import { parseGrid } from '@relight/grid';
import { compileNetwork, type Network } from '@relight/topology';

/**
 * Small grids for tests, with numbers to check by hand: every section is one line of 1 km
 * (0.1 + j0.3 ohm) with a load of 1,000 kW and 100 customers at its far node; 22 kV, so that
 * 1,000 kW are 26.24 A.
 */
type Entry = Record<string, unknown> & { readonly id: string };

export interface SmallGrid {
  readonly nodes: readonly Entry[];
  readonly sources: readonly Entry[];
  readonly lines: readonly Entry[];
  readonly switches: readonly Entry[];
  readonly loads: readonly Entry[];
  readonly faultIndicators?: readonly Entry[];
  readonly groundDisconnectors?: readonly Entry[];
  readonly transformers?: readonly Entry[];
  readonly generators?: readonly Entry[];
  readonly feeders?: readonly Entry[];
}

/**
 * One feeder: source `S<name>`, breaker `<name>1`, sections `<name>1` … with line `L<name>1` … and
 * load `D<name>1` …, load-break switches `<name>2` … between them. Ends at node `<name>N<count>`.
 */
export function feeder(name: string, count: number): SmallGrid {
  const nodes: Entry[] = [node(`${name}0`)];
  const lines: Entry[] = [];
  const switches: Entry[] = [];
  const loads: Entry[] = [];
  for (let k = 1; k <= count; k++) {
    const before = k === 1 ? `${name}0` : `${name}N${k - 1}`;
    nodes.push(node(`${name}M${k}`), node(`${name}N${k}`));
    switches.push({
      id: `${name}${k}`,
      kind: k === 1 ? 'breaker' : 'loadBreakSwitch',
      from: before,
      to: `${name}M${k}`,
      remote: true,
      faultIndicator: true,
    });
    lines.push({
      id: `L${name}${k}`,
      from: `${name}M${k}`,
      to: `${name}N${k}`,
      length_m: 1000,
      r_ohm: 0.1,
      x_ohm: 0.3,
    });
    loads.push({ id: `D${name}${k}`, node: `${name}N${k}`, p_kW: 1000, customers: 100 });
  }
  return {
    nodes,
    sources: [{ id: `S${name}`, node: `${name}0` }],
    lines,
    switches,
    loads,
    feeders: [{ id: `F${name}`, head: `${name}1` }],
  };
}

function node(id: string): Entry {
  return { id, nominalVoltage_kV: 22 };
}

/** A remote tie, normally open. */
export function tie(id: string, from: string, to: string, more: object = {}): Entry {
  return { id, kind: 'loadBreakSwitch', from, to, normallyOpen: true, remote: true, ...more };
}

/** Joins parts to one grid. */
export function join(...parts: readonly Partial<SmallGrid>[]): SmallGrid {
  const all = (pick: (part: Partial<SmallGrid>) => readonly Entry[] | undefined): Entry[] =>
    parts.flatMap((part) => pick(part) ?? []);
  return {
    nodes: all((part) => part.nodes),
    sources: all((part) => part.sources),
    lines: all((part) => part.lines),
    switches: all((part) => part.switches),
    loads: all((part) => part.loads),
    faultIndicators: all((part) => part.faultIndicators),
    groundDisconnectors: all((part) => part.groundDisconnectors),
    transformers: all((part) => part.transformers),
    generators: all((part) => part.generators),
    feeders: all((part) => part.feeders),
  };
}

/** The same grid with some of its equipment changed, by id. */
export function change(grid: SmallGrid, changes: Readonly<Record<string, object>>): SmallGrid {
  const apply = (entries: readonly Entry[]): Entry[] =>
    entries.map((entry) => ({ ...entry, ...changes[entry.id] }));
  return {
    ...grid,
    sources: apply(grid.sources),
    lines: apply(grid.lines),
    switches: apply(grid.switches),
    loads: apply(grid.loads),
  };
}

/** Compiles it; voltage limits are wide unless given, so that capacity alone decides. */
export function compile(grid: SmallGrid, limits: object = {}): Network {
  const parsed = parseGrid({
    format: 'relight-grid/1',
    id: 'small',
    limits: { minVoltage_pu: 0.8, maxVoltage_pu: 1.2, ...limits },
    ...grid,
  });
  assert(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.error));
  return compileNetwork(parsed.value.grid);
}

/** Two feeders of three sections, A and B, tied at their ends by T. */
export function ladder(): SmallGrid {
  return join(feeder('A', 3), feeder('B', 3), { switches: [tie('T', 'AN3', 'BN3')] });
}

/**
 * Two feeders of two sections, tied at their ends by T; A hangs on a 110/22 kV transformer:
 *
 *   E ─ H ─[131]─ TH ─MBA─ TL ─[431]─ A0 ─[A1]─ … ─ AN2 ─[T]─ BN2 ─ …
 */
export function behindTransformer(): SmallGrid {
  return join(
    {
      nodes: [
        { id: 'H', nominalVoltage_kV: 110 },
        { id: 'TH', nominalVoltage_kV: 110 },
        { id: 'TL', nominalVoltage_kV: 22 },
      ],
      transformers: [
        { id: 'MBA', from: 'TH', to: 'TL', rated_MVA: 40, shortCircuitVoltage_pct: 10 },
      ],
      sources: [{ id: 'E', node: 'H' }],
      switches: [
        { id: '131', kind: 'breaker', from: 'H', to: 'TH', remote: true },
        { id: '431', kind: 'breaker', from: 'TL', to: 'A0', remote: true },
      ],
    },
    { ...feeder('A', 2), sources: [] },
    feeder('B', 2),
    { switches: [tie('T', 'AN2', 'BN2')] },
  );
}

/** Indices of switches by id. */
export function switchSet(network: Network, ...ids: readonly string[]): ReadonlySet<number> {
  return new Set(ids.map((id) => network.index.switch.get(id) ?? -1));
}
