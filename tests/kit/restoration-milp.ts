import type { GridFile } from '@relight/contract';
import highsModule, { type Highs } from 'highs';
import { carrying, liveNodes, normalState, sectionOf } from './switching-state.ts';
import { trip } from './trip.ts';

/**
 * Restoration as a mixed-integer linear program for HiGHS, written from formats.md alone: sections
 * as nodes, switches as edges, power as a flow at power factor 1, trees by counting. It knows
 * ratings and sources but no impedance, so it is an oracle for grids without any.
 */
export interface MilpCase {
  readonly grid: GridFile;
  readonly faults: readonly string[];
  readonly allowShedding: boolean;
}

export interface MilpAnswer {
  readonly unrestored: {
    readonly critical_kW: number;
    readonly customers: number;
    readonly p_kW: number;
  };
  readonly switchOperations: number;
  /** In the solver alone, all passes. */
  readonly solver_ms: number;
}

/** The package describes its CommonJS form; what an import gets is the loader itself. */
const startHighs = highsModule as unknown as () => Promise<Highs>;

export async function loadHighs(): Promise<Highs> {
  return await startHighs();
}

interface Section {
  readonly at: number;
  readonly nodes: ReadonlySet<string>;
  readonly p_kW: number;
  readonly critical_kW: number;
  readonly customers: number;
  /** What a source here can give; null: there is none that supplies. */
  readonly source_kW: number | null;
  /** 0 must stay dead, 1 must be live, null free. */
  readonly fixed: 0 | 1 | null;
}

interface Edge {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly limit_kW: number;
  readonly isClosed: boolean;
  readonly operable: boolean;
}

interface Model {
  readonly sections: readonly Section[];
  readonly edges: readonly Edge[];
  /** Live before the fault. */
  readonly before: {
    readonly critical_kW: number;
    readonly customers: number;
    readonly p_kW: number;
  };
}

/** Value by value in the order of "best", each held while the next is sought. */
export function solveMilp(highs: Highs, asked: MilpCase): MilpAnswer {
  const model = readModel(asked);
  const common = constraints(model);
  const held: string[] = [];
  let solver_ms = 0;
  const pass = (
    sense: 'Maximize' | 'Minimize',
    terms: readonly string[],
    offset: number,
  ): number => {
    const lp = programme(sense, terms, [...common, ...held], model);
    const start = performance.now();
    const solution = highs.solve(lp, { mip_rel_gap: 0, mip_abs_gap: 1e-6 });
    solver_ms += performance.now() - start;
    if (solution.Status !== 'Optimal') throw new Error(`HiGHS: ${solution.Status}`);
    return solution.ObjectiveValue + offset;
  };
  const most = (value: (section: Section) => number, tolerance: number): number => {
    const terms = model.sections.flatMap((section) =>
      value(section) === 0 ? [] : [`${value(section)} z${section.at}`],
    );
    if (terms.length === 0) return 0;
    const best = pass('Maximize', terms, 0);
    held.push(` held${held.length}: ${sum(terms)} >= ${best - tolerance}`);
    return best;
  };
  const critical_kW = most((section) => section.critical_kW, 5e-4);
  const customers = most((section) => section.customers, 0.5);
  const p_kW = most((section) => section.p_kW, 5e-4);
  const movable = model.edges.filter((edge) => edge.operable);
  const closed = movable.filter((edge) => edge.isClosed).length;
  const moves = movable.map((edge) => `${edge.isClosed ? '-' : ''}1 y${model.edges.indexOf(edge)}`);
  const operations = moves.length === 0 ? 0 : pass('Minimize', moves, closed);
  const { before } = model;
  return {
    unrestored: {
      critical_kW: before.critical_kW - critical_kW,
      customers: Math.round(before.customers - customers),
      p_kW: before.p_kW - p_kW,
    },
    switchOperations: Math.round(operations),
    solver_ms,
  };
}

function readModel({ grid, faults, allowShedding }: MilpCase): Model {
  const normal = normalState(grid, new Set());
  const { after, faulted, broken } = trip(normal, faults);
  const wasLive = liveNodes(normal);
  const isLive = liveNodes(after);
  const sections: Section[] = [];
  const sectionAt = new Map<string, number>();
  const nominal = new Map(grid.nodes.map((node) => [node.id, node.nominalVoltage_kV]));
  const factor = grid.limits?.loadingFactor ?? 1;
  for (const { id } of grid.nodes) {
    if (sectionAt.has(id)) continue;
    const nodes = sectionOf(grid, id);
    for (const node of nodes) sectionAt.set(node, sections.length);
    const loads = (grid.loads ?? []).filter((load) => nodes.has(load.node));
    const p_kW = loads.reduce((all, load) => all + load.p_kW, 0);
    const critical_kW = loads
      .filter((load) => load.priority === 'critical')
      .reduce((all, load) => all + load.p_kW, 0);
    const supplies = grid.sources.filter(
      (source) => nodes.has(source.node) && !after.lost.has(source.id),
    );
    const mustServe = allowShedding ? critical_kW > 0 : loads.length > 0;
    const isDead = faulted.has(id) || !wasLive.has(id);
    sections.push({
      at: sections.length,
      nodes,
      p_kW,
      critical_kW,
      customers: loads.reduce((all, load) => all + (load.customers ?? 0), 0),
      source_kW:
        supplies.length === 0
          ? null
          : supplies.reduce((all, source) => all + 1e3 * (source.max_MVA ?? 1e3), 0),
      fixed: isDead ? 0 : supplies.length > 0 || (isLive.has(id) && mustServe) ? 1 : null,
    });
  }
  const closedNow = new Set(carrying(after).map((branch) => branch.id));
  const edges = (grid.switches ?? []).map((each): Edge => {
    const limit_A = factor * (each.rated_A ?? 1e5);
    return {
      id: each.id,
      from: sectionAt.get(each.from) ?? -1,
      to: sectionAt.get(each.to) ?? -1,
      limit_kW: Math.sqrt(3) * (nominal.get(each.from) ?? 0) * limit_A,
      isClosed: closedNow.has(each.id),
      operable: each.remote === true && each.kind !== 'fuse' && !broken.has(each.id),
    };
  });
  const live = sections.filter((section) => [...section.nodes].some((node) => wasLive.has(node)));
  const total = (value: (section: Section) => number): number =>
    live.reduce((all, section) => all + value(section), 0);
  return {
    sections,
    edges,
    before: {
      critical_kW: total((section) => section.critical_kW),
      customers: total((section) => section.customers),
      p_kW: total((section) => section.p_kW),
    },
  };
}

/**
 * y closed, z live, w closed and live, f power and g the count of live sections behind an edge,
 * i and j what a source gives of either.
 */
function constraints({ sections, edges }: Model): readonly string[] {
  const rows: string[] = [];
  const row = (text: string): void => {
    rows.push(` c${rows.length}: ${text}`);
  };
  const many = sections.length;
  edges.forEach(({ from, to, limit_kW, isClosed, operable }, e) => {
    if (!operable) row(`y${e} = ${isClosed ? 1 : 0}`);
    row(`y${e} + z${from} - z${to} <= 1`);
    row(`y${e} + z${to} - z${from} <= 1`);
    row(`w${e} - y${e} <= 0`);
    row(`w${e} - z${from} <= 0`);
    row(`y${e} + z${from} - w${e} <= 1`);
    for (const sign of ['-', '+']) {
      row(`f${e} ${sign} ${limit_kW} w${e} ${sign === '-' ? '<=' : '>='} 0`);
      row(`g${e} ${sign} ${many} w${e} ${sign === '-' ? '<=' : '>='} 0`);
    }
  });
  for (const section of sections) {
    const s = section.at;
    if (section.fixed !== null) row(`z${s} = ${section.fixed}`);
    const through = (flow: string): string[] =>
      edges.flatMap((edge, e) =>
        edge.from === edge.to
          ? []
          : edge.to === s
            ? [`1 ${flow}${e}`]
            : edge.from === s
              ? [`-1 ${flow}${e}`]
              : [],
      );
    const isSource = section.source_kW !== null && section.fixed === 1;
    row(
      `${sum([...through('f'), ...(isSource ? [`1 i${s}`] : []), `${-section.p_kW} z${s}`])} = 0`,
    );
    row(`${sum([...through('g'), ...(isSource ? [`1 j${s}`] : []), `-1 z${s}`])} = 0`);
    if (isSource) row(`i${s} <= ${section.source_kW}`);
  }
  const sources = sections.filter((section) => section.source_kW !== null && section.fixed === 1);
  row(
    `${sum([...edges.map((_, e) => `1 w${e}`), ...sections.map(({ at }) => `-1 z${at}`)])} = ${-sources.length}`,
  );
  return rows;
}

function programme(
  sense: 'Maximize' | 'Minimize',
  objective: readonly string[],
  rows: readonly string[],
  { sections, edges }: Model,
): string {
  return [
    sense,
    ` obj: ${sum(objective)}`,
    'Subject To',
    ...rows,
    'Bounds',
    ...edges.flatMap((_, e) => [` f${e} free`, ` g${e} free`]),
    'Binary',
    ` ${edges.map((_, e) => `y${e}`).join(' ')}`,
    ` ${sections.map(({ at }) => `z${at}`).join(' ')}`,
    'End',
  ].join('\n');
}

function sum(terms: readonly string[]): string {
  return terms.map((term) => (term.startsWith('-') ? `- ${term.slice(1)}` : `+ ${term}`)).join(' ');
}
