import { energise, type Energisation } from '@relight/topology';
import type { Engine } from './engine.ts';
import type { OperationsState, SectionCondition, SectionState } from './state.ts';
import type { StepContext } from './step-context.ts';

/**
 * Brings what is live up to date after positions changed: at most once a step, linear in the
 * grid. Sections whose condition changed are marked for the console.
 */
export function refreshPicture(context: StepContext): void {
  if (!context.positionsChanged) return;
  context.positionsChanged = false;
  context.pictureChanged = true;
  const { engine, state } = context;
  state.energisation = energise(engine.network, state.positions);
  state.topologyRevision = context.input;
  const inLoop = sectionsInLoop(engine, state.energisation);
  state.sections.forEach((section, index) => {
    const node = engine.network.sectionNodes[engine.network.sectionStart[index] ?? 0] ?? -1;
    const condition = conditionOf(state.energisation, node);
    const feeder = state.energisation.nodeFeeder[node] ?? -1;
    const loop = inLoop.has(index);
    if (condition === section.condition && feeder === section.feeder && loop === section.inLoop) {
      return;
    }
    if (condition === 'dead' && !section.seen) context.foundDead.push(index);
    changeCondition(section, condition, context);
    for (const each of [section.feeder, feeder]) {
      const feederState = state.feeders[each];
      if (feederState !== undefined) feederState.changed_ms = context.now_ms;
    }
    section.feeder = feeder;
    section.inLoop = loop;
    context.touched.sections.add(index);
    const normalFeeder = engine.sections[index]?.normalFeeder ?? -1;
    if (normalFeeder !== -1) context.touched.feeders.add(normalFeeder);
    context.touched.summary = true;
  });
  for (const incident of state.incidents) {
    // Its customers back and still dark follow the picture.
    if (incident.outSections.some((section) => context.touched.sections.has(section))) {
      context.touched.incidents.add(incident.id);
    }
  }
}

function conditionOf(energisation: Energisation, node: number): SectionCondition {
  if ((energisation.nodeSource[node] ?? -1) !== -1) return 'live';
  return energisation.maybeLive[node] === 1 ? 'unknown' : 'dead';
}

function changeCondition(
  section: SectionState,
  condition: SectionCondition,
  { at_ms, now_ms }: StepContext,
): void {
  if (condition !== 'unknown') section.seen = true;
  if (condition === 'dead' && section.condition !== 'dead') {
    section.deadSince_ms ??= at_ms;
    section.dead_ms ??= now_ms;
    section.restoredAt_ms = null;
  } else if (condition === 'live') {
    if (section.deadSince_ms !== null) section.restoredAt_ms = at_ms;
    section.deadSince_ms = null;
    section.dead_ms = null;
  }
  section.condition = condition;
}

/** Sections on a ring: what lies between the two ends of a loop-closing branch and their common way up. */
function sectionsInLoop(engine: Engine, energisation: Energisation): ReadonlySet<number> {
  const { network } = engine;
  const found = new Set<number>();
  for (const branch of energisation.loopBranches) {
    const one = wayUp(engine, energisation, network.branchFrom[branch] ?? -1);
    const other = wayUp(engine, energisation, network.branchTo[branch] ?? -1);
    const shared = new Set(one.filter((node) => other.includes(node)));
    for (const node of [...one, ...other]) {
      if (!shared.has(node)) found.add(network.nodeSection[node] ?? -1);
    }
  }
  return found;
}

function wayUp(engine: Engine, energisation: Energisation, from: number): number[] {
  const { branchFrom, branchTo } = engine.network;
  const nodes = [from];
  let node = from;
  for (let branch = energisation.parentBranch[node] ?? -1; branch !== -1;) {
    node = (branchFrom[branch] === node ? branchTo[branch] : branchFrom[branch]) ?? -1;
    nodes.push(node);
    branch = energisation.parentBranch[node] ?? -1;
  }
  return nodes;
}

/** Customers of sections that are known to be dead. */
export function customersOut(engine: Engine, state: OperationsState, feeder?: number): number {
  let out = 0;
  engine.sections.forEach((info, index) => {
    if (feeder !== undefined && info.normalFeeder !== feeder) return;
    if (state.sections[index]?.condition === 'dead') out += info.customers;
  });
  return out;
}
