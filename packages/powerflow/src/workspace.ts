import type { Network } from '@relight/topology';
import { loadFlowConstants, type LoadFlowConstants } from './constants.ts';
import type { LoadFlow } from './load-flow.ts';

/**
 * The buffers in which one load flow after the other runs. Result arrays are as long as the grid
 * (16 byte per node, 24 per branch); everything else grows to the largest tree solved.
 */
export interface LoadFlowWorkspace {
  readonly network: Network;
  readonly constants: LoadFlowConstants;
  walk: WalkBuffers;
  /** Ways that a walk has met and not gone yet. */
  readonly waiting: number[];
  tree: TreeBuffers;
  /** Place in the walk by node, filled only where a loop is closed; null before the first. */
  placeOfNode: Int32Array | null;
  /** Result arrays that `solveLoadFlowInto` writes over. */
  readonly result: LoadFlowArrays;
  /** What the result arrays hold now: the rest of them is 0. */
  readonly written: WrittenPart;
}

/**
 * The live nodes of one tree, or of several that are joined, parents before their children. A
 * place is a position in this order.
 */
export interface WalkBuffers {
  readonly node: Int32Array;
  /** Place of the parent; −1 at a source. */
  readonly parent: Int32Array;
  /** Branch to the parent, as `branch` if the parent is its `from` end, else as `~branch`; at a source its index. */
  readonly branch: Int32Array;
  /**
   * Place of the node, this one or one below, that takes the current of this branch and has a
   * sweep place; −1 where no current flows.
   */
  readonly carrier: Int32Array;
  /** Place of the node in the sweep, −1 none. */
  readonly sweepPlace: Int32Array;
  /** Sweep place of the nearest node above that has one; −1 at a source. */
  readonly above: Int32Array;
  /** Series impedance from there to this node. */
  readonly resistance: Float64Array;
  readonly reactance: Float64Array;
  /** Voltage of the node, filled at the end. */
  readonly voltageRe: Float64Array;
  readonly voltageIm: Float64Array;
  /** Phase shift summed from the source, degree. */
  readonly shift_deg: Float64Array;
}

/**
 * What the sweeps run over: nodes where current branches, is taken or changes its ratio. What lies
 * between two of them in series is one impedance. Parents stand before their children.
 */
export interface TreeBuffers {
  readonly parent: Int32Array;
  readonly ratio: Float64Array;
  readonly resistance: Float64Array;
  readonly reactance: Float64Array;
  readonly active: Float64Array;
  readonly reactive: Float64Array;
  readonly noLoad: Float64Array;
  readonly shuntReactive: Float64Array;
  /** Of loads that follow the voltage; what is in them means nothing where none does. */
  readonly activeByCurrent: Float64Array;
  readonly reactiveByCurrent: Float64Array;
  readonly activeByImpedance: Float64Array;
  readonly reactiveByImpedance: Float64Array;
  readonly voltageRe: Float64Array;
  readonly voltageIm: Float64Array;
  readonly currentRe: Float64Array;
  readonly currentIm: Float64Array;
}

/** The arrays of a `LoadFlow`, as a workspace owns them. */
export type LoadFlowArrays = Pick<
  LoadFlow,
  | 'voltage_pu'
  | 'voltageAngle_deg'
  | 'current_A'
  | 'activePower_W'
  | 'reactivePower_var'
  | 'sourceActivePower_W'
  | 'sourceReactivePower_var'
>;

/** Indices in buffers that grow, with how many of them count. */
export interface WrittenPart {
  nodes: Int32Array;
  branches: Int32Array;
  sources: Int32Array;
  nodeCount: number;
  branchCount: number;
  sourceCount: number;
}

/** Linear in the size of the grid; one per grid and thread of calculation. */
export function createLoadFlowWorkspace(network: Network): LoadFlowWorkspace {
  return {
    network,
    constants: loadFlowConstants(network),
    walk: createWalk(FIRST_CAPACITY),
    waiting: [],
    tree: createTree(FIRST_CAPACITY),
    placeOfNode: null,
    result: createLoadFlowArrays(network),
    written: {
      nodes: new Int32Array(FIRST_CAPACITY),
      branches: new Int32Array(FIRST_CAPACITY),
      sources: new Int32Array(network.sourceNode.length),
      nodeCount: 0,
      branchCount: 0,
      sourceCount: 0,
    },
  };
}

/** Nodes of an ordinary feeder. */
const FIRST_CAPACITY = 512;

/** Result arrays of one grid, all 0. */
export function createLoadFlowArrays(network: Network): LoadFlowArrays {
  const { nodeCount, branchCount, sourceNode } = network;
  return {
    voltage_pu: new Float64Array(nodeCount),
    voltageAngle_deg: new Float64Array(nodeCount),
    current_A: new Float64Array(branchCount),
    activePower_W: new Float64Array(branchCount),
    reactivePower_var: new Float64Array(branchCount),
    sourceActivePower_W: new Float64Array(sourceNode.length),
    sourceReactivePower_var: new Float64Array(sourceNode.length),
  };
}

/** Twice the walk's room, with the places walked so far. */
export function growWalk(workspace: LoadFlowWorkspace): WalkBuffers {
  const before = workspace.walk;
  const walk = createWalk(2 * before.node.length);
  walk.node.set(before.node);
  walk.parent.set(before.parent);
  walk.branch.set(before.branch);
  workspace.walk = walk;
  return walk;
}

/** Room for so many sweep places; what stood in it before is lost. */
export function roomForTree(workspace: LoadFlowWorkspace, count: number): TreeBuffers {
  const room = workspace.tree.parent.length;
  if (room < count) workspace.tree = createTree(Math.max(count, 2 * room));
  return workspace.tree;
}

/** Room in the lists of what is written for so many nodes more, and as many branches. */
export function roomForWritten({ written }: LoadFlowWorkspace, count: number): void {
  written.nodes = roomFor(written.nodes, written.nodeCount + count);
  written.branches = roomFor(written.branches, written.branchCount + count);
}

function roomFor(list: Int32Array, count: number): Int32Array {
  if (list.length >= count) return list;
  const longer = new Int32Array(Math.max(count, 2 * list.length));
  longer.set(list);
  return longer;
}

function createWalk(capacity: number): WalkBuffers {
  return {
    node: new Int32Array(capacity),
    parent: new Int32Array(capacity),
    branch: new Int32Array(capacity),
    carrier: new Int32Array(capacity),
    sweepPlace: new Int32Array(capacity),
    above: new Int32Array(capacity),
    resistance: new Float64Array(capacity),
    reactance: new Float64Array(capacity),
    voltageRe: new Float64Array(capacity),
    voltageIm: new Float64Array(capacity),
    shift_deg: new Float64Array(capacity),
  };
}

function createTree(capacity: number): TreeBuffers {
  return {
    parent: new Int32Array(capacity),
    ratio: new Float64Array(capacity),
    resistance: new Float64Array(capacity),
    reactance: new Float64Array(capacity),
    active: new Float64Array(capacity),
    reactive: new Float64Array(capacity),
    noLoad: new Float64Array(capacity),
    shuntReactive: new Float64Array(capacity),
    activeByCurrent: new Float64Array(capacity),
    reactiveByCurrent: new Float64Array(capacity),
    activeByImpedance: new Float64Array(capacity),
    reactiveByImpedance: new Float64Array(capacity),
    voltageRe: new Float64Array(capacity),
    voltageIm: new Float64Array(capacity),
    currentRe: new Float64Array(capacity),
    currentIm: new Float64Array(capacity),
  };
}
