import type { Network, Positions } from '@relight/topology';
import type { LoadState } from '@relight/powerflow';
import type { Bilingual, FaultCandidate, Plan } from '@relight/contract';

/** What may not be used, and how far the engine may go; ids are resolved by the caller to indices. */
export interface PlanOptions {
  /** Switches commands do not move (protection still opened them). */
  readonly stuck: ReadonlySet<number>;
  /** Switches whose position is not known. */
  readonly untrusted: ReadonlySet<number>;
  /** Switches that may not be operated (tag, local, block). */
  readonly blocked: ReadonlySet<number>;
  /** Switches that the automation may not operate by the mode of their feeder or their own. */
  readonly outOfMode: ReadonlySet<number>;
  /** Nodes that may not be energised (tag, crew). */
  readonly keepDead: ReadonlySet<number>;
  /**
   * Sections in which conductors were joined and the phase order has not been confirmed since: no
   * parallel through them, and no tie that feeds them or is fed through them.
   */
  readonly phaseUnconfirmed: ReadonlySet<number>;
  readonly coldLoadFactor: number;
  readonly noTransfer: boolean;
  readonly allowShedding: boolean;
  readonly includeManual: boolean;
  readonly emergencyRatings: boolean;
  /**
   * Load and generation expected over the repair, hour by hour: every state is judged by each of
   * them, as by the load of now. Empty: by the load of now alone.
   */
  readonly forecast: readonly ForecastHour[];
  /** Hours until the repair is expected to be done; null: nobody said. */
  readonly repair_h: number | null;
  /** Budget in search steps; the shell turns milliseconds into steps. */
  readonly searchSteps: number;
}

/** One hour of a forecast. */
export interface ForecastHour {
  /** Hours from now, above 0. */
  readonly ahead_h: number;
  /** Hours from now until which it holds; absent: for `ahead_h` alone. */
  readonly until_h?: number;
  /** By load index: expected load over the load before the fault, not negative. */
  readonly factor: Float64Array;
  /** By load index, on top of that: what loads will take that take nothing now. Absent: nothing. */
  readonly added?: LoadState;
  /**
   * By generator index: expected power over that of now, which is the file's; not negative. Absent:
   * each goes on as it is. Those in the outage give nothing, whatever is expected.
   */
  readonly generation?: Float64Array;
}

/** Where the fault is taken to be. Sections are indices of the network. */
export interface FaultLocation {
  /** Ranked, most probable first. */
  readonly candidates: readonly LocatedSection[];
  /** Smallest connected set with the wanted probability: to be isolated and kept dead. */
  readonly isolate: readonly number[];
  /** Probability that the fault lies outside `isolate`. */
  readonly outside: number;
  readonly because: readonly Bilingual[];
}

export interface LocatedSection {
  readonly section: number;
  readonly probability: number;
  readonly because: readonly { readonly supports: boolean; readonly text: Bilingual }[];
}

export interface PlanRequest {
  readonly network: Network;
  /** State before the fault. */
  readonly positionsBefore: Positions;
  /** State now: what protection opened is open, steps already carried out have moved. */
  readonly positionsNow: Positions;
  /** Gross load before the fault. */
  readonly loads: LoadState;
  readonly faultedSections: readonly number[];
  /** Where protection lost a whole source: source indices that supply nothing. */
  readonly lostSources: readonly number[];
  /** Ids of what protection opened (or the lost source). */
  readonly tripped: readonly string[];
  readonly candidates: readonly FaultCandidate[];
  readonly because: readonly Bilingual[];
  readonly options: PlanOptions;
  /** Where live parts that may feed the fault have been switched off first; see `planWidened`. */
  readonly widened?: WidenedIsolation;
}

/** A plan that goes on from a later state than the one protection left. */
export interface WidenedIsolation {
  /** The state that protection left. Limits, cold load and dead-only switches go by it. */
  readonly positionsAfterTrip: Positions;
  /**
   * By section: 1 where load that is switched off need not be given supply again, unless it is
   * critical. Everybody else who can be has to be.
   */
  readonly mayLose: Uint8Array;
}

export interface PlanRefusal {
  readonly kind: 'noFault' | 'cannotKeepDead';
  readonly text: Bilingual;
  /** Equipment ids that show why. */
  readonly equipment: readonly string[];
}

/** A plan without its computing time, plus what the step machine needs beside the file. */
export interface PlannedRestoration {
  readonly plan: Plan;
  /** Section indices that stay dark and why, largest first. */
  readonly staysDark: readonly { readonly section: number; readonly why: Bilingual }[];
  /** Helping feeders (indices) whose automation modes count too. */
  readonly helpingFeeders: readonly number[];
}
