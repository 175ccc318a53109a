import type { Plan } from '@relight/contract';
import { checkFigures } from './check-figures.ts';
import type { Strain } from './limits.ts';
import {
  exceeded,
  exceededWithout,
  feedsFromDoubt,
  mayBeLost,
  objectionsToEnd,
  objectionsToLife,
  objectionsToMove,
  objectionsToState,
  situationOf,
  strainIn,
  type PlanCase,
  type Situation,
} from './switching-rules.ts';
import {
  carrying,
  liveNodes,
  moved,
  reach,
  servedNodes,
  type SwitchingState,
} from './switching-state.ts';

/** One walk through a plan: every state, the first being that after the trip. */
export interface Walk extends Situation {
  readonly states: readonly SwitchingState[];
  readonly strains: readonly Strain[];
  readonly end: SwitchingState;
}

/**
 * Carries a plan out on paper and says which rules it breaks; empty if none. Independent of the
 * engine: the grid file, plain searches, a load flow of its own.
 */
export function checkPlan(asked: PlanCase, plan: Plan): readonly string[] {
  const situation = situationOf(asked);
  const { after, tripped } = situation.trip;
  const broken: string[] = [];
  if (!sameIds(plan.tripped, tripped)) {
    broken.push(`tripped: ${plan.tripped.join(' ')} for ${[...tripped].join(' ')}`);
  }
  const states = [after];
  for (const step of plan.steps) {
    const now = states.at(-1) ?? after;
    for (const reason of objectionsToMove(situation, now, step)) {
      broken.push(`step ${step.n} ${step.action} ${step.switch}: ${reason}`);
    }
    const doubt = feedsFromDoubt(situation, now, step);
    if (doubt !== null) broken.push(`step ${step.n} ${step.action} ${step.switch}: ${doubt}`);
    states.push(moved(now, step.switch, step.action));
  }
  const strains = states.map((state) => strainIn(situation, state));
  broken.push(...objectionsWhileGeneratorsStart(situation, states));
  const walk: Walk = { ...situation, states, strains, end: states.at(-1) ?? after };
  states.forEach((state, at) => {
    const strain = strains[at];
    // An unknown switch may feed the fault after the trip: it is cut off before anything closes.
    const mustBeSafe =
      at === states.length - 1 || plan.steps.slice(0, at).some((step) => step.action === 'close');
    const reasons = [
      ...objectionsToState(situation, state, loopsAfter(plan, at)),
      ...(mustBeSafe ? objectionsToLife(situation, state) : []),
      ...(at === 0 || strain === undefined ? [] : exceeded(situation, strain)),
    ];
    for (const reason of reasons) broken.push(`after step ${at}: ${reason}`);
  });
  broken.push(
    ...objectionsToLosses(walk, plan),
    ...isolatedDiffers(walk, plan),
    ...checkFigures(walk, plan),
  );
  return broken;
}

/** One that the plan has switched off does not give again at once: the states after it bear that. */
function objectionsWhileGeneratorsStart(
  situation: Situation,
  states: readonly SwitchingState[],
): readonly string[] {
  const { generatorsOff, asked } = situation;
  const off = new Set<string>();
  const wrong: string[] = [];
  states.forEach((state, at) => {
    for (const { id, node } of asked.grid.generators ?? []) {
      if (!generatorsOff.has(id) && !liveNodes(state).has(node)) off.add(id);
    }
    for (const reason of at === 0 ? [] : exceededWithout(situation, state, off)) {
      wrong.push(`after step ${at}, with generators that start: ${reason}`);
    }
  });
  return wrong;
}

/** Loops that may stand after so many steps: one between a parallel and the open that follows. */
function loopsAfter({ steps }: Plan, count: number): number {
  const isParallel = steps[count - 1]?.purpose === 'parallel';
  return isParallel && steps[count]?.action === 'open' ? 1 : 0;
}

/** Who is served after the trip and dark at the end: nobody, or as few as must be, and named. */
function objectionsToLosses(walk: Walk, plan: Plan): readonly string[] {
  const { asked, trip, end } = walk;
  const mayLose = new Set(mayBeLost(walk).flatMap((nodes) => [...nodes]));
  const told = plan.advisory.join(' ');
  const servedBefore = liveNodes(trip.after);
  const atEnd = servedNodes(end, trip.after);
  const untold = (asked.grid.loads ?? [])
    .filter((load) => servedBefore.has(load.node) && !atEnd.has(load.node))
    .filter((load) => !told.includes(load.name ?? load.id))
    .map((load) => `dark at the end, and nobody is told: ${load.id}`);
  return [...objectionsToEnd(walk, end, mayLose), ...untold];
}

function sameIds(one: Iterable<string>, other: Iterable<string>): boolean {
  return [...one].sort().join(' ') === [...other].sort().join(' ');
}

/** Dead equipment that is left connected to the fault. */
function isolatedDiffers({ asked, trip, end }: Walk, plan: Plan): readonly string[] {
  const part = reach(trip.faulted, carrying(end, true));
  const branches = [...(asked.grid.lines ?? []), ...(asked.grid.transformers ?? [])];
  const ids = [
    ...branches.filter((branch) => part.has(branch.from)).map((each) => each.id),
    ...part,
  ];
  if (sameIds(plan.fault.isolated, ids)) return [];
  return [`isolated: ${plan.fault.isolated.join(' ')} for ${ids.join(' ')}`];
}
