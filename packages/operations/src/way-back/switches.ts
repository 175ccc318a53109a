import { CLOSED, OPEN, UNKNOWN } from '@relight/topology';
import type { Engine } from '../engine.ts';
import type { Incident } from '../incident-state.ts';
import { sectionsKeptDead } from '../interlocks/energises-fault.ts';
import { ascending } from '../outage.ts';
import type { OperationsState } from '../state.ts';

/** What of the grid the way back of an incident is about. */
export interface WayBackScope {
  /** Switches off their normal position, as last known; ascending. */
  readonly offNormal: readonly number[];
  /** Switches at the outage or its feeders of which nobody knows how they stand; ascending. */
  readonly doubtful: readonly number[];
  /** Sections that lost supply by it, and those on the two sides of what moves; ascending. */
  readonly sections: readonly number[];
}

/**
 * The switches at what lost supply or at its feeders, and at every feeder that hangs on them by a
 * switch off its normal position: that is where plan, protection, crews and other people have moved
 * something. What was off its normal position before the fault already stays, for it was so for a
 * reason of its own; and so does what borders a part that another incident keeps dead.
 */
export function wayBackScope(
  engine: Engine,
  state: OperationsState,
  incident: Incident,
  deviating = deviatingSwitches(engine, state),
): WayBackScope {
  const { network, normalPositions } = engine;
  const out = new Set(incident.outSections);
  const feeders = new Set(incident.feeders);
  const others = new Set(
    state.incidents.flatMap((other) => (other === incident ? [] : sectionsKeptDead(other))),
  );
  const sidesOf = (at: number): readonly number[] => [
    network.switchSectionFrom[at] ?? -1,
    network.switchSectionTo[at] ?? -1,
  ];
  const feederOf = (section: number): number => engine.sections[section]?.normalFeeder ?? -1;
  const belongs = (at: number): boolean =>
    sidesOf(at).some((section) => out.has(section) || feeders.has(feederOf(section)));
  const candidates: number[] = [];
  for (const at of deviating) {
    if (positionAt(state, at) === normalPositions[at]) continue;
    const wasOff =
      isOpenOrClosed(incident.before[at]) && incident.before[at] !== normalPositions[at];
    if (wasOff && !incident.moved.includes(at)) continue;
    if (sidesOf(at).some((section) => others.has(section))) continue;
    candidates.push(at);
  }
  const offNormal = new Set<number>();
  for (let more = true; more;) {
    more = false;
    for (const at of candidates) {
      if (offNormal.has(at) || !belongs(at)) continue;
      offNormal.add(at);
      more = true;
      for (const section of sidesOf(at))
        if (feederOf(section) !== -1) feeders.add(feederOf(section));
    }
  }
  const own = new Set(incident.feeders);
  const doubtful: number[] = [];
  for (const at of deviating) {
    if (state.positions[at] !== UNKNOWN) continue;
    const sides = sidesOf(at);
    const isOwn = sides.some((section) => out.has(section) || own.has(feederOf(section)));
    if (isOwn || offNormal.has(at)) doubtful.push(at);
  }
  const sections = new Set([...out, ...[...offNormal].flatMap(sidesOf)]);
  sections.delete(-1);
  return { offNormal: ascending(offNormal), doubtful, sections: ascending(sections) };
}

/** Switches that do not stand, or not for sure, as they do normally; ascending. Cost: the grid. */
export function deviatingSwitches(
  { normalPositions }: Engine,
  { positions }: OperationsState,
): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < positions.length; at++) {
    if (positions[at] !== normalPositions[at]) found.push(at);
  }
  return found;
}

/** As last known. */
function positionAt({ positions, lastGood }: OperationsState, at: number): number | undefined {
  return positions[at] === UNKNOWN ? lastGood[at] : positions[at];
}

function isOpenOrClosed(position: number | undefined): boolean {
  return position === OPEN || position === CLOSED;
}

/** Sections of an outage that are not live. */
export function stillDead(state: OperationsState, incident: Incident): readonly number[] {
  return incident.outSections.filter((section) => state.sections[section]?.condition !== 'live');
}
