import {
  branchLoading_pct,
  copyLoadFlow,
  createLoadFlowWorkspace,
  lowestVoltage,
  solveLoadFlowInto,
  violations,
  type LoadFlow,
  type LoadFlowWorkspace,
  type LoadState,
  type Violation,
} from '@relight/powerflow';
import { branchId } from '@relight/powerflow';
import {
  createEnergisationWorkspace,
  energiseInto,
  type Energisation,
  type EnergisationWorkspace,
  type Network,
  type Positions,
} from '@relight/topology';

/** What was outside a limit after the trip may stay so, but grow by no more than this share. */
const NO_WORSE = 1e-4;

/** How one state of the switches stands, over the trees that the plan touches. */
export interface JudgedState {
  /** The first limit broken that was not broken as badly after the trip; null = legal. */
  readonly violation: Violation | 'notConverged' | null;
  readonly maxLoading_pct: number;
  readonly maxLoadingAt: string | null;
  readonly minVoltage_pu: number | null;
  readonly losses_W: number;
}

/**
 * The second look at every state: alternating-current load flow against all limits. One judge
 * serves one plan; it keeps the state after the trip to compare with.
 */
export class StateJudge {
  readonly network: Network;
  readonly loads: LoadState;
  /** State after the trip, all sources. */
  readonly base: LoadFlow;
  readonly baseViolations: readonly Violation[];
  /** Load flows solved so far. */
  solved = 0;
  readonly #emergency: boolean;
  readonly #lost: ReadonlySet<number>;
  readonly #flow: LoadFlowWorkspace;
  readonly #state: EnergisationWorkspace;
  readonly #tolerated: ReadonlyMap<string, number>;

  constructor(
    network: Network,
    loads: LoadState,
    positions: Positions,
    lostSources: ReadonlySet<number>,
    emergencyRatings: boolean,
  ) {
    this.network = network;
    this.loads = loads;
    this.#lost = lostSources;
    this.#emergency = emergencyRatings;
    this.#flow = createLoadFlowWorkspace(network);
    this.#state = createEnergisationWorkspace(network);
    const energisation = this.energise(positions);
    // Generators of the outage give nothing for the whole plan; the others go on as they are.
    for (const unit of network.grid.generators) {
      if (energisation.nodeSource[unit.node] !== -1) continue;
      this.#flow.generatedActive_pu[unit.node] = 0;
      this.#flow.generatedReactive_pu[unit.node] = 0;
    }
    this.base = copyLoadFlow(network, this.#solve(positions, energisation, undefined));
    this.baseViolations = this.base.converged ? this.#violations(this.base) : [];
    this.#tolerated = new Map(
      this.baseViolations.map((found) => [`${found.kind} ${found.equipment}`, found.value]),
    );
  }

  /** Energisation of a state; written over by the next call. */
  energise(positions: Positions): Energisation {
    return energiseInto(this.#state, positions, { lostSources: this.#lost });
  }

  /** Load flow of a state over the trees of `sources`; written over by the next call. */
  flowOf(positions: Positions, energisation: Energisation, sources: ReadonlySet<number>): LoadFlow {
    return this.#solve(positions, energisation, sources);
  }

  judge(
    positions: Positions,
    energisation: Energisation,
    sources: ReadonlySet<number>,
  ): JudgedState {
    if (sources.size === 0) {
      return {
        violation: null,
        maxLoading_pct: 0,
        maxLoadingAt: null,
        minVoltage_pu: null,
        losses_W: 0,
      };
    }
    const flow = this.#solve(positions, energisation, sources);
    return this.judgeFlow(flow);
  }

  judgeFlow(flow: LoadFlow): JudgedState {
    if (!flow.converged) {
      return {
        violation: 'notConverged',
        maxLoading_pct: 0,
        maxLoadingAt: null,
        minVoltage_pu: null,
        losses_W: 0,
      };
    }
    const worst = this.#worstLoading(flow);
    return {
      violation: this.#violations(flow).find((found) => !this.#wasSoBefore(found)) ?? null,
      maxLoading_pct: worst.loading_pct,
      maxLoadingAt: worst.at,
      minVoltage_pu: lowestVoltage(flow)?.voltage_pu ?? null,
      losses_W: flow.losses_W,
    };
  }

  #violations(flow: LoadFlow): readonly Violation[] {
    return violations(this.network, flow, { emergencyRatings: this.#emergency });
  }

  #wasSoBefore(found: Violation): boolean {
    const before = this.#tolerated.get(`${found.kind} ${found.equipment}`);
    if (before === undefined) return false;
    const low = found.kind === 'voltage' && found.value < found.allowed;
    return low ? found.value >= before * (1 - NO_WORSE) : found.value <= before * (1 + NO_WORSE);
  }

  #worstLoading(flow: LoadFlow): { loading_pct: number; at: string | null } {
    let loading_pct = 0;
    let worst = -1;
    for (let branch = 0; branch < this.network.branchCount; branch++) {
      if (flow.current_A[branch] === 0) continue;
      const value = branchLoading_pct(this.network, flow, branch) ?? 0;
      if (value <= loading_pct) continue;
      loading_pct = value;
      worst = branch;
    }
    return { loading_pct, at: worst === -1 ? null : branchId(this.network, worst) };
  }

  #solve(
    positions: Positions,
    energisation: Energisation,
    onlySources: ReadonlySet<number> | undefined,
  ): LoadFlow {
    this.solved += 1;
    return solveLoadFlowInto(this.#flow, {
      network: this.network,
      positions,
      energisation,
      loads: this.loads,
      generators: true,
      ...(onlySources === undefined ? {} : { onlySources }),
    });
  }
}
