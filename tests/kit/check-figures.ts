import type { Amount, GridFile, Plan } from '@relight/contract';
import type { Walk } from './check-plan.ts';
import {
  liveNodes,
  servedNodes,
  sourceNodes,
  reach,
  carrying,
  type SwitchingState,
} from './switching-state.ts';

type Load = NonNullable<GridFile['loads']>[number];

/** kW are compared to 0.001, percentages to 0.01 (formats.md), and two load flows differ a little. */
const POWER_TOLERANCE_KW = 0.002;
const LOADING_TOLERANCE_PCT = 0.02;
const VOLTAGE_TOLERANCE_PU = 1e-5;

/** Holds the figures of a plan against the walk through its states. */
export function checkFigures(walk: Walk, plan: Plan): readonly string[] {
  return [...outage(walk, plan), ...steps(walk, plan), ...finalState(walk, plan), ...proof(plan)];
}

function outage({ asked, before, trip, end }: Walk, { result }: Plan): readonly string[] {
  const loads = asked.grid.loads ?? [];
  const wasLive = liveNodes(before);
  const afterTrip = liveNodes(trip.after);
  const atEnd = servedNodes(end, trip.after);
  const served = loads.filter((load) => wasLive.has(load.node));
  const out = served.filter((load) => !afterTrip.has(load.node));
  const wanted: Record<'outage' | 'restored' | 'unrestored' | 'insideFault', Amount> = {
    outage: amountOf(out),
    restored: amountOf(out.filter((load) => atEnd.has(load.node))),
    unrestored: amountOf(served.filter((load) => !atEnd.has(load.node))),
    insideFault: amountOf(served.filter((load) => trip.faulted.has(load.node))),
  };
  return (['outage', 'restored', 'unrestored', 'insideFault'] as const)
    .filter((name) => !sameAmount(result[name], wanted[name]))
    .map((name) => `${name}: ${JSON.stringify(result[name])} for ${JSON.stringify(wanted[name])}`);
}

function amountOf(loads: readonly Load[]): Amount {
  const sum = (value: (load: Load) => number): number =>
    loads.reduce((total, load) => total + value(load), 0);
  return {
    customers: sum((load) => load.customers ?? 0),
    p_kW: sum((load) => load.p_kW),
    critical_kW: sum((load) => (load.priority === 'critical' ? load.p_kW : 0)),
  };
}

function sameAmount(one: Amount, other: Amount): boolean {
  return (
    one.customers === other.customers &&
    Math.abs(one.p_kW - other.p_kW) <= POWER_TOLERANCE_KW &&
    Math.abs(one.critical_kW - other.critical_kW) <= POWER_TOLERANCE_KW
  );
}

function steps({ asked, states, trip }: Walk, plan: Plan): readonly string[] {
  const wrong: string[] = [];
  plan.steps.forEach((step, at) => {
    const [before, after] = [states[at], states[at + 1]].map(
      (state) => state && servedNodes(state, trip.after),
    );
    if (before === undefined || after === undefined) return;
    const customers = (isIt: (load: Load) => boolean): number =>
      amountOf((asked.grid.loads ?? []).filter(isIt)).customers;
    const restored = customers((load) => !before.has(load.node) && after.has(load.node));
    const interrupted = customers((load) => before.has(load.node) && !after.has(load.node));
    if (step.n !== at + 1) wrong.push(`step ${step.n} is number ${at + 1}`);
    if (step.restoresCustomers !== restored) {
      wrong.push(`step ${step.n} restores ${restored} customers, not ${step.restoresCustomers}`);
    }
    if (step.interruptsCustomers !== interrupted) {
      wrong.push(`step ${step.n} interrupts ${interrupted}, not ${step.interruptsCustomers}`);
    }
  });
  return wrong;
}

function finalState(walk: Walk, plan: Plan): readonly string[] {
  const { asked, strains, end } = walk;
  const { result } = plan;
  const wrong: string[] = [];
  const inPhase = plan.steps.filter((step) => step.phase === 1).length;
  if (result.switchOperations !== inPhase) {
    wrong.push(`switchOperations: ${result.switchOperations} for ${inPhase}`);
  }
  const all = (asked.grid.switches ?? []).map((each) => each.id);
  const open = all.filter((id) => !end.closed.has(id)).sort();
  if (open.join(' ') !== [...result.openSwitches].sort().join(' ')) {
    wrong.push(`openSwitches: ${result.openSwitches.join(' ')} for ${open.join(' ')}`);
  }
  const strain = strains.at(-1);
  const touched = touchedNodes(walk);
  // One that a step has switched off may give again at the end, or not yet.
  if (switchesGeneratorOff(walk)) return wrong;
  if (strain === undefined || !strain.solved || touched.size === 0) return wrong;
  const lowest = Math.min(
    ...[...strain.voltage_pu].filter(([node]) => touched.has(node)).map(([, voltage]) => voltage),
  );
  if (Math.abs((result.minVoltage_pu ?? 0) - lowest) > VOLTAGE_TOLERANCE_PU) {
    wrong.push(`minVoltage_pu: ${result.minVoltage_pu} for ${lowest}`);
  }
  const branches = carrying(end).filter((branch) => touched.has(branch.from));
  const highest = Math.max(0, ...branches.map((each) => strain.loading_pct.get(each.id) ?? 0));
  if (Math.abs(result.maxLoading_pct - highest) > LOADING_TOLERANCE_PCT) {
    wrong.push(`maxLoading_pct: ${result.maxLoading_pct} for ${highest}`);
  }
  return wrong;
}

function switchesGeneratorOff({ asked, states, trip }: Walk): boolean {
  return (asked.grid.generators ?? []).some(
    ({ node }) =>
      liveNodes(trip.after).has(node) && states.some((state) => !liveNodes(state).has(node)),
  );
}

/** Live nodes of the trees in which a step moved a switch. */
function touchedNodes({ states, trip, end }: Walk): ReadonlySet<string> {
  const movedSwitches = (end.grid.switches ?? []).filter((each) =>
    states.some((state) => state.closed.has(each.id) !== trip.after.closed.has(each.id)),
  );
  const ends = movedSwitches.flatMap((each) => [each.from, each.to]);
  return new Set(
    sourceNodes(end).flatMap((source) => {
      const tree = treeOf(end, source);
      return ends.some((node) => tree.has(node)) ? [...tree] : [];
    }),
  );
}

function treeOf(state: SwitchingState, source: string): ReadonlySet<string> {
  return reach([source], carrying(state));
}

function proof({ proof, result }: Plan): readonly string[] {
  const wrong: string[] = [];
  const { bounds } = proof;
  if (proof.gap_pct < 0) wrong.push(`gap ${proof.gap_pct} % is negative`);
  const isMet =
    Math.abs(bounds.critical_kW - result.unrestored.critical_kW) <= POWER_TOLERANCE_KW &&
    bounds.customers === result.unrestored.customers &&
    Math.abs(bounds.p_kW - result.unrestored.p_kW) <= POWER_TOLERANCE_KW &&
    bounds.switchOperations === result.switchOperations;
  if (proof.status === 'optimal' && !isMet) {
    wrong.push(`optimal, yet bounds ${JSON.stringify(bounds)} are not the result`);
  }
  return wrong;
}
