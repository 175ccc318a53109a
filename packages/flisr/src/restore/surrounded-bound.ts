import { readBlocks, type Blocks } from './blocks.ts';
import type { GridBound } from './grid-bound.ts';
import type { Ground } from './ground.ts';
import type { RestorationProblem } from './problem.ts';
import { reduceGraph } from './reduce-graph.ts';
import type { ReducedGraph } from './reduced-graph.ts';
import { readRelaxation } from './relaxation.ts';
import type { Scope } from './scope.ts';
import { Search, type Candidate, type StateTest } from './search.ts';
import { SupplyOfEntries, type Entry } from './supply-of-entries.ts';
import { SupplyWays } from './supply-ways.ts';

/** Steps for the search; where they do not do, what its first look ahead says is the bound. */
const STEPS = 1_000;
/** More switches at the dead area make it cost more than it tells. */
const MOST_SWITCHES = 120;

/**
 * The most that any plan in the whole grid can serve, and the fewest operations for that much: the
 * dead area is searched with every switch to what is live as a source of its own, which gives what
 * some way through the grid could bring there (`SupplyWays`), whatever is switched. Method and
 * proof: docs/methods/restoration.md, "Ways of supply".
 * @param near - ring 0.
 * @param sources - whose trees are looked into for ways; what leads to others gives all it carries.
 * @returns null where that is no bound, or the dead area is too large.
 */
export function surroundedBound(
  problem: RestorationProblem,
  near: Scope,
  sources: ReadonlySet<number>,
): GridBound | null {
  if (near.free.length > MOST_SWITCHES) return null;
  const ground = surroundedGround(problem, near, sources);
  if (ground === null) return null;
  const search = (steps: number): Search<Candidate> =>
    new Search(problem, ground.scope, RELAXED, { left: steps, explored: 0 }, null, ground);
  const { best, complete } = search(STEPS).run();
  if (!complete) return search(0).rootOutlook();
  return best === null ? null : { served: best.score, operations: best.score.operations };
}

/** Whatever the relaxation lets pass counts. */
const RELAXED: StateTest<Candidate> = {
  equalPlans: 0,
  isLegal: () => true,
  isOverstretched: () => false,
  compare: () => 0,
  evaluate: (positions, served, operations) => ({
    positions,
    score: { ...served, operations, interrupted: 0, loading: 0, losses_W: 0 },
  }),
};

/** The dead area alone, fed at the switches into it. */
function surroundedGround(
  problem: RestorationProblem,
  near: Scope,
  sources: ReadonlySet<number>,
): Ground | null {
  const { network } = problem;
  const limits = readRelaxation(problem, sources);
  const ways = SupplyWays.of(problem, sources, limits);
  if (ways === null) return null;
  const sections = near.sections.filter((section) => problem.isLive[section] === 0);
  const dead: Scope = { ...near, sources: new Set(), sections };
  const blocks = readBlocks(problem, dead, limits);
  const graph = reduceGraph(problem, dead, limits, blocks);
  const entries: Entry[] = [];
  for (const at of near.free) {
    const { from, to } = network.grid.switches[at]!;
    if (blocks.from[at] === -1) entries.push({ at, side: 'from', node: from });
    else if (blocks.to[at] === -1) entries.push({ at, side: 'to', node: to });
  }
  const supply = new SupplyOfEntries(network, limits, blocks, graph, entries, ways);
  const unlimited = new Float64Array(entries.length).fill(Number.POSITIVE_INFINITY);
  return {
    scope: { ...dead, sources: new Set(entries.keys()) },
    limits: { ...limits, source2_pu: unlimited, sourceVoltage2_pu: supply.voltage2_pu },
    blocks: blocksWithEntries(blocks, entries),
    graph: graphWithEntries(graph, entries),
    supply,
  };
}

/** The live end of each entry as a block of its own, without load. */
function blocksWithEntries(blocks: Blocks, entries: readonly Entry[]): Blocks {
  const { count } = blocks;
  const from = blocks.from.slice();
  const to = blocks.to.slice();
  const switches = blocks.switches.map((each) => [...each]);
  entries.forEach(({ at, side }, entry) => {
    (side === 'from' ? from : to)[at] = count + entry;
    switches[(side === 'from' ? to : from)[at]!]!.push(at);
    switches.push([at]);
  });
  const flags = (column: Uint8Array, entry: 0 | 1): Uint8Array =>
    Uint8Array.from([...column, ...entries.map(() => entry)]);
  const powers = (column: Float64Array): Float64Array =>
    Float64Array.from([...column, ...entries.map(() => 0)]);
  return {
    ...blocks,
    count: count + entries.length,
    node: Int32Array.from([...blocks.node, ...entries.map(({ node }) => node)]),
    hazard: flags(blocks.hazard, 0),
    lethal: flags(blocks.lethal, 0),
    tiedToLive: flags(blocks.tiedToLive, 0),
    mustServe: flags(blocks.mustServe, 0),
    isLive: flags(blocks.isLive, 1),
    liveAfterTrip: flags(blocks.liveAfterTrip, 1),
    weight_mW: powers(blocks.weight_mW),
    critical_W: powers(blocks.critical_W),
    customers: powers(blocks.customers),
    active_W: powers(blocks.active_W),
    switches,
    from,
    to,
  };
}

/** The live end of each entry as a joint without load, and its source. */
function graphWithEntries(graph: ReducedGraph, entries: readonly Entry[]): ReducedGraph {
  const from = new Map(graph.from);
  const to = new Map(graph.to);
  const joints = entries.map((_, entry) => graph.count + entry);
  entries.forEach(({ at, side }, entry) => (side === 'from' ? from : to).set(at, joints[entry]!));
  const powers = (column: Float64Array): Float64Array =>
    Float64Array.from([...column, ...entries.map(() => 0)]);
  return {
    ...graph,
    count: graph.count + entries.length,
    node: Int32Array.from([...graph.node, ...entries.map(({ node }) => node)]),
    active_mW: powers(graph.active_mW),
    reactive_mvar: powers(graph.reactive_mvar),
    needs2_pu: powers(graph.needs2_pu),
    edges: [...graph.edges, ...entries.map(() => [])],
    from,
    to,
    sources: new Map(joints.map((joint, entry) => [entry, joint])),
    ofBlock: Int32Array.from([...graph.ofBlock, ...joints]),
  };
}
