import {
  branchId,
  highestLoading,
  loadingBy,
  lowestVoltage,
  ratingsOf,
  solveLoadFlowInto,
  violations,
  type LoadFlow,
  type LoadState,
  type Violation,
} from '@relight/powerflow';
import {
  CLOSED,
  energise,
  OPEN,
  type Energisation,
  type Network,
  type Positions,
} from '@relight/topology';
import type { HourLoads } from './forecast-loads.ts';
import { moveTo, type Kernel } from './kernel.ts';
import type { Reach } from './reach.ts';

/** What was outside a limit after the trip may stay so, but grow by no more than this share. */
const NO_WORSE = 1e-4;
/** Limits in the order in which the first broken one is named. */
const KINDS: readonly Violation['kind'][] = ['loading', 'pickup', 'source', 'voltage'];

/** How one state of the switches stands, over the trees that the plan touches. */
export interface JudgedState {
  /** The first limit broken that was not broken as badly after the trip; null = legal. */
  readonly violation: Violation | 'notConverged' | null;
  /** Hours ahead of the load that breaks it; 0: now, or nothing broken. The other figures are now's. */
  readonly ahead_h: number;
  readonly maxLoading_pct: number;
  readonly maxLoadingAt: string | null;
  readonly minVoltage_pu: number | null;
  readonly losses_W: number;
  /** Highest loading among elements whose current is not what it was after the trip. */
  readonly changedLoading_pct: number;
}

const UNTOUCHED: JudgedState = {
  violation: null,
  ahead_h: 0,
  changedLoading_pct: 0,
  maxLoading_pct: 0,
  maxLoadingAt: null,
  minVoltage_pu: null,
  losses_W: 0,
};

/** How one tree stands. */
interface JudgedTree {
  readonly violation: JudgedState['violation'];
  readonly loading_pct: number;
  /** The most loaded branch, −1 none, and its id. */
  readonly branch: number;
  readonly at: string | null;
  readonly minVoltage_pu: number | null;
  readonly losses_W: number;
  readonly changedLoading_pct: number;
}

const NOT_CONVERGED: JudgedTree = {
  violation: 'notConverged',
  changedLoading_pct: 0,
  loading_pct: 0,
  branch: -1,
  at: null,
  minVoltage_pu: null,
  losses_W: 0,
};

/** Two trees joined by a switch: one loop, and both named after the first source, as `energise` does. */
function joined(network: Network, trees: Energisation, at: number): Energisation {
  const device = network.grid.switches[at]!;
  const [a, b] = [trees.nodeSource[device.from]!, trees.nodeSource[device.to]!];
  const [first, other] = [Math.min(a, b), Math.max(a, b)];
  if (a === b) return { ...trees, loopBranches: [network.firstSwitchBranch + at] };
  const nodeSource = trees.nodeSource.slice();
  for (let node = 0; node < nodeSource.length; node++) {
    if (nodeSource[node] === other) nodeSource[node] = first;
  }
  return { ...trees, nodeSource, loopBranches: [network.firstSwitchBranch + at] };
}

function summed(trees: readonly JudgedTree[]): JudgedState {
  let { loading_pct, branch, at, minVoltage_pu } = NOT_CONVERGED;
  let losses_W = 0;
  let changedLoading_pct = 0;
  for (const tree of trees) {
    changedLoading_pct = Math.max(changedLoading_pct, tree.changedLoading_pct);
    losses_W += tree.losses_W;
    if (tree.minVoltage_pu !== null) {
      minVoltage_pu = Math.min(minVoltage_pu ?? tree.minVoltage_pu, tree.minVoltage_pu);
    }
    const isMore = tree.loading_pct > loading_pct;
    if (!isMore && !(tree.loading_pct === loading_pct && tree.branch < branch)) continue;
    ({ loading_pct, branch, at } = tree);
  }
  return {
    violation: trees.find((tree) => tree.violation !== null)?.violation ?? null,
    ahead_h: 0,
    maxLoading_pct: loading_pct,
    maxLoadingAt: at,
    minVoltage_pu,
    losses_W,
    changedLoading_pct,
  };
}

/** What a judge is told of the state after the trip. */
export interface AfterTrip {
  readonly positions: Positions;
  /** Source of each node in it, −1 where it is dead. */
  readonly nodeSource: Int32Array;
  readonly emergencyRatings: boolean;
  readonly lostSources: ReadonlySet<number>;
  /** What the states to be judged can differ in from that after the trip. */
  readonly reach: Reach;
}

/**
 * The second look at every state: alternating-current load flow against all limits. One judge
 * serves one plan. It solves the trees it is asked about, each also in the state after the trip to
 * compare with, and remembers how the trees stood that it has seen.
 *
 * With a forecast there is a judge for each hour ahead, and a state is legal where all say so.
 */
export class StateJudge {
  readonly network: Network;
  readonly loads: LoadState;
  /** By generator index: share of its file power that it gives; 0 in the outage. */
  readonly generation: Float64Array;
  /** Hours from now to the loads it judges by. */
  readonly ahead_h: number;
  /** Those of the hours ahead, in the order in which they are asked. */
  readonly ahead: readonly StateJudge[];
  #solvedNodes = 0;
  readonly #kernel: Kernel;
  readonly #after: AfterTrip;
  readonly #known = new Set<number>();
  readonly #baseCurrent_A: Float64Array;
  readonly #base: Violation[] = [];
  readonly #tolerated = new Map<string, number>();
  readonly #seen = new Map<string, JudgedTree>();
  #baseConverged = true;
  /** Switch that joins two live parts in the states looked at; −1 none. */
  #joining = -1;

  constructor(
    network: Network,
    { loads, generation, ahead_h }: HourLoads,
    kernel: Kernel,
    after: AfterTrip,
    ahead: readonly StateJudge[] = [],
  ) {
    this.network = network;
    this.loads = loads;
    this.ahead_h = ahead_h;
    this.ahead = ahead;
    this.#kernel = kernel;
    this.#after = after;
    // The plan before this one is made: what it knew is wiped out. Only the judge of now keeps it.
    if (ahead_h === 0) {
      for (const branch of kernel.base.written) kernel.base.current_A[branch] = 0;
      kernel.base.written.length = 0;
    }
    this.#baseCurrent_A = kernel.base.current_A;
    // Generators of the outage give nothing for the whole plan; the others what is expected of them.
    this.generation = Float64Array.from(network.grid.generators, (unit, at) =>
      after.nodeSource[unit.node] === -1 ? 0 : (generation?.[at] ?? 1),
    );
  }

  /** What all loads take less what the generators that stay live give, W: how heavy the hour is. */
  get net_W(): number {
    const units = this.network.grid.generators;
    const given_W = units.reduce(
      (sum, unit, at) => sum + this.generation[at]! * unit.activePower,
      0,
    );
    return this.loads.activePower_W.reduce((sum, power) => sum + power, 0) - given_W;
  }

  /** Nodes solved so far, over all load flows: what judging has cost. */
  get solvedNodes(): number {
    return this.ahead.reduce((sum, each) => sum + each.solvedNodes, this.#solvedNodes);
  }

  /** Limits broken after the trip already, in the trees looked at so far. */
  get baseViolations(): readonly Violation[] {
    return this.#base.toSorted(
      (a, b) =>
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
        (a.equipment < b.equipment ? -1 : a.equipment > b.equipment ? 1 : 0),
    );
  }

  /** False where a tree looked at so far has no solution after the trip. */
  get baseConverged(): boolean {
    return this.#baseConverged;
  }

  /** Solves the trees of these sources in the state after the trip, those not yet known. */
  lookAt(sources: Iterable<number>): void {
    for (const source of sources) {
      if (this.#known.has(source)) continue;
      this.#known.add(source);
      const state = this.energise(this.#after.positions);
      const flow = this.#solve(this.#after.positions, state, new Set([source]));
      if (!flow.converged) {
        this.#baseConverged = false;
        continue;
      }
      if (this.ahead_h === 0) this.#keepCurrents(flow);
      for (const found of this.#violations(flow)) {
        const name = `${found.kind} ${found.equipment}`;
        if (this.#tolerated.has(name)) continue;
        this.#tolerated.set(name, found.value);
        this.#base.push(found);
      }
    }
  }

  #keepCurrents(flow: LoadFlow): void {
    for (const branch of flow.solved.branches) {
      this.#baseCurrent_A[branch] = flow.current_A[branch]!;
      this.#kernel.base.written.push(branch);
    }
  }

  /**
   * Looks at states in which one switch joins two live parts: they are the trees on its two sides,
   * and it closes the loop. So they need not be found anew in the whole grid.
   */
  joinedBy<Seen>(at: number, look: () => Seen): Seen {
    for (const each of [this, ...this.ahead]) each.#joining = at;
    const seen = look();
    for (const each of [this, ...this.ahead]) each.#joining = -1;
    return seen;
  }

  /** Energisation of a state; written over by the next call. */
  energise(positions: Positions): Energisation {
    const joining = this.#joining;
    if (joining !== -1 && positions[joining] === CLOSED) {
      const apart = positions.slice();
      apart[joining] = OPEN;
      const trees = moveTo(this.#kernel.probe, apart, this.#after.reach.switches);
      if (trees.loopBranches.length === 0) return joined(this.network, trees, joining);
    }
    const state = moveTo(this.#kernel.probe, positions, this.#after.reach.switches);
    if (state.loopBranches.length === 0) return state;
    return energise(this.network, positions, { lostSources: this.#after.lostSources });
  }

  /** Load flow of a state over the trees of `sources`; written over by the next call. */
  flowOf(positions: Positions, sources: ReadonlySet<number>): LoadFlow {
    return this.#solve(positions, this.energise(positions), sources);
  }

  /** By the load of now, then by that of each hour ahead, up to the first that is illegal. */
  judge(positions: Positions, sources: ReadonlySet<number>): JudgedState {
    const now = this.judgeAlone(positions, sources);
    if (now.violation !== null) return now;
    for (const each of this.ahead) {
      const { violation } = each.judgeAlone(positions, sources);
      if (violation !== null) return { ...now, violation, ahead_h: each.ahead_h };
    }
    return now;
  }

  /** True where a state breaks no limit now either if some generators give nothing. */
  isLegalWithout(
    positions: Positions,
    sources: ReadonlySet<number>,
    generatorsOff: ReadonlySet<number>,
  ): boolean {
    this.lookAt(sources);
    const generation = this.generation.map((share, at) => (generatorsOff.has(at) ? 0 : share));
    const flow = this.#solve(positions, this.energise(positions), sources, generation);
    return flow.converged && this.#violations(flow).every((found) => this.#wasSoBefore(found));
  }

  /**
   * By its own hour alone. Tree by tree, those that have been seen as they are left out; up to the
   * first that is illegal.
   */
  judgeAlone(positions: Positions, sources: ReadonlySet<number>): JudgedState {
    if (sources.size === 0) return UNTOUCHED;
    this.lookAt(sources);
    const state = this.energise(positions);
    if (state.loopBranches.length > 0) return summed([this.#judgeTrees(positions, sources)]);
    const trees = this.#treesOf(state, positions, sources);
    const judged: JudgedTree[] = [];
    for (const [source, name] of trees) {
      let tree = this.#seen.get(name);
      if (tree === undefined) {
        tree = this.#judgeTrees(positions, new Set([source]));
        this.#seen.set(name, tree);
      }
      judged.push(tree);
      if (tree.violation !== null) break;
    }
    return summed(judged);
  }

  /**
   * Each tree of the sources with a name that says what it is made of: the switches at it that
   * stand otherwise than after the trip. By source, ascending.
   */
  #treesOf(
    state: Energisation,
    positions: Positions,
    sources: ReadonlySet<number>,
  ): readonly (readonly [number, string])[] {
    const { sourceNode, grid } = this.network;
    const after = this.#after.positions;
    const names = new Map<number, string>();
    for (const source of [...sources].sort((a, b) => a - b)) {
      const supplier = state.nodeSource[sourceNode[source]!]!;
      if (supplier !== -1) names.set(supplier, `${supplier}`);
    }
    const { switches } = this.#after.reach;
    for (let k = 0; k < switches.length; k++) {
      const at = switches[k]!;
      if (positions[at] === after[at]) continue;
      const { from, to } = grid.switches[at]!;
      const [one, other] = [state.nodeSource[from]!, state.nodeSource[to]!];
      for (const source of one === other ? [one] : [one, other]) {
        const name = names.get(source);
        if (name !== undefined) names.set(source, `${name} ${at}:${positions[at]}`);
      }
    }
    return [...names];
  }

  #judgeTrees(positions: Positions, sources: ReadonlySet<number>): JudgedTree {
    const flow = this.flowOf(positions, sources);
    if (!flow.converged) return NOT_CONVERGED;
    const worst = highestLoading(this.network, flow);
    return {
      violation: this.#violations(flow).find((found) => !this.#wasSoBefore(found)) ?? null,
      loading_pct: worst?.loading_pct ?? 0,
      branch: worst?.branch ?? -1,
      at: worst === null ? null : branchId(this.network, worst.branch),
      minVoltage_pu: lowestVoltage(flow)?.voltage_pu ?? null,
      losses_W: flow.losses_W,
      changedLoading_pct: this.#changedLoading(flow),
    };
  }

  #changedLoading(flow: LoadFlow): number {
    if (this.ahead_h !== 0) return 0;
    const rated = ratingsOf(this.network);
    const { branches } = flow.solved;
    let highest = 0;
    for (let k = 0; k < branches.length; k++) {
      const branch = branches[k]!;
      const current = flow.current_A[branch]!;
      if (Math.abs(current - this.#baseCurrent_A[branch]!) <= 1e-6 * current) continue;
      highest = Math.max(highest, loadingBy(rated, this.network, flow, branch) ?? 0);
    }
    return highest;
  }

  #violations(flow: LoadFlow): readonly Violation[] {
    return violations(this.network, flow, { emergencyRatings: this.#after.emergencyRatings });
  }

  #wasSoBefore(found: Violation): boolean {
    const before = this.#tolerated.get(`${found.kind} ${found.equipment}`);
    if (before === undefined) return false;
    const low = found.kind === 'voltage' && found.value < found.allowed;
    return low ? found.value >= before * (1 - NO_WORSE) : found.value <= before * (1 + NO_WORSE);
  }

  #solve(
    positions: Positions,
    energisation: Energisation,
    onlySources: ReadonlySet<number>,
    generation = this.generation,
  ): LoadFlow {
    const flow = solveLoadFlowInto(this.#kernel.flow, {
      network: this.network,
      positions,
      energisation,
      loads: this.loads,
      generators: true,
      generation,
      onlySources,
    });
    this.#solvedNodes += flow.solved.nodes.length;
    return flow;
  }
}
