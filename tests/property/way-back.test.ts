import type { GridFile, Plan, SwitchKind } from '@relight/contract';
import { planOptions, planReturn } from '@relight/flisr';
import { loadStateFromGrid } from '@relight/powerflow';
import { compileNetwork, normalPositions } from '@relight/topology';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import { furnishedGrid } from '../kit/furnished-grid.ts';
import { runs } from '../kit/random-grid.ts';
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
  sectionOf,
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

/** What a repaired part asks for; null: nothing, as where nobody says what was mended. */
interface Repair {
  /** Nodes that were faulted. */
  readonly nodes: ReadonlySet<string>;
  readonly mayInterrupt: boolean;
}

/** Everything that no switch separates from where the fault was. */
function repairedNodes(file: GridFile, fault: string): ReadonlySet<string> {
  const branches = [
    ...(file.lines ?? []),
    ...(file.transformers ?? []),
    ...(file.switches ?? []),
    ...file.sources.map(({ id, node }) => ({ id, from: node, to: node })),
  ];
  const branch = branches.find(({ id }) => id === fault);
  const ends = branch === undefined ? [fault] : [branch.from, branch.to];
  return new Set(ends.flatMap((end) => [...sectionOf(file, end)]));
}

const closesOntoFaults = (kind: SwitchKind): boolean => kind === 'breaker' || kind === 'recloser';

/** @param joined - nodes of conductors that were joined, their phase order not confirmed. */
function planBack(
  file: GridFile,
  state: SwitchingState,
  repair: Repair | null,
  joined: ReadonlySet<string> = new Set(),
): Plan {
  const network = compileNetwork(modelOf(file));
  const positionsNow = normalPositions(network).map((_, at) =>
    state.closed.has(network.grid.switches[at]?.id ?? '') ? 1 : 0,
  );
  const loads = loadStateFromGrid(network);
  const sectionsOf = (nodes: Iterable<string>): ReadonlySet<number> =>
    new Set(
      [...nodes].map((node) => network.nodeSection[network.index.node.get(node) ?? -1] ?? -1),
    );
  const energisers = network.grid.switches.flatMap(({ kind }, at) =>
    closesOntoFaults(kind) ? [at] : [],
  );
  return planReturn({
    network,
    positionsNow,
    loads,
    options: planOptions({ phaseUnconfirmed: sectionsOf(joined) }),
    ...(repair === null
      ? {}
      : {
          rules: {
            repaired: sectionsOf(repair.nodes),
            energisers: new Set(energisers),
            mayInterrupt: repair.mayInterrupt,
          },
        }),
  }).plan;
}

/** What speaks against each step where a part has been repaired, beside the rules of every plan. */
function againstRepair(
  file: GridFile,
  start: SwitchingState,
  plan: Plan,
  { nodes, mayInterrupt }: Repair,
): readonly string[] {
  const kindOf = new Map((file.switches ?? []).map(({ id, kind }) => [id, kind]));
  const loaded = new Set(
    (file.loads ?? []).flatMap(({ node, p_kW, customers }) =>
      p_kW !== 0 || (customers ?? 0) !== 0 ? [node] : [],
    ),
  );
  const wrong: string[] = [];
  const proved = new Set([...nodes].filter((node) => liveNodes(start).has(node)));
  let now = start;
  for (const step of plan.steps) {
    const name = `${step.n} ${step.action} ${step.switch}`;
    const before = liveNodes(now);
    now = moved(now, step.switch, step.action);
    const after = liveNodes(now);
    const first = [...nodes].filter((node) => after.has(node) && !proved.has(node));
    for (const node of first) proved.add(node);
    const kind = kindOf.get(step.switch) ?? 'fuse';
    if (first.length > 0 && !closesOntoFaults(kind)) {
      wrong.push(`${name}: a ${kind} energises what was faulted`);
    }
    if (first.length > 0 && !plan.reclosingOff.includes(step.switch)) {
      wrong.push(`${name}: it may reclose onto what was faulted`);
    }
    const off = [...before].filter((node) => !after.has(node) && loaded.has(node));
    if (!mayInterrupt && off.length > 0) wrong.push(`${name}: interrupts ${off.join(' ')}`);
  }
  return wrong;
}

/** What speaks against each step and state, by the rules of the independent checker. */
function objections(
  file: GridFile,
  start: SwitchingState,
  plan: Plan,
  joined: ReadonlySet<string> = new Set(),
): readonly string[] {
  const normal = normalState(file, new Set());
  const nothing = { tripped: new Set<string>(), faulted: new Set<string>() };
  const base = {
    asked: { grid: file, faults: [], phaseUnconfirmed: joined },
    before: normal,
    trip: { after: start, broken: new Set<string>(), ...nothing },
    loadFactor: new Map<string, number>(),
    generatorsOff: new Set(
      (file.generators ?? []).filter((g) => !liveNodes(start).has(g.node)).map((g) => g.id),
    ),
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

/** Grids in which some open points may be paralleled, and grids in which all may. */
const joinable = furnishedGrid.map((file) => ({
  ...file,
  sources: file.sources.map((source) => ({ ...source, angleGroup: 'one' })),
  switches: (file.switches ?? []).map((each) => ({ ...each, parallelAllowed: true })),
}));

test('every way back from a restoration is legal at each step, and leaves nobody dark who was served', () => {
  let withSteps = 0;
  fc.assert(
    fc.property(fc.oneof(furnishedGrid, joinable), fc.nat(400), (file, pick) => {
      const start = afterRestoration(file, pick);
      fc.pre(start !== null);
      if (start === null) return;
      const plan = planBack(file, start, null);
      if (plan.steps.length > 0) withSteps += 1;
      expect(objections(file, start, plan)).toEqual([]);
    }),
    runs(120),
  );
  expect(withSteps).toBeGreaterThan(20);
});

test('what was faulted is energised first by a breaker, and nobody is interrupted unasked', () => {
  let energised = 0;
  let normal = 0;
  fc.assert(
    fc.property(
      fc.oneof(furnishedGrid, joinable),
      fc.nat(400),
      fc.boolean(),
      (file, pick, mayInterrupt) => {
        const start = afterRestoration(file, pick);
        fc.pre(start !== null);
        if (start === null) return;
        const repair = { nodes: repairedNodes(file, faultOf(file, pick)), mayInterrupt };
        const plan = planBack(file, start, repair);
        expect([
          ...objections(file, start, plan),
          ...againstRepair(file, start, plan, repair),
        ]).toEqual([]);
        if (plan.steps.some(({ restoresCustomers }) => restoresCustomers > 0)) energised += 1;
        if (plan.steps.length > 0 && plan.advisory.length === 0) normal += 1;
      },
    ),
    runs(120),
  );
  expect(energised).toBeGreaterThan(20);
  expect(normal).toBeGreaterThan(10);
});

test('no way back goes through a joint of unconfirmed phase order in parallel or by a tie', () => {
  let otherWays = 0;
  fc.assert(
    fc.property(joinable, fc.nat(400), fc.nat(), (file, pick, at) => {
      const start = afterRestoration(file, pick);
      fc.pre(start !== null);
      if (start === null) return;
      // Beside a switch that would be closed in parallel, where there is one.
      const { steps } = planBack(file, start, null);
      const parallel = steps.find(({ purpose }) => purpose === 'parallel');
      const beside = file.switches?.find(({ id }) => id === parallel?.switch)?.from;
      const joined = new Set([beside ?? file.nodes[at % file.nodes.length]?.id ?? '']);
      const plan = planBack(file, start, null, joined);
      expect(objections(file, start, plan, joined)).toEqual([]);
      if (parallel === undefined) return;
      expect(plan.steps).not.toEqual(steps);
      otherWays += 1;
    }),
    runs(200),
  );
  expect(otherWays).toBeGreaterThan(3);
});
