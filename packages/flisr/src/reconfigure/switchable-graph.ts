import {
  BASE_POWER_VA,
  extrasOf,
  loadFlowConstants,
  ratioOf,
  type LoadFlowConstants,
  type LoadState,
  type NodeExtra,
} from '@relight/powerflow';
import {
  BRANCH_SWITCH,
  BRANCH_TRANSFORMER,
  CLOSED,
  type Energisation,
  type Network,
  type Positions,
} from '@relight/topology';
import { edgeLimit_pu } from './edge-limits.ts';

/**
 * The live part of a grid as the search sees it: a vertex for every node that takes or gives power
 * or where ways part, an edge for every way between two of them. Nodes in the middle of a way (the
 * place between a switch and its line) vanish; the way has their impedances in series and is
 * `switchable` if at least one switch on it may move. All figures per unit on `BASE_POWER_VA`.
 */
export interface SwitchableGraph {
  readonly network: Network;
  readonly vertexCount: number;
  /** Node of the network by vertex. */
  readonly vertexNode: Int32Array;
  /** Power each vertex takes, generators taken off. */
  readonly active: Float64Array;
  readonly reactive: Float64Array;
  /** Power taken at 1 pu that grows with the square of the voltage. */
  readonly noLoad: Float64Array;
  readonly shuntReactive: Float64Array;
  /** Vertex and voltage of each root: the sources that supply something, in source order. */
  readonly rootVertex: Int32Array;
  readonly rootVoltage: Float64Array;
  /** Largest apparent power of a root's source; infinite where none is given. */
  readonly rootLimit: Float64Array;
  readonly edgeCount: number;
  readonly edgeFrom: Int32Array;
  readonly edgeTo: Int32Array;
  /** v_to = ratio · v_from − (r + jx) · i_to. */
  readonly ratio: Float64Array;
  readonly resistance: Float64Array;
  readonly reactance: Float64Array;
  /** 1: a transformer, which may only be fed from `edgeFrom`. */
  readonly oneWay: Uint8Array;
  /** Largest current of a way, or apparent power of a transformer; infinite where no rating is given. */
  readonly edgeLimit: Float64Array;
  /** 1: a switch on it may move. */
  readonly switchable: Uint8Array;
  /** Switches that may move, by index, in the order of the way. */
  readonly edgeSwitches: readonly (readonly number[])[];
  /** Lines, transformers and switches of the way. */
  readonly edgeBranches: readonly (readonly number[])[];
  /** 1: closed in the state the search starts from. */
  readonly closedAtStart: Uint8Array;
  /** Edges at vertex v: adjacencyEdge[adjacencyStart[v]] …; a loop on one vertex stands twice. */
  readonly adjacencyStart: Int32Array;
  readonly adjacencyEdge: Int32Array;
}

export interface GraphRequest {
  readonly network: Network;
  readonly positions: Positions;
  readonly energisation: Energisation;
  readonly loads: LoadState;
  /** Generators feed in their file power where true. */
  readonly generators: boolean;
}

/**
 * A switch the search may move: remote, and of a kind that makes and breaks load current.
 */
export function isMovable(network: Network, index: number): boolean {
  const each = network.grid.switches[index];
  return (
    each !== undefined &&
    each.remote &&
    (each.kind === 'breaker' || each.kind === 'recloser' || each.kind === 'loadBreakSwitch')
  );
}

/** Dead nodes and what leads to them stay out: what is dark is kept dark. Linear in the grid. */
export function buildSwitchableGraph(request: GraphRequest): SwitchableGraph {
  const { network, energisation } = request;
  const constants = loadFlowConstants(network);
  const power = nodePower(request);
  const usable = usableBranches(request);
  const kept = keptNodes(network, energisation, usable, power, constants);

  const vertexNode: number[] = [];
  const vertexOf = new Int32Array(network.nodeCount).fill(-1);
  for (let node = 0; node < network.nodeCount; node++) {
    if (kept[node] !== 1) continue;
    vertexOf[node] = vertexNode.length;
    vertexNode.push(node);
  }
  const ways = walkWays(network, usable, kept, vertexNode);
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(vertexNode, (node) => values[node]!);
  const sumExtras = (value: (extra: NodeExtra) => number): Float64Array =>
    Float64Array.from(vertexNode, (node) =>
      extrasOf(constants, node).reduce((sum, extra) => sum + value(extra), 0),
    );
  const roots = vertexNode.flatMap((node, vertex) =>
    network.nodeSource[node] === -1 ? [] : [{ vertex, source: network.nodeSource[node]! }],
  );
  roots.sort((a, b) => a.source - b.source);
  const edges = describeWays(request, constants, vertexOf, ways);
  return {
    network,
    vertexCount: vertexNode.length,
    vertexNode: Int32Array.from(vertexNode),
    active: pick(power.active),
    reactive: pick(power.reactive),
    noLoad: sumExtras(({ noLoad_pu }) => noLoad_pu),
    shuntReactive: sumExtras(({ shuntReactive_pu }) => shuntReactive_pu),
    rootVertex: Int32Array.from(roots, ({ vertex }) => vertex),
    rootVoltage: Float64Array.from(roots, ({ source }) => network.grid.sources[source]!.voltage),
    rootLimit: Float64Array.from(roots, ({ source }) => {
      const limit = network.grid.sources[source]!.maxPower;
      return limit === null ? Number.POSITIVE_INFINITY : limit / BASE_POWER_VA;
    }),
    ...edges,
    ...adjacency(vertexNode.length, edges.edgeFrom, edges.edgeTo),
  };
}

interface NodePower {
  readonly active: Float64Array;
  readonly reactive: Float64Array;
}

function nodePower(request: GraphRequest): NodePower {
  const { network, loads, generators } = request;
  const feedIn = generators ? 1 : 0;
  const active = new Float64Array(network.nodeCount);
  const reactive = new Float64Array(network.nodeCount);
  for (const unit of network.grid.generators) {
    active[unit.node]! -= (feedIn * unit.activePower) / BASE_POWER_VA;
    reactive[unit.node]! -= (feedIn * unit.reactivePower) / BASE_POWER_VA;
  }
  network.loadNode.forEach((node, load) => {
    active[node]! += loads.activePower_W[load]! / BASE_POWER_VA;
    reactive[node]! += loads.reactivePower_var[load]! / BASE_POWER_VA;
  });
  return { active, reactive };
}

/** 1 for each branch between live nodes that is closed for good or may be closed. */
function usableBranches({ network, positions, energisation }: GraphRequest): Uint8Array {
  const usable = new Uint8Array(network.branchCount);
  for (let branch = 0; branch < network.branchCount; branch++) {
    const live =
      energisation.nodeSource[network.branchFrom[branch]!] !== -1 &&
      energisation.nodeSource[network.branchTo[branch]!] !== -1;
    const index = branch - network.firstSwitchBranch;
    const passable = index < 0 || positions[index] === CLOSED || isOpenMovable(index);
    usable[branch] = live && passable ? 1 : 0;
  }
  return usable;

  // A switch of unknown position is left alone and gives no way.
  function isOpenMovable(index: number): boolean {
    return positions[index]! < 2 && isMovable(network, index);
  }
}

function keptNodes(
  network: Network,
  energisation: Energisation,
  usable: Uint8Array,
  power: NodePower,
  constants: LoadFlowConstants,
): Uint8Array {
  const kept = new Uint8Array(network.nodeCount);
  for (let node = 0; node < network.nodeCount; node++) {
    if (energisation.nodeSource[node] === -1) continue;
    let ways = 0;
    let transformer = false;
    for (let at = network.adjacencyStart[node]!; at < network.adjacencyStart[node + 1]!; at++) {
      const branch = network.adjacencyBranch[at]!;
      if (usable[branch] !== 1) continue;
      ways += 1;
      transformer ||= network.branchKind[branch] === BRANCH_TRANSFORMER;
    }
    const passive =
      power.active[node] === 0 &&
      power.reactive[node] === 0 &&
      extrasOf(constants, node).every((extra) => extra.generator !== -1) &&
      network.nodeSource[node] === -1;
    kept[node] = passive && ways === 2 && !transformer ? 0 : 1;
  }
  return kept;
}

interface Way {
  readonly from: number;
  readonly to: number;
  readonly branches: readonly number[];
}

/** Every way from one kept node to the next, once, from the lower vertex. */
function walkWays(
  network: Network,
  usable: Uint8Array,
  kept: Uint8Array,
  vertexNode: readonly number[],
): readonly Way[] {
  const walked = new Uint8Array(network.branchCount);
  const ways: Way[] = [];
  const next = (node: number): number => {
    for (let at = network.adjacencyStart[node]!; at < network.adjacencyStart[node + 1]!; at++) {
      const branch = network.adjacencyBranch[at]!;
      if (usable[branch] === 1 && walked[branch] === 0) return at;
    }
    return -1;
  };
  for (const from of vertexNode) {
    for (let at = next(from); at !== -1; at = next(from)) {
      const branches: number[] = [];
      let to = from;
      for (let step = at; step !== -1; step = kept[to] === 1 ? -1 : next(to)) {
        const branch = network.adjacencyBranch[step]!;
        walked[branch] = 1;
        branches.push(branch);
        to = network.adjacencyNode[step]!;
      }
      ways.push({ from, to, branches });
    }
  }
  return ways;
}

function describeWays(
  request: GraphRequest,
  constants: LoadFlowConstants,
  vertexOf: Int32Array,
  ways: readonly Way[],
) {
  const { network, positions, energisation } = request;
  const edgeCount = ways.length;
  const edgeFrom = new Int32Array(edgeCount);
  const edgeTo = new Int32Array(edgeCount);
  const ratio = new Float64Array(edgeCount).fill(1);
  const resistance = new Float64Array(edgeCount);
  const reactance = new Float64Array(edgeCount);
  const oneWay = new Uint8Array(edgeCount);
  const edgeLimit = new Float64Array(edgeCount);
  const switchable = new Uint8Array(edgeCount);
  const closedAtStart = new Uint8Array(edgeCount).fill(1);
  const edgeSwitches: number[][] = [];
  ways.forEach(({ from, to, branches }, edge) => {
    edgeFrom[edge] = vertexOf[from]!;
    edgeTo[edge] = vertexOf[to]!;
    const movable: number[] = [];
    for (const branch of branches) {
      resistance[edge]! += constants.resistance_pu[branch]!;
      reactance[edge]! += constants.reactance_pu[branch]!;
      if (network.branchKind[branch] === BRANCH_SWITCH) {
        const index = branch - network.firstSwitchBranch;
        if (positions[index] !== CLOSED) closedAtStart[edge] = 0;
        if (isMovable(network, index)) movable.push(index);
      }
    }
    edgeSwitches.push(movable);
    switchable[edge] = movable.length > 0 ? 1 : 0;
    edgeLimit[edge] = edgeLimit_pu(network, constants, branches);
    const first = branches[0]!;
    if (network.branchKind[first] === BRANCH_TRANSFORMER) turnTransformer(edge, first);
  });
  return {
    edgeCount,
    edgeFrom,
    edgeTo,
    ratio,
    resistance,
    reactance,
    oneWay,
    edgeLimit,
    switchable,
    edgeSwitches,
    edgeBranches: ways.map(({ branches }) => branches),
    closedAtStart,
  };

  /** From the side that feeds it at the start, as the load flow's own trees turn it. */
  function turnTransformer(edge: number, branch: number): void {
    const high = network.branchFrom[branch]!;
    const low = network.branchTo[branch]!;
    const reversed = energisation.parentBranch[high] === branch;
    edgeFrom[edge] = vertexOf[reversed ? low : high]!;
    edgeTo[edge] = vertexOf[reversed ? high : low]!;
    oneWay[edge] = 1;
    const given = ratioOf(constants, branch);
    ratio[edge] = reversed ? 1 / given : given;
    if (!reversed) return;
    resistance[edge]! /= given * given;
    reactance[edge]! /= given * given;
  }
}

function adjacency(vertexCount: number, edgeFrom: Int32Array, edgeTo: Int32Array) {
  const adjacencyStart = new Int32Array(vertexCount + 1);
  for (const vertex of edgeFrom) adjacencyStart[vertex + 1]! += 1;
  for (const vertex of edgeTo) adjacencyStart[vertex + 1]! += 1;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    adjacencyStart[vertex + 1]! += adjacencyStart[vertex]!;
  }
  const next = adjacencyStart.slice();
  const adjacencyEdge = new Int32Array(2 * edgeFrom.length);
  for (let edge = 0; edge < edgeFrom.length; edge++) {
    for (const vertex of [edgeFrom[edge]!, edgeTo[edge]!]) {
      adjacencyEdge[next[vertex]!] = edge;
      next[vertex]! += 1;
    }
  }
  return { adjacencyStart, adjacencyEdge };
}
