import { BRANCH_SWITCH, BRANCH_TRANSFORMER, type Network } from '@relight/topology';
import type { LoadFlow } from './load-flow.ts';

/** Base power of the per-unit system, VA. Its size is arbitrary; results do not depend on it. */
export const BASE_POWER_VA = 1e6;

/**
 * What the sweeps need of one grid, worked out once, and the buffers they run in. Per unit on
 * `BASE_POWER_VA` and the nominal voltage of each node. About 200 byte per node and 40 per branch.
 */
export interface LoadFlowWorkspace {
  readonly network: Network;
  /** v_to = ratio · v_from − (r + jx) · i_to; 1 / tap for a transformer. By branch. */
  readonly ratio: Float64Array;
  readonly resistance_pu: Float64Array;
  readonly reactance_pu: Float64Array;
  readonly phaseShift_deg: Float64Array;
  /** Magnetising losses at 1 pu, a part of the branch at its `from` end. By branch. */
  readonly noLoad_pu: Float64Array;
  /** No-load losses of the transformers whose `from` end a node is, by node. */
  readonly nodeNoLoad_pu: Float64Array;
  /** Reactive power taken at 1 pu that grows with the square of the voltage, by node. */
  readonly shuntReactive_pu: Float64Array;
  /** Power fed in by generators, by node. */
  readonly generatedActive_pu: Float64Array;
  readonly generatedReactive_pu: Float64Array;
  /** Loads of each node, compressed: nodeLoads[nodeLoadStart[n]] … */
  readonly nodeLoadStart: Int32Array;
  readonly nodeLoads: Int32Array;
  /** Ampere of a current of 1 pu at a node. */
  readonly baseCurrent_A: Float64Array;
  readonly tree: TreeBuffers;
  /** Result arrays that `solveLoadFlowInto` writes over. */
  readonly result: LoadFlowArrays;
  /** What the result arrays hold now: the rest of them is 0. */
  readonly written: WrittenPart;
}

/** Indices in buffers as long as the grid, with how many of them count. */
export interface WrittenPart {
  readonly nodes: Int32Array;
  readonly branches: Int32Array;
  readonly sources: Int32Array;
  nodeCount: number;
  branchCount: number;
  sourceCount: number;
}

/** By place in the order of the sweep: parents stand before their children. */
export interface TreeBuffers {
  /** Place of each node of the network; only entries of solved nodes mean anything. */
  readonly place: Int32Array;
  readonly node: Int32Array;
  readonly parent: Int32Array;
  /** Branch to the parent, as `branch` if the parent is its `from` end, else as `~branch`. */
  readonly branch: Int32Array;
  readonly ratio: Float64Array;
  readonly resistance: Float64Array;
  readonly reactance: Float64Array;
  readonly active: Float64Array;
  readonly reactive: Float64Array;
  readonly noLoad: Float64Array;
  readonly shuntReactive: Float64Array;
  readonly voltageRe: Float64Array;
  readonly voltageIm: Float64Array;
  readonly currentRe: Float64Array;
  readonly currentIm: Float64Array;
  /** Phase shift summed from the source, degree. */
  readonly shift_deg: Float64Array;
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

/** Linear in the size of the grid; one per grid and thread of calculation. */
export function createLoadFlowWorkspace(network: Network): LoadFlowWorkspace {
  return {
    network,
    ...branchConstants(network),
    ...nodeConstants(network),
    tree: createTreeBuffers(network.nodeCount),
    result: createLoadFlowArrays(network),
    written: {
      nodes: new Int32Array(network.nodeCount),
      branches: new Int32Array(network.branchCount),
      sources: new Int32Array(network.sourceNode.length),
      nodeCount: 0,
      branchCount: 0,
      sourceCount: 0,
    },
  };
}

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

function branchConstants(network: Network) {
  const { grid, branchCount, branchFrom, branchTo, branchKind, lineCount } = network;
  const ratio = new Float64Array(branchCount).fill(1);
  const resistance_pu = new Float64Array(branchCount);
  const reactance_pu = new Float64Array(branchCount);
  const phaseShift_deg = new Float64Array(branchCount);
  const noLoad_pu = new Float64Array(branchCount);
  const nominal = (node: number): number => grid.connectivityNodes[node]?.nominalVoltage ?? 1;

  for (let branch = 0; branch < branchCount; branch++) {
    const from_V = nominal(branchFrom[branch]!);
    const to_V = nominal(branchTo[branch]!);
    if (branchKind[branch] === BRANCH_TRANSFORMER) {
      // Its rated voltages are the nominal ones of its two nodes, so that only the tap is left.
      const transformer = grid.transformers[branch - lineCount]!;
      const { ratedPower, shortCircuitVoltage, loadLosses, noLoadLosses } = transformer;
      const impedance = (shortCircuitVoltage * BASE_POWER_VA) / ratedPower;
      const resistance = Math.min(
        (loadLosses / ratedPower) * (BASE_POWER_VA / ratedPower),
        impedance,
      );
      ratio[branch] = 1 / transformer.tap;
      resistance_pu[branch] = resistance;
      reactance_pu[branch] = Math.sqrt(impedance * impedance - resistance * resistance);
      phaseShift_deg[branch] = transformer.phaseShift_deg;
      noLoad_pu[branch] = noLoadLosses / BASE_POWER_VA;
      continue;
    }
    ratio[branch] = from_V / to_V;
    if (branchKind[branch] === BRANCH_SWITCH) continue;
    const line = grid.lines[branch]!;
    const base_ohm = (to_V * to_V) / BASE_POWER_VA;
    resistance_pu[branch] = line.resistance / base_ohm;
    reactance_pu[branch] = line.reactance / base_ohm;
  }
  return { ratio, resistance_pu, reactance_pu, phaseShift_deg, noLoad_pu };
}

function nodeConstants(network: Network) {
  const { grid, nodeCount, loadNode } = network;
  const nodeNoLoad_pu = new Float64Array(nodeCount);
  const shuntReactive_pu = new Float64Array(nodeCount);
  const generatedActive_pu = new Float64Array(nodeCount);
  const generatedReactive_pu = new Float64Array(nodeCount);
  for (const transformer of grid.transformers) {
    nodeNoLoad_pu[transformer.from]! += transformer.noLoadLosses / BASE_POWER_VA;
  }
  for (const shunt of grid.shunts) {
    shuntReactive_pu[shunt.node]! += shunt.reactivePower / BASE_POWER_VA;
  }
  for (const unit of grid.generators) {
    generatedActive_pu[unit.node]! += unit.activePower / BASE_POWER_VA;
    generatedReactive_pu[unit.node]! += unit.reactivePower / BASE_POWER_VA;
  }

  const nodeLoadStart = new Int32Array(nodeCount + 1);
  for (const node of loadNode) nodeLoadStart[node + 1]! += 1;
  for (let node = 0; node < nodeCount; node++) nodeLoadStart[node + 1]! += nodeLoadStart[node]!;
  const next = nodeLoadStart.slice();
  const nodeLoads = new Int32Array(loadNode.length);
  loadNode.forEach((node, load) => {
    nodeLoads[next[node]!] = load;
    next[node]! += 1;
  });

  const baseCurrent_A = Float64Array.from(
    grid.connectivityNodes,
    (node) => BASE_POWER_VA / (Math.sqrt(3) * node.nominalVoltage),
  );
  return {
    nodeNoLoad_pu,
    shuntReactive_pu,
    generatedActive_pu,
    generatedReactive_pu,
    nodeLoadStart,
    nodeLoads,
    baseCurrent_A,
  };
}

function createTreeBuffers(nodeCount: number): TreeBuffers {
  return {
    place: new Int32Array(nodeCount),
    node: new Int32Array(nodeCount),
    parent: new Int32Array(nodeCount),
    branch: new Int32Array(nodeCount),
    ratio: new Float64Array(nodeCount),
    resistance: new Float64Array(nodeCount),
    reactance: new Float64Array(nodeCount),
    active: new Float64Array(nodeCount),
    reactive: new Float64Array(nodeCount),
    noLoad: new Float64Array(nodeCount),
    shuntReactive: new Float64Array(nodeCount),
    voltageRe: new Float64Array(nodeCount),
    voltageIm: new Float64Array(nodeCount),
    currentRe: new Float64Array(nodeCount),
    currentIm: new Float64Array(nodeCount),
    shift_deg: new Float64Array(nodeCount),
  };
}
