import type { Plan } from '@relight/contract';
import { checkPlan } from './check-plan.ts';
import {
  exceeded,
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
import { liveNodes, moved, servedNodes, type SwitchingState } from './switching-state.ts';

/**
 * Carries a plan of two phases out on paper: the first by the rules of any plan, the second by the same
 * rules with people on the spot, who reach what is not remote and move a fuse while it is dead.
 * @returns What is wrong; empty if nothing.
 */
export function checkCrews(asked: PlanCase, plan: Plan): readonly string[] {
  const situation = situationOf(asked);
  const wrong: string[] = [];
  const remote = { ...plan, steps: plan.steps.filter(({ phase }) => phase === 1) };
  wrong.push(...checkPlan(asked, remote).filter((why) => !why.startsWith('dark at the end, and')));
  let now = remote.steps.reduce(
    (state, step) => moved(state, step.switch, step.action),
    situation.trip.after,
  );
  for (const step of plan.steps.slice(remote.steps.length)) {
    const name = `step ${step.n} by a crew, ${step.action} ${step.switch}`;
    const reasons = objectionsToMove(situation, now, step).filter(
      (why) => why !== 'is not remote' || isFuse(situation, step.switch),
    );
    const doubt = feedsFromDoubt(situation, now, step);
    if (step.phase !== 2) reasons.push('a step of the first phase after one of the second');
    if (doubt !== null) reasons.push(doubt);
    reasons.push(...objectionsToFuse(situation, now, step));
    now = moved(now, step.switch, step.action);
    reasons.push(
      ...objectionsToState(situation, now, step.purpose === 'parallel' ? 1 : 0),
      ...objectionsToLife(situation, now),
      ...exceeded(situation, strainIn(situation, now)),
    );
    wrong.push(...reasons.filter((why) => why !== 'is not remote').map((why) => `${name}: ${why}`));
  }
  wrong.push(...endDiffers(situation, now, plan));
  return wrong;
}

function isFuse({ asked }: Situation, id: string): boolean {
  return asked.grid.switches?.find((each) => each.id === id)?.kind === 'fuse';
}

/** A fuse is moved only while it is dead; a blown one, or one that was out, is not put in. */
function objectionsToFuse(
  situation: Situation,
  now: SwitchingState,
  step: Plan['steps'][number],
): readonly string[] {
  const each = situation.asked.grid.switches?.find(({ id }) => id === step.switch);
  if (each?.kind !== 'fuse') return [];
  const live = liveNodes(now, true);
  const wrong: string[] = [];
  if (live.has(each.from) || live.has(each.to)) wrong.push('a fuse that may be live');
  if (step.action === 'close' && !situation.trip.after.closed.has(each.id)) {
    wrong.push('a fuse that was out');
  }
  return wrong;
}

function endDiffers(
  situation: Situation,
  end: SwitchingState,
  { steps, resultWithCrews }: Plan,
): readonly string[] {
  if (resultWithCrews === undefined) return ['nothing is said about the end'];
  const { asked, before, trip } = situation;
  const wasLive = liveNodes(before);
  const served = servedNodes(end, trip.after);
  const dark = (asked.grid.loads ?? []).filter(
    ({ node }) => wasLive.has(node) && !served.has(node),
  );
  const customers = dark.reduce((sum, load) => sum + (load.customers ?? 0), 0);
  const wrong: string[] = [];
  if (customers !== resultWithCrews.unrestored.customers) {
    wrong.push(`dark with crews: ${resultWithCrews.unrestored.customers} for ${customers}`);
  }
  if (resultWithCrews.switchOperations !== steps.length) wrong.push('steps with crews');
  const mayLose = new Set(mayBeLost(situation).flatMap((nodes) => [...nodes]));
  return [...wrong, ...objectionsToEnd(situation, end, mayLose)];
}
