import type { Network } from '@relight/topology';

/** Base power of the per-unit system, VA. Its size is arbitrary; results do not depend on it. */
export const BASE_POWER_VA = 1e6;

/**
 * What the load flow needs of one grid and never changes. 6 byte per node, 16 per branch, and what
 * loads, transformers, shunts and generators take. Per unit on `BASE_POWER_VA` and the nominal
 * voltage of each node.
 */
export interface LoadFlowConstants {
  readonly network: Network;
  /** Which of the nominal voltages of the grid a node has. */
  readonly voltageClass: Uint16Array;
  /** By voltage class: ampere of a current of 1 pu. */
  readonly classCurrent_A: Float64Array;
  /** Series impedance by branch, of a transformer at its `to` end; 0 of a switch. */
  readonly resistance_pu: Float64Array;
  readonly reactance_pu: Float64Array;
  readonly transformers: TransformerConstants;
  /** What each node takes, compressed: entries nodeTakesStart[n] … of `nodeTakes`. */
  readonly nodeTakesStart: Int32Array;
  /** Index of a load, or `~` the index of an entry of `extras`. */
  readonly nodeTakes: Int32Array;
  readonly extras: readonly NodeExtra[];
  /** By load index; null where every load takes constant power. */
  readonly shares: LoadShares | null;
}

/** Shares of a load that follow the voltage: with its square, and in proportion. */
export interface LoadShares {
  readonly impedance: Float64Array;
  readonly current: Float64Array;
}

/** By transformer index: v_to = ratio · v_from − (r + jx) · i_to. */
export interface TransformerConstants {
  readonly ratio: Float64Array;
  readonly phaseShift_deg: Float64Array;
  /** Magnetising losses at 1 pu, a part of the branch at its `from` end. */
  readonly noLoad_pu: Float64Array;
}

/** What a node takes besides its loads. */
export interface NodeExtra {
  /** Active power at 1 pu that grows with the square of the voltage. */
  readonly noLoad_pu: number;
  /** Reactive power at 1 pu that grows with the square of the voltage. */
  readonly shuntReactive_pu: number;
  /** Index of a generator, which gives instead of taking; −1 none. */
  readonly generator: number;
}

const constantsOf = new WeakMap<Network, LoadFlowConstants>();

/** Linear in the size of the grid, once for each. */
export function loadFlowConstants(network: Network): LoadFlowConstants {
  let constants = constantsOf.get(network);
  if (constants === undefined) {
    constants = {
      network,
      ...voltageClasses(network),
      ...seriesImpedances(network),
      transformers: transformerConstants(network),
      ...whatNodesTake(network),
      shares: loadShares(network),
    };
    constantsOf.set(network, constants);
  }
  return constants;
}

/** Ampere of a current of 1 pu at a node. */
export function baseCurrent_A(constants: LoadFlowConstants, node: number): number {
  return constants.classCurrent_A[constants.voltageClass[node]!]!;
}

/** v_to = ratio · v_from − z · i_to; 1 but for a transformer with its tap off the middle. */
export function ratioOf({ network, transformers }: LoadFlowConstants, branch: number): number {
  const { lineCount, firstSwitchBranch } = network;
  const isTransformer = branch >= lineCount && branch < firstSwitchBranch;
  return isTransformer ? transformers.ratio[branch - lineCount]! : 1;
}

/** By how much a branch turns the voltage at its `to` end back. */
export function phaseShiftOf_deg(
  { network, transformers }: LoadFlowConstants,
  branch: number,
): number {
  const { lineCount, firstSwitchBranch } = network;
  const isTransformer = branch >= lineCount && branch < firstSwitchBranch;
  return isTransformer ? transformers.phaseShift_deg[branch - lineCount]! : 0;
}

/** What a node takes besides its loads, in the order of transformers, shunts, generators. */
export function extrasOf(constants: LoadFlowConstants, node: number): readonly NodeExtra[] {
  const { nodeTakes, nodeTakesStart, extras } = constants;
  const found: NodeExtra[] = [];
  for (let entry = nodeTakesStart[node]!; entry < nodeTakesStart[node + 1]!; entry++) {
    const code = nodeTakes[entry]!;
    if (code < 0) found.push(extras[~code]!);
  }
  return found;
}

function voltageClasses({ grid, nodeCount }: Network) {
  const voltageClass = new Uint16Array(nodeCount);
  const classes = new Map<number, number>();
  for (let node = 0; node < nodeCount; node++) {
    const { nominalVoltage } = grid.connectivityNodes[node]!;
    let found = classes.get(nominalVoltage);
    if (found === undefined) {
      found = classes.size;
      classes.set(nominalVoltage, found);
    }
    voltageClass[node] = found;
  }
  const nominal_V = [...classes.keys()];
  return {
    voltageClass,
    classCurrent_A: Float64Array.from(nominal_V, (V) => BASE_POWER_VA / (Math.sqrt(3) * V)),
  };
}

function seriesImpedances({ grid, branchCount, lineCount, branchTo }: Network) {
  const resistance_pu = new Float64Array(branchCount);
  const reactance_pu = new Float64Array(branchCount);
  for (let line = 0; line < lineCount; line++) {
    const { resistance, reactance } = grid.lines[line]!;
    const { nominalVoltage } = grid.connectivityNodes[branchTo[line]!]!;
    const base_ohm = (nominalVoltage * nominalVoltage) / BASE_POWER_VA;
    resistance_pu[line] = resistance / base_ohm;
    reactance_pu[line] = reactance / base_ohm;
  }
  grid.transformers.forEach(({ shortCircuitVoltage, ratedPower, loadLosses }, at) => {
    const z = (shortCircuitVoltage * BASE_POWER_VA) / ratedPower;
    const r = Math.min((loadLosses / ratedPower) * (BASE_POWER_VA / ratedPower), z);
    resistance_pu[lineCount + at] = r;
    reactance_pu[lineCount + at] = Math.sqrt(z * z - r * r);
  });
  return { resistance_pu, reactance_pu };
}

/** Rated voltages are the nominal ones of the two nodes, so that only the tap is left. */
function transformerConstants({ grid }: Network): TransformerConstants {
  const { transformers } = grid;
  return {
    ratio: Float64Array.from(transformers, ({ tap }) => 1 / tap),
    phaseShift_deg: Float64Array.from(transformers, (each) => each.phaseShift_deg),
    noLoad_pu: Float64Array.from(transformers, (each) => each.noLoadLosses / BASE_POWER_VA),
  };
}

/** How loads follow the voltage; null where none does. */
function loadShares({ grid }: Network): LoadShares | null {
  const { loads } = grid;
  if (loads.every((load) => load.impedanceShare === 0 && load.currentShare === 0)) return null;
  return {
    impedance: Float64Array.from(loads, (load) => load.impedanceShare),
    current: Float64Array.from(loads, (load) => load.currentShare),
  };
}

function whatNodesTake({ grid, nodeCount, loadNode }: Network) {
  const none = { noLoad_pu: 0, shuntReactive_pu: 0, generator: -1 };
  const extras: NodeExtra[] = [];
  const extraNode: number[] = [];
  const add = (node: number, extra: Partial<NodeExtra>): void => {
    extras.push({ ...none, ...extra });
    extraNode.push(node);
  };
  for (const { from, noLoadLosses } of grid.transformers) {
    if (noLoadLosses !== 0) add(from, { noLoad_pu: noLoadLosses / BASE_POWER_VA });
  }
  for (const { node, reactivePower } of grid.shunts) {
    add(node, { shuntReactive_pu: reactivePower / BASE_POWER_VA });
  }
  grid.generators.forEach(({ node }, generator) => add(node, { generator }));

  const nodeTakesStart = new Int32Array(nodeCount + 1);
  for (const node of loadNode) nodeTakesStart[node + 1]! += 1;
  for (const node of extraNode) nodeTakesStart[node + 1]! += 1;
  for (let node = 0; node < nodeCount; node++) nodeTakesStart[node + 1]! += nodeTakesStart[node]!;
  const next = nodeTakesStart.slice();
  const nodeTakes = new Int32Array(loadNode.length + extras.length);
  const enter = (node: number, code: number): void => {
    nodeTakes[next[node]!] = code;
    next[node]! += 1;
  };
  loadNode.forEach((node, load) => enter(node, load));
  extraNode.forEach((node, extra) => enter(node, ~extra));
  return { nodeTakesStart, nodeTakes, extras };
}
