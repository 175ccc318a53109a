import { CLOSED, energise, OPEN, type Positions } from '@relight/topology';
import type { Engine } from './engine.ts';
import type { Incident } from './incident-state.ts';
import type { OperationsState } from './state.ts';

/** Positions as last known before something opened by itself: what opened counts as closed. */
export function positionsBefore(state: OperationsState, opened: readonly number[]): Positions {
  const before = state.lastGood.slice();
  for (const switchIndex of opened) before[switchIndex] = CLOSED;
  return before;
}

/**
 * Adds to the incident what the opening of switches took: live in the state before, dead with
 * them open. What other trips took at the same time is theirs.
 */
export function addOutage(
  engine: Engine,
  incident: Incident,
  before: Positions,
  opened: readonly number[],
): void {
  const { network } = engine;
  const after = before.slice();
  for (const switchIndex of opened) after[switchIndex] = OPEN;
  const lit = energise(network, before);
  const left = energise(network, after);
  const lost = (node: number): boolean =>
    (lit.nodeSource[node] ?? -1) !== -1 && (left.nodeSource[node] ?? -1) === -1;
  const loads = new Set(incident.outLoads);
  network.loadNode.forEach((node, load) => {
    if (lost(node)) loads.add(load);
  });
  const sections = new Set(incident.outSections);
  const feeders = new Set(incident.feeders);
  for (let section = 0; section < network.sectionCount; section++) {
    const node = network.sectionNodes[network.sectionStart[section] ?? 0] ?? -1;
    if (!lost(node)) continue;
    sections.add(section);
    const feeder = lit.nodeFeeder[node] ?? -1;
    if (feeder !== -1) feeders.add(feeder);
  }
  incident.outLoads = ascending(loads);
  incident.outSections = ascending(sections);
  incident.feeders = ascending(feeders);
}

/**
 * The state before, as far as this incident goes: what tripped for it, borders its part or was
 * moved by its plan stands as before, everything else as last known now. So neither what another
 * incident took nor what people did elsewhere counts as part of this outage.
 */
export function ownBefore(engine: Engine, state: OperationsState, incident: Incident): Positions {
  const { network } = engine;
  const own = new Set([...incident.trips.map((trip) => trip.switchIndex), ...incident.moved]);
  for (const section of incident.outSections) {
    const end = network.sectionSwitchStart[section + 1] ?? 0;
    for (let at = network.sectionSwitchStart[section] ?? 0; at < end; at++) {
      own.add(network.sectionSwitches[at] ?? -1);
    }
  }
  const before = state.lastGood.slice();
  for (const switchIndex of own) before[switchIndex] = incident.before[switchIndex] ?? OPEN;
  return before;
}

/** Switches that were closed before and border a part that is dead now although no trip did it. */
export function openedWithinOutage(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
): readonly number[] {
  const { network } = engine;
  const before = energise(network, incident.before);
  const now = energise(network, state.lastGood);
  const opened: number[] = [];
  for (let index = 0; index < network.switchCount; index++) {
    if (incident.before[index] !== CLOSED || state.lastGood[index] !== OPEN) continue;
    const branch = network.firstSwitchBranch + index;
    const ends = [network.branchFrom[branch] ?? -1, network.branchTo[branch] ?? -1];
    const lives = ends.map((end) => (now.nodeSource[end] ?? -1) !== -1);
    const lived = ends.every((end) => (before.nodeSource[end] ?? -1) !== -1);
    if (lived && lives.includes(true) && lives.includes(false)) opened.push(index);
  }
  return opened;
}

export function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}
