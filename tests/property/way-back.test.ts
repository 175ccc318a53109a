import type { GridFile, Plan } from '@relight/contract';
import { planOptions, planReturn } from '@relight/flisr';
import { loadStateFromGrid } from '@relight/powerflow';
import { compileNetwork, normalPositions } from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { planFor, faultOf } from '../kit/random-request.ts';
import {
  exceeded,
  objectionsToMove,
  objectionsToState,
  strainIn,
  type Situation,
} from '../kit/switching-rules.ts';
import {
  independentLoops,
  liveNodes,
  moved,
  normalState,
  type SwitchingState,
} from '../kit/switching-state.ts';

/** The grid as restoration left it, the fault mended since. */
function afterRestoration(file: GridFile, pick: number): SwitchingState | null {
  const { result } = planFor(file, [faultOf(file, pick)]);
  if (!result.ok) return null;
  const open = new Set(result.value.plan.result.openSwitches);
  const closed = (file.switches ?? []).map(({ id }) => id).filter((id) => !open.has(id));
  return { ...normalState(file, new Set()), closed: new Set(closed) };
}

function planBack(file: GridFile, state: SwitchingState): Plan {
  const network = compileNetwork(modelOf(file));
  const positionsNow = normalPositions(network).map((_, at) =>
    state.closed.has(network.grid.switches[at]?.id ?? '') ? 1 : 0,
  );
  const loads = loadStateFromGrid(network);
  return planReturn({ network, positionsNow, loads, options: planOptions() }).plan;
}

/** What speaks against each step and state, by the rules of the independent checker. */
function objections(file: GridFile, start: SwitchingState, plan: Plan): readonly string[] {
  const normal = normalState(file, new Set());
  const nothing = { tripped: new Set<string>(), faulted: new Set<string>() };
  const base = {
    asked: { grid: file, faults: [] },
    before: normal,
    trip: { after: start, broken: new Set<string>(), ...nothing },
    loadFactor: new Map<string, number>(),
  };
  const situation: Situation = { ...base, firstStrain: strainIn(base, start) };
  const wrong: string[] = [];
  let now = start;
  for (const step of plan.steps) {
    const name = `${step.n} ${step.action} ${step.switch}`;
    wrong.push(...objectionsToMove(situation, now, step).map((why) => `${name}: ${why}`));
    now = moved(now, step.switch, step.action);
    const loops = step.purpose === 'parallel' ? 1 : 0;
    wrong.push(
      ...objectionsToState(situation, now, loops).map((why) => `after ${name}: ${why}`),
      ...exceeded(situation, strainIn(base, now)).map((why) => `after ${name}: ${why}`),
    );
  }
  const atEnd = liveNodes(now);
  const lost = [...liveNodes(start)].filter((node) => !atEnd.has(node));
  if (lost.length > 0) wrong.push(`live before and dark at the end: ${lost.join(' ')}`);
  if (independentLoops(now) > 0) wrong.push('a parallel stands at the end');
  const left = (file.switches ?? []).filter(
    ({ id, normallyOpen }) => now.closed.has(id) === (normallyOpen === true),
  );
  const told = plan.advisory.join(' ');
  const moveable = left.filter(
    ({ remote, kind }) =>
      remote === true && (kind === 'breaker' || kind === 'recloser' || kind === 'loadBreakSwitch'),
  );
  const unsaid = moveable.filter(({ id }) => !told.includes(id));
  return [
    ...wrong,
    ...unsaid.map(({ id }) => `off its normal position, and nobody is told: ${id}`),
  ];
}

test('every way back from a restoration is legal at each step, and leaves nobody dark who was served', () => {
  let withSteps = 0;
  const joinable = randomGrid.map((file) => ({
    ...file,
    switches: (file.switches ?? []).map((each) => ({ ...each, parallelAllowed: true })),
  }));
  fc.assert(
    fc.property(fc.oneof(randomGrid, joinable), fc.nat(400), (file, pick) => {
      const start = afterRestoration(file, pick);
      fc.pre(start !== null);
      if (start === null) return;
      const plan = planBack(file, start);
      if (plan.steps.length > 0) withSteps += 1;
      expect(objections(file, start, plan)).toEqual([]);
    }),
    runs(120),
  );
  expect(withSteps).toBeGreaterThan(20);
});
