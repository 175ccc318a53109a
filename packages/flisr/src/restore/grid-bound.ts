import { CLOSED } from '@relight/topology';
import type { FlowBound } from './flow-bound.ts';
import { feedingOperations } from './feeding-operations.ts';
import { openingsOffHazards, type ClosedJoins } from './openings-off-hazards.ts';
import { bestWithin, type Item } from './knapsack.ts';
import type { RestorationProblem } from './problem.ts';
import { ABSENT, FIXED, type Scope } from './scope.ts';
import { compareServed, type Served } from './score.ts';

/** No plan serves more than `served`, nor that much with fewer operations. */
export interface GridBound {
  readonly served: Served;
  readonly operations: number;
}

/**
 * Bound over every plan in the whole grid, without searching it: the sections that fit, each
 * whole, into what can be carried beside the load that must be served, as far as they can be
 * reached at all; then the moves that serving so much needs. Method: docs/methods/restoration.md,
 * "Certificate".
 */
export function gridBound(problem: RestorationProblem, scope: Scope, flow: FlowBound): GridBound {
  const within = reachable(problem, scope, flow);
  const { isLive, stayDead, values } = problem;
  const fixed = { ...problem.served };
  for (const section of stayDead.sections) {
    if (isLive[section] === 0) continue;
    fixed.critical_W -= values.critical_W[section]!;
    fixed.customers -= values.customers[section]!;
    fixed.active_W -= values.active_W[section]!;
  }
  for (const section of values.feeding) {
    // Counts for less than nothing, and may be left out unless it must be served.
    if (isLive[section] === 0 || problem.mustServe[section] === 1) continue;
    if (!within.holds(section)) continue;
    fixed.critical_W -= Math.min(0, values.critical_W[section]!);
    fixed.active_W -= Math.min(0, values.active_W[section]!);
  }
  const items: SectionItem[] = [];
  let weight_W = 0;
  for (const section of problem.deadSections) {
    if (!within.holds(section)) continue;
    const item = itemOf(problem, section, flow);
    if (item.critical_W > 0 || item.customers > 0 || item.active_W > 0) {
      items.push(item);
      weight_W += item.weight;
    }
  }
  const fits = weight_W <= flow.deliverable_W;
  const gain = fits ? sumOf(items) : bestWithin(items, flow.deliverable_W);
  const needed = new Set<number>();
  for (const item of items) {
    const isNeeded =
      fits ||
      compareServed(
        bestWithin(
          items.filter((other) => other !== item),
          flow.deliverable_W,
        ),
        gain,
      ) > 0;
    if (isNeeded) needed.add(item.section);
  }
  return {
    served: {
      critical_W: fixed.critical_W + gain.critical_W,
      customers: fixed.customers + gain.customers,
      active_W: fixed.active_W + gain.active_W,
    },
    operations: neededOperations(problem, scope, within, needed, flow),
  };
}

/** Both hold: the lower value, and where they agree on it the more operations. */
export function tighter(a: GridBound, b: GridBound): GridBound {
  const order = compareServed(a.served, b.served);
  if (order !== 0) return order > 0 ? a : b;
  return a.operations >= b.operations ? a : b;
}

interface SectionItem extends Item {
  readonly section: number;
}

/** No choice of them is worth more. */
function sumOf(items: readonly SectionItem[]): Served {
  const sum = { critical_W: 0, customers: 0, active_W: 0 };
  for (const item of items) {
    sum.critical_W += Math.max(0, item.critical_W);
    sum.customers += item.customers;
    sum.active_W += Math.max(0, item.active_W);
  }
  return sum;
}

function itemOf({ values }: RestorationProblem, section: number, flow: FlowBound): SectionItem {
  return {
    section,
    critical_W: values.critical_W[section]!,
    customers: values.customers[section]!,
    active_W: values.active_W[section]!,
    weight: flow.weight_W[section]!,
    mandatory: false,
  };
}

/** Which sections may be live at the end. */
interface Within {
  holds(section: number): boolean;
}

/** A dead section needs a way in that carries it and every section on the way from there. */
function reachable(problem: RestorationProblem, scope: Scope, flow: FlowBound): Within {
  const { network, isLive, stayDead } = problem;
  const left_W = new Map<number, number>();
  const open = new Set<number>();
  const reach = (section: number, room_W: number): void => {
    if (isLive[section] === 1 || stayDead.reason.has(section)) return;
    const left = room_W - flow.weight_W[section]!;
    if (left < 0 || left <= (left_W.get(section) ?? -1)) return;
    left_W.set(section, left);
    open.add(section);
  };
  for (const [at, room_W] of flow.throughSwitch_W) {
    reach(network.switchSectionFrom[at]!, room_W);
    reach(network.switchSectionTo[at]!, room_W);
  }
  while (open.size > 0) {
    let widest = -1;
    let room_W = -1;
    for (const section of open) {
      const left = left_W.get(section)!;
      if (widest !== -1 && left <= room_W) continue;
      widest = section;
      room_W = left;
    }
    open.delete(widest);
    const end = network.sectionSwitchStart[widest + 1]!;
    for (let entry = network.sectionSwitchStart[widest]!; entry < end; entry++) {
      const at = network.sectionSwitches[entry]!;
      if (scope.role[at] === ABSENT) continue;
      reach(network.switchSectionFrom[at]!, room_W);
      reach(network.switchSectionTo[at]!, room_W);
    }
  }
  return {
    holds: (section) =>
      !stayDead.reason.has(section) && (isLive[section] === 1 || left_W.has(section)),
  };
}

/**
 * Fewest operations that serve the needed sections: the openings that keep them off what cannot be
 * live; and what it takes to feed `groups` closed-joined dead groups by as many ways in as their
 * load needs (see `feedingOperations`).
 */
function neededOperations(
  { network, positions, isLive }: RestorationProblem,
  { role }: Scope,
  within: Within,
  needed: ReadonlySet<number>,
  flow: FlowBound,
): number {
  const { sectionSwitchStart, sectionSwitches, switchSectionFrom, switchSectionTo } = network;
  const joins: ClosedJoins = {
    closedAt(section) {
      const found: number[] = [];
      const end = sectionSwitchStart[section + 1]!;
      for (let entry = sectionSwitchStart[section]!; entry < end; entry++) {
        const at = sectionSwitches[entry]!;
        // Such as are not known but taken for closed need no operation either.
        if (positions[at] !== CLOSED && role[at] !== FIXED) continue;
        const from = switchSectionFrom[at]!;
        found.push(from === section ? switchSectionTo[at]! : from);
      }
      return found;
    },
    isHazard: (section) => !within.holds(section),
    isDead: (section) => isLive[section] === 0 && within.holds(section),
    isNeeded: (section) => needed.has(section),
  };
  const seen = new Set<number>();
  let operations = 0;
  let groups = 0;
  let weight_W = 0;
  for (const start of needed) {
    weight_W += flow.weight_W[start]!;
    if (seen.has(start)) continue;
    groups += 1;
    seen.add(start);
    const group = [start];
    for (const section of group) {
      for (const far of joins.closedAt(section)) {
        if (!joins.isDead(far) || seen.has(far)) continue;
        seen.add(far);
        group.push(far);
      }
    }
    operations += openingsOffHazards(group, joins);
  }
  return operations + feedingOperations(groups, weight_W, [...flow.throughSwitch_W.values()], 0);
}
