import { UNKNOWN, type Energisation, type Network } from '@relight/topology';
import type { LoadState } from '@relight/powerflow';
import type { PlanRequest } from '../plan-request.ts';
import { uint8 } from './columns.ts';
import { forecastLoads, heaviestFirst } from './forecast-loads.ts';
import { kernelOf, moveTo, type Kernel } from './kernel.ts';
import { readPhaseDoubt, type PhaseDoubt } from './phase-order.ts';
import { factsOf } from './network-facts.ts';
import { mustStayDead, type MustStayDead } from './must-stay-dead.ts';
import { reachAll } from './reach.ts';
import type { Reach } from './reach.ts';
import { StateJudge } from './state-judge.ts';
import type { Served } from './score.ts';
import {
  placesOf,
  sectionsToServe,
  sectionValues,
  worthBeside,
  type SectionValues,
} from './section-values.ts';
import { movesOnlyDead, switchBars, type Bars } from './switch-permission.ts';

/** One request, read once: the facts that search, sequence and figures share. */
export interface RestorationProblem {
  readonly request: PlanRequest;
  readonly network: Network;
  readonly before: Energisation;
  /** After the trip, with the positions as last known. */
  readonly now: Energisation;
  /** Positions after the trip; what is not trusted is UNKNOWN. */
  readonly positions: Uint8Array;
  readonly bars: Bars;
  readonly stayDead: MustStayDead;
  /**
   * True where a switch that moves only dead may have a live side through one of unknown position:
   * plans that move others twice for its sake are not searched.
   */
  readonly deadOnlyInDoubt: boolean;
  /** By section: live before the fault. */
  readonly wasLive: Uint8Array;
  /** By section: live after the trip. */
  readonly isLive: Uint8Array;
  /** Those that are not, ascending. */
  readonly deadSections: Int32Array;
  /** What the live ones are worth together. */
  readonly served: Served;
  /**
   * By section: live in the state that protection left. What hung on a switch of unknown position
   * then counts as served wherever it is live as last known. Differs from `isLive` only where live
   * parts have been switched off first.
   */
  readonly liveAfterTrip: Uint8Array;
  /**
   * By section: 1 where it was live in that state by switches of unknown position alone. It counts as
   * served as long as it is live so; nobody else does.
   */
  readonly doubtfulAfterTrip: Uint8Array;
  /** By section: served after the trip, and to be served at the end. */
  readonly mustServe: Uint8Array;
  /**
   * By section: 1 where it is tagged, or a generator may carry it as an island, live or not: it is
   * given life by no step.
   */
  readonly tagged: Uint8Array;
  /** null where the phase order is in doubt nowhere. */
  readonly phaseDoubt: PhaseDoubt | null;
  readonly values: SectionValues;
  /** Loads to judge by: those of the outage times the cold-load factor. */
  readonly judgedLoads: LoadState;
  readonly judge: StateJudge;
  /** The judge of the hour that takes most from the sources: what it bars is barred. */
  readonly strictest: StateJudge;
  readonly kernel: Kernel;
  /** What the states of the plan can differ in. */
  readonly reach: Reach;
}

/** @param crews - true for the phase in which people operate on the spot. */
export function readProblem(request: PlanRequest, crews = false): RestorationProblem {
  const { network, options } = request;
  const lost = new Set(request.lostSources);
  const kernel = kernelOf(network, lost);
  const before = moveTo(kernel.before, request.positionsBefore);
  const now = moveTo(kernel.now, request.positionsNow);
  const positions = request.positionsNow.slice();
  for (const at of options.untrusted) positions[at] = UNKNOWN;
  const { widened } = request;
  const wasLive = kernel.before.sectionLive.slice();
  const isLive = kernel.now.sectionLive.slice();
  const deadSections = placesOf(isLive, 0);
  const afterTrip =
    widened === undefined
      ? now.nodeSource
      : moveTo(kernel.probe, widened.positionsAfterTrip).nodeSource.slice();
  const liveAfterTrip = widened === undefined ? isLive : kernel.probe.sectionLive.slice();
  const doubtful = options.untrusted.size === 0 ? now : moveTo(kernel.probe, positions);
  const facts = factsOf(network);
  const standing = crews ? facts.barsOfCrews : facts.bars;
  // Live in the state that protection left, or since: crews begin where parts have come back.
  const liveOnce =
    widened === undefined ? isLive : isLive.map((live, at) => live | liveAfterTrip[at]!);
  const bars = switchBars(network, options, standing, deadSections, liveOnce, positions, crews);
  const deadOnlyInDoubt =
    options.untrusted.size > 0 &&
    network.grid.switches.some(
      (device, at) =>
        movesOnlyDead(device) &&
        bars.of(at) === null &&
        (doubtful.maybeLive[device.from] === 1 || doubtful.maybeLive[device.to] === 1),
    );
  const { maybeLive } = doubtful;
  const stayDead = mustStayDead(request, {
    now,
    maybeLive,
    positions,
    bars,
    deadSections,
    wasLive,
  });
  const doubtfulAfterTrip = uint8(network.sectionCount);
  if (options.untrusted.size > 0) {
    const sure = (widened?.positionsAfterTrip ?? request.positionsNow).slice();
    for (const at of options.untrusted) sure[at] = UNKNOWN;
    moveTo(kernel.probe, sure);
    const isSure = kernel.probe.sectionLive;
    liveAfterTrip.forEach((live, section) => {
      doubtfulAfterTrip[section] = live & +(isSure[section] === 0);
    });
  }
  const values = sectionValues(request);
  const judgedLoads = coldLoads(request, afterTrip);
  const mustServe = sectionsToServe(values, options.allowShedding, deadSections);
  if (widened !== undefined) {
    const cutOff = liveAfterTrip.map((live, section) =>
      live === 1 && isLive[section] === 0 && !stayDead.reason.has(section) ? 1 : 0,
    );
    const others = placesOf(cutOff, 0);
    const again = sectionsToServe(values, options.allowShedding, others);
    const critical = sectionsToServe(values, true, others);
    again.forEach((must, section) => {
      if ((widened.mayLose[section] === 1 ? critical[section] : must) === 1) mustServe[section] = 1;
    });
  }
  const tagged = facts.mayIsland.slice();
  for (const node of options.keepDead) tagged[network.nodeSection[node]!] = 1;
  const reach = reachAll(network);
  moveTo(kernel.probe, request.positionsNow);
  const afterwards = {
    positions: widened?.positionsAfterTrip ?? request.positionsNow,
    nodeSource: afterTrip,
    emergencyRatings: options.emergencyRatings,
    lostSources: lost,
    reach,
  };
  const hourNow = { ahead_h: 0, loads: judgedLoads, generation: null };
  const ahead = heaviestFirst(
    forecastLoads(request.loads, options.forecast).map(
      (hour) => new StateJudge(network, hour, kernel, afterwards),
    ),
  );
  const judge = new StateJudge(network, hourNow, kernel, afterwards, ahead);
  return {
    request,
    kernel,
    reach,
    network,
    before,
    now,
    positions,
    bars,
    stayDead,
    deadOnlyInDoubt,
    wasLive,
    isLive,
    deadSections,
    served: worthBeside(values, deadSections),
    liveAfterTrip,
    doubtfulAfterTrip,
    mustServe,
    tagged,
    phaseDoubt: readPhaseDoubt(network, options.phaseUnconfirmed),
    values,
    judgedLoads,
    judge,
    strictest: ahead.length === 0 ? judge : heaviestFirst([judge, ...ahead])[0]!,
  };
}

function coldLoads({ network, loads, options }: PlanRequest, afterTrip: Int32Array): LoadState {
  if (options.coldLoadFactor === 1) return loads;
  const factor = (at: number): number =>
    afterTrip[network.loadNode[at]!] === -1 ? options.coldLoadFactor : 1;
  return {
    activePower_W: loads.activePower_W.map((power, at) => power * factor(at)),
    reactivePower_var: loads.reactivePower_var.map((power, at) => power * factor(at)),
  };
}
