import { UNKNOWN, type Energisation, type Network } from '@relight/topology';
import type { LoadState } from '@relight/powerflow';
import type { PlanRequest } from '../plan-request.ts';
import { forecastLoads, heaviestFirst } from './forecast-loads.ts';
import { kernelOf, moveTo, type Kernel } from './kernel.ts';
import { readPhaseDoubt, type PhaseDoubt } from './phase-order.ts';
import { mustStayDead, type MustStayDead } from './must-stay-dead.ts';
import { reachAll } from './reach.ts';
import type { Reach } from './reach.ts';
import { StateJudge } from './state-judge.ts';
import { movesOnlyDead, switchBars, type Bar } from './switch-permission.ts';

/** What the loads of a section are worth in the objective; kW to 0.001, so whole watts. */
export interface SectionValues {
  readonly critical_W: Float64Array;
  readonly important_W: Float64Array;
  readonly customers: Float64Array;
  readonly active_W: Float64Array;
}

/** One request, read once: the facts that search, sequence and figures share. */
export interface RestorationProblem {
  readonly request: PlanRequest;
  readonly network: Network;
  readonly before: Energisation;
  /** After the trip, with the positions as last known. */
  readonly now: Energisation;
  /** Positions after the trip; what is not trusted is UNKNOWN. */
  readonly positions: Uint8Array;
  readonly bars: readonly Bar[];
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
  const afterTrip =
    widened === undefined
      ? now.nodeSource
      : moveTo(kernel.probe, widened.positionsAfterTrip).nodeSource.slice();
  const doubtful = options.untrusted.size === 0 ? now : moveTo(kernel.probe, positions);
  const bars = switchBars(network, options, afterTrip, positions, crews);
  const deadOnlyInDoubt =
    options.untrusted.size > 0 &&
    network.grid.switches.some(
      (device, at) =>
        movesOnlyDead(device) &&
        bars[at] === null &&
        (doubtful.maybeLive[device.from] === 1 || doubtful.maybeLive[device.to] === 1),
    );
  const stayDead = mustStayDead(request, before, now, doubtful.maybeLive, positions, bars);

  const liveSections = (nodeSource: Int32Array): Uint8Array => {
    const live = new Uint8Array(network.sectionCount);
    for (let section = 0; section < live.length; section++) {
      const node = network.sectionNodes[network.sectionStart[section]!]!;
      live[section] = nodeSource[node] === -1 ? 0 : 1;
    }
    return live;
  };
  const wasLive = liveSections(before.nodeSource);
  const isLive = liveSections(now.nodeSource);
  const liveAfterTrip = widened === undefined ? isLive : liveSections(afterTrip);
  const doubtfulAfterTrip = new Uint8Array(network.sectionCount);
  if (options.untrusted.size > 0) {
    const sure = (widened?.positionsAfterTrip ?? request.positionsNow).slice();
    for (const at of options.untrusted) sure[at] = UNKNOWN;
    const isSure = liveSections(moveTo(kernel.probe, sure).nodeSource);
    liveAfterTrip.forEach((live, section) => {
      doubtfulAfterTrip[section] = live & +(isSure[section] === 0);
    });
  }
  const values = sectionValues(request);
  const judgedLoads = coldLoads(request, afterTrip);
  const mustServe = servedSections(request, isLive, values);
  if (widened !== undefined) {
    const cutOff = liveAfterTrip.map((live, section) =>
      live === 1 && isLive[section] === 0 && stayDead.reason[section] === null ? 1 : 0,
    );
    const again = servedSections(request, cutOff, values);
    const critical = servedSections(
      { ...request, options: { ...options, allowShedding: true } },
      cutOff,
      values,
    );
    again.forEach((must, section) => {
      if ((widened.mayLose[section] === 1 ? critical[section] : must) === 1) mustServe[section] = 1;
    });
  }
  const tagged = new Uint8Array(network.sectionCount);
  for (const node of options.keepDead) tagged[network.nodeSection[node]!] = 1;
  for (const { canIsland, node } of network.grid.generators) {
    if (canIsland) tagged[network.nodeSection[node]!] = 1;
  }
  const reach = reachAll(network);
  moveTo(kernel.probe, request.positionsNow);
  const afterwards = {
    positions: widened?.positionsAfterTrip ?? request.positionsNow,
    nodeSource: afterTrip,
    state: now,
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

/** The values of the loads last planned with: they are read from every load of the grid. */
const valuesOf = new WeakMap<LoadState, { network: Network; values: SectionValues }>();

/** Whole watts, so that sums are exact and do not depend on their order. */
function sectionValues({ network, loads }: PlanRequest): SectionValues {
  const known = valuesOf.get(loads);
  if (known?.network === network) return known.values;
  const column = (): Float64Array => new Float64Array(network.sectionCount);
  const values = {
    critical_W: column(),
    important_W: column(),
    customers: column(),
    active_W: column(),
  };
  network.grid.loads.forEach((load, at) => {
    const section = network.nodeSection[load.node]!;
    const active = Math.round(loads.activePower_W[at]!);
    values.active_W[section]! += active;
    values.customers[section]! += load.customers;
    if (load.priority === 'critical') values.critical_W[section]! += active;
    if (load.priority === 'important') values.important_W[section]! += active;
  });
  valuesOf.set(loads, { network, values });
  return values;
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

interface LoadedSections {
  /** By section: 1 where it holds a load, and where it holds a critical one. */
  readonly loaded: Uint8Array;
  readonly critical: Uint8Array;
}

const loadedOf = new WeakMap<Network, LoadedSections>();

function loadedSections(network: Network): LoadedSections {
  const known = loadedOf.get(network);
  if (known !== undefined) return known;
  const found = {
    loaded: new Uint8Array(network.sectionCount),
    critical: new Uint8Array(network.sectionCount),
  };
  for (const load of network.grid.loads) {
    const section = network.nodeSection[load.node]!;
    found.loaded[section] = 1;
    if (load.priority === 'critical') found.critical[section] = 1;
  }
  loadedOf.set(network, found);
  return found;
}

/** Nobody served now is left dark; where shedding is allowed, still nobody critical. */
function servedSections(
  { options, network }: PlanRequest,
  isLive: Uint8Array,
  values: SectionValues,
): Uint8Array {
  const { critical, loaded } = loadedSections(network);
  return isLive.map((live, section) => {
    if (live === 0) return 0;
    if (options.allowShedding) return critical[section]!;
    return loaded[section] === 1 &&
      (values.customers[section] !== 0 || values.active_W[section] !== 0)
      ? 1
      : 0;
  });
}
