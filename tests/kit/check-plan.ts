import type { GridFile, Plan } from '@relight/contract';
import { checkFigures } from './check-figures.ts';
import { strainOf, type LimitOptions, type Strain } from './limits.ts';
import {
  carrying,
  independentLoops,
  liveNodes,
  moved,
  normalState,
  reach,
  sourceNodes,
  wayToSource,
  type SwitchingState,
} from './switching-state.ts';
import { trip, type Trip } from './trip.ts';

/** The request a plan answers, in ids. */
export interface PlanCase {
  readonly grid: GridFile;
  readonly faults: readonly string[];
  readonly stuck?: ReadonlySet<string>;
  readonly untrusted?: ReadonlySet<string>;
  readonly blocked?: ReadonlySet<string>;
  /** Nodes. */
  readonly keepDead?: ReadonlySet<string>;
  readonly coldLoadFactor?: number;
  readonly allowShedding?: boolean;
  readonly noTransfer?: boolean;
  readonly emergencyRatings?: boolean;
}

/** One walk through a plan: every state, the first being that after the trip. */
export interface Walk {
  readonly asked: PlanCase;
  readonly before: SwitchingState;
  readonly trip: Trip;
  readonly states: readonly SwitchingState[];
  readonly strains: readonly Strain[];
}

/** Something worse than it already was by less than this is not made worse. */
const NOT_WORSE = 1e-4;
/** Two load flows agree only so far. */
const ROUNDING = 1e-5;

/**
 * Carries a plan out on paper and says which rules it breaks; empty if none. Independent of the
 * engine: the grid file, plain searches, a load flow of its own.
 */
export function checkPlan(asked: PlanCase, plan: Plan): readonly string[] {
  const before = normalState(asked.grid, asked.untrusted ?? new Set());
  const tripped = trip(before, asked.faults);
  const broken: string[] = [];
  if (!sameIds(plan.tripped, tripped.tripped)) {
    broken.push(`tripped: ${plan.tripped.join(' ')} for ${[...tripped.tripped].join(' ')}`);
  }
  const states = [tripped.after];
  for (const step of plan.steps) {
    const now = states.at(-1) ?? tripped.after;
    for (const reason of objectionsTo(asked, tripped, now, step)) {
      broken.push(`step ${step.n} ${step.action} ${step.switch}: ${reason}`);
    }
    states.push(moved(now, step.switch, step.action));
  }
  const limits: LimitOptions = {
    emergencyRatings: asked.emergencyRatings === true,
    loadFactor: coldLoads(asked, before, tripped.after),
  };
  const strains = states.map((state) => strainOf(state, limits));
  const walk: Walk = { asked, before, trip: tripped, states, strains };
  states.forEach((state, at) => {
    const reasons = [...objectionsToState(walk, state), ...exceeded(walk, at)];
    for (const reason of reasons) broken.push(`after step ${at}: ${reason}`);
  });
  broken.push(
    ...objectionsToEnd(walk),
    ...isolatedDiffers(walk, plan),
    ...checkFigures(walk, plan),
  );
  return broken;
}

function sameIds(one: Iterable<string>, other: Iterable<string>): boolean {
  return [...one].sort().join(' ') === [...other].sort().join(' ');
}

function objectionsTo(
  asked: PlanCase,
  { broken }: Trip,
  now: SwitchingState,
  step: Plan['steps'][number],
): readonly string[] {
  const each = (asked.grid.switches ?? []).find((other) => other.id === step.switch);
  if (each === undefined) return ['no such switch'];
  const reasons: string[] = [];
  if (asked.stuck?.has(each.id) || broken.has(each.id)) reasons.push('is stuck');
  if (asked.blocked?.has(each.id)) reasons.push('is blocked');
  if (asked.untrusted?.has(each.id)) reasons.push('its position is not known');
  if (each.remote !== true || each.kind === 'fuse') reasons.push('is not remote');
  if (now.closed.has(each.id) === (step.action === 'close')) reasons.push('is there already');
  if (each.kind === 'disconnector' || each.kind === 'sectionaliser') {
    const maybe = liveNodes(now, true);
    if (maybe.has(each.from) || maybe.has(each.to)) reasons.push('moves only dead');
  }
  if (step.action === 'close') {
    const others = carrying(now, true).filter((branch) => branch.id !== each.id);
    const near = reach([each.from], others);
    const far = reach([each.to], others);
    const isFed = (part: ReadonlySet<string>): boolean =>
      sourceNodes(now).some((source) => part.has(source));
    if (near.has(each.to)) reasons.push('may close a loop');
    else if (isFed(near) && isFed(far)) reasons.push('may join two sources');
  }
  if (asked.noTransfer === true && step.action === 'open' && liveNodes(now).has(each.from)) {
    if (now.closed.has(each.id)) reasons.push('opens a live switch');
  }
  return reasons;
}

function objectionsToState(
  { asked, before, trip }: Walk,
  state: SwitchingState,
): readonly string[] {
  const reasons: string[] = [];
  const maybe = liveNodes(state, true);
  const live = liveNodes(state);
  const wasLive = liveNodes(before);
  const firstLive = liveNodes(trip.after, true);
  const name = (what: string, nodes: Iterable<string>): void => {
    const [first] = [...nodes].filter((node) => maybe.has(node));
    if (first !== undefined) reasons.push(`${what} live: ${first}`);
  };
  name('the fault is', trip.faulted);
  name(
    'to be kept dead, but',
    [...(asked.keepDead ?? [])].filter((node) => !firstLive.has(node)),
  );
  const lost = asked.grid.sources.filter((source) => trip.after.lost.has(source.id));
  name(
    'a lost source that may return is',
    lost.map((source) => source.node),
  );
  const [intruder] = [...live].filter((node) => !wasLive.has(node));
  if (intruder !== undefined) reasons.push(`was dark before the fault: ${intruder}`);
  if (independentLoops(state) > 0) reasons.push('a loop or two sources joined');
  const nominal = new Map(asked.grid.nodes.map((node) => [node.id, node.nominalVoltage_kV]));
  const kV = (node: string): number => nominal.get(node) ?? 0;
  for (const transformer of asked.grid.transformers ?? []) {
    const { from, to } = transformer;
    const [high, low] = kV(from) >= kV(to) ? [from, to] : [to, from];
    const way = live.has(high) ? wayToSource(state, high) : null;
    if (kV(high) > kV(low) && way?.[0]?.id === transformer.id) {
      reasons.push(`fed from its low side: ${transformer.id}`);
    }
  }
  return reasons;
}

/** Limits exceeded in a state, and more than they were after the trip. */
function exceeded({ strains }: Walk, at: number): readonly string[] {
  const [first] = strains;
  const now = strains[at];
  if (at === 0 || first === undefined || now === undefined) return [];
  if (!now.solved) return first.solved ? ['the load flow has no solution'] : [];
  return [...now.shares]
    .filter(([what, share]) => {
      const earlier = first.shares.get(what) ?? 0;
      return share > 1 + ROUNDING && share > earlier * (1 + NOT_WORSE + ROUNDING);
    })
    .map(([what, share]) => `${what}: ${(100 * share).toFixed(3)} % of what is allowed`);
}

function objectionsToEnd({ asked, trip, states }: Walk): readonly string[] {
  if (asked.allowShedding === true) return [];
  const servedBefore = liveNodes(trip.after);
  const servedAtEnd = liveNodes(states.at(-1) ?? trip.after);
  return (asked.grid.loads ?? [])
    .filter((load) => servedBefore.has(load.node) && !servedAtEnd.has(load.node))
    .map((load) => `served after the trip, dark at the end: ${load.id}`);
}

/** Dead equipment that is left connected to the fault. */
function isolatedDiffers({ asked, trip, states }: Walk, plan: Plan): readonly string[] {
  const end = states.at(-1) ?? trip.after;
  const part = reach(trip.faulted, carrying(end, true));
  const branches = [...(asked.grid.lines ?? []), ...(asked.grid.transformers ?? [])];
  const ids = [
    ...branches.filter((branch) => part.has(branch.from)).map((each) => each.id),
    ...part,
  ];
  if (sameIds(plan.fault.isolated, ids)) return [];
  return [`isolated: ${plan.fault.isolated.join(' ')} for ${ids.join(' ')}`];
}

function coldLoads(
  asked: PlanCase,
  before: SwitchingState,
  after: SwitchingState,
): ReadonlyMap<string, number> {
  const wasLive = liveNodes(before);
  const stillLive = liveNodes(after);
  const inOutage = (asked.grid.loads ?? []).filter(
    (load) => wasLive.has(load.node) && !stillLive.has(load.node),
  );
  return new Map(inOutage.map((load) => [load.id, asked.coldLoadFactor ?? 1]));
}
