import { CLOSED, OPEN, otherEnd, type Energisation } from '@relight/topology';
import { isDoubtful, joinsForGood } from '../restore/must-stay-dead.ts';
import type { RestorationProblem } from '../restore/problem.ts';
import { movesOnlyDead } from '../restore/switch-permission.ts';
import { lastKnown } from '../restore/last-known.ts';
import {
  liveSections,
  move,
  startOf,
  touchedSources,
  type SequencedStep,
} from '../restore/switching-state.ts';

/** Live parts that may feed what must stay dead, switched off. */
export interface CutOffLive {
  readonly steps: readonly SequencedStep[];
  /** Positions after them, as last known. */
  readonly positions: Uint8Array;
  /** By section: 1 where it is live and hangs on the part, so that it may have to stay dark. */
  readonly loses: Uint8Array;
}

/**
 * By section: 1 where it hangs on the fault, or on a lost source, by switches that cannot be opened
 * or are not known; the parts to choose from, the smaller first. The second takes in what lies behind
 * switches that move only dead and may have a live side: they can be opened once that side is off.
 */
export function tiedToFault(problem: RestorationProblem): readonly Uint8Array[] {
  const { stayDead, positions, judge } = problem;
  const maybeLive = judge.energise(positions).maybeLive.slice();
  const own = new Uint8Array(problem.network.sectionCount);
  for (const [section, reason] of stayDead.reason) {
    if (reason === 'fault' || reason === 'source') own[section] = 1;
  }
  const wide = own.slice();
  spread(problem, wide, maybeLive);
  return [own, wide];
}

/** By section: 1 where it hangs so on a switch that moves only dead and may have a live side. */
export function tiedToDeadOnly(problem: RestorationProblem): Uint8Array {
  const { network, positions, bars, judge } = problem;
  const maybeLive = judge.energise(positions).maybeLive.slice();
  const part = new Uint8Array(network.sectionCount);
  network.grid.switches.forEach((device, at) => {
    if (bars.of(at) !== null || !movesOnlyDead(device)) return;
    if (maybeLive[device.from] === 0 && maybeLive[device.to] === 0) return;
    part[network.switchSectionFrom[at]!] = 1;
    part[network.switchSectionTo[at]!] = 1;
  });
  spread(problem, part, maybeLive);
  return part;
}

/** Widens a part until every closed switch that leads out of it can be opened at once. */
function spread(
  { network, positions, bars }: RestorationProblem,
  part: Uint8Array,
  maybeLive: Uint8Array,
): void {
  const queue: number[] = [];
  part.forEach((is, section) => {
    if (is === 1) queue.push(section);
  });
  for (const section of queue) {
    const end = network.sectionSwitchStart[section + 1]!;
    for (let entry = network.sectionSwitchStart[section]!; entry < end; entry++) {
      const at = network.sectionSwitches[entry]!;
      if (!joinsForGood(positions, bars, at) && !isDoubtful(network, positions, maybeLive, at)) {
        continue;
      }
      for (const far of [network.switchSectionFrom[at]!, network.switchSectionTo[at]!]) {
        if (part[far] === 1) continue;
        part[far] = 1;
        queue.push(far);
      }
    }
  }
}

/**
 * Switches off what is live in a part: the closed switches through which supply comes in are opened,
 * the uppermost ones; where that breaks a limit, one or more of those further up, as few as will do. null where nothing is live there,
 * where a source itself lies in it, or where every way to do it breaks a limit.
 * @param part - by section; closed switches that lead out of it can be opened.
 */
export function cutOffLive(problem: RestorationProblem, part: Uint8Array): CutOffLive | null {
  const { network, judge, positions } = problem;
  const maybeLive = judge.energise(positions).maybeLive.slice();
  let loses: Uint8Array | null = null;
  const met = new Set<string>();
  const areas = [part.slice()];
  for (const around of areas) {
    const opens = waysIn(problem, around);
    if (opens === null || opens.length === 0) continue;
    const name = opens.join(' ');
    if (met.has(name)) continue;
    met.add(name);
    loses ??= losesSupply(problem, opens);
    const steps = openAll(problem, opens) ?? openWithRelief(problem, opens);
    if (steps !== null) return { ...steps, loses };
    if (met.size >= MOST_TRIED) return null;
    // Further up, one way in after the other: beyond another one there may be a source.
    for (const at of opens) {
      const wider = around.slice();
      wider[network.switchSectionFrom[at]!] = 1;
      wider[network.switchSectionTo[at]!] = 1;
      spread(problem, wider, maybeLive);
      areas.push(wider);
    }
  }
  return null;
}

/** By section: 1 where it is live and is not with these switches open. */
function losesSupply(problem: RestorationProblem, opens: readonly number[]): Uint8Array {
  const positions = lastKnown(problem, problem.positions).slice();
  for (const at of opens) positions[at] = OPEN;
  const left = liveSections(problem, problem.judge.energise(positions));
  return problem.isLive.map((live, section) => live & +(left[section] === 0));
}

/** So many switches, and so many ways to cut, are tried at most. */
const MOST_TRIED = 64;

/**
 * The same with one more switch open, so that the rest is within its limits: where shedding is
 * allowed, and by the one on the same sources that darkens least.
 */
function openWithRelief(
  problem: RestorationProblem,
  opens: readonly number[],
): Pick<CutOffLive, 'steps' | 'positions'> | null {
  const { network, values, positions, bars, now } = problem;
  const sourceOf = (at: number): number => now.nodeSource[network.grid.switches[at]!.from]!;
  const sources = new Set(opens.map(sourceOf));
  if (!problem.request.options.allowShedding) return null;
  const candidates: { at: number; critical_W: number; customers: number }[] = [];
  for (let at = 0; at < network.switchCount && candidates.length < MOST_TRIED; at++) {
    const isOut = positions[at] !== CLOSED || bars.of(at) !== null || opens.includes(at);
    if (isOut || !sources.has(sourceOf(at))) continue;
    let critical_W = 0;
    let customers = 0;
    losesSupply(problem, [...opens, at]).forEach((is, section) => {
      if (is === 0) return;
      critical_W += values.critical_W[section]!;
      customers += values.customers[section]!;
    });
    candidates.push({ at, critical_W, customers });
  }
  candidates.sort(
    (a, b) => a.critical_W - b.critical_W || a.customers - b.customers || a.at - b.at,
  );
  for (const { at } of candidates) {
    const found = openAll(problem, [at, ...opens]);
    if (found !== null) return found;
  }
  return null;
}

function openAll(
  problem: RestorationProblem,
  opens: readonly number[],
): Pick<CutOffLive, 'steps' | 'positions'> | null {
  const final = problem.positions.slice();
  for (const at of opens) final[at] = OPEN;
  const touched = touchedSources(problem, final);
  let state = startOf(problem, final, touched);
  while (state.opens.length > 0) {
    const next = state.opens
      .map((at) => move(problem, state, at, 'isolate', touched))
      .find((moved) => moved !== null);
    if (next === undefined) return null;
    state = next;
  }
  return { steps: state.steps, positions: lastKnown(problem, state.positions) };
}

/** Closed switches by which supply enters the part, uppermost ones; null where they are not enough. */
export function waysIn(problem: RestorationProblem, part: Uint8Array): readonly number[] | null {
  const { network, judge } = problem;
  const positions = lastKnown(problem, problem.positions).slice();
  const opens: number[] = [];
  for (;;) {
    const state = judge.energise(positions);
    const isLive = part.some((is, section) => {
      const node = network.sectionNodes[network.sectionStart[section]!]!;
      return is === 1 && state.nodeSource[node] !== -1;
    });
    if (!isLive) return opens;
    const next = uppermostWayIn(problem, part, state, positions);
    if (next === -1) return null;
    positions[next] = OPEN;
    opens.push(next);
  }
}

/** A switch that feeds the part from outside, with nothing of the part further up; −1 none. */
function uppermostWayIn(
  problem: RestorationProblem,
  part: Uint8Array,
  state: Energisation,
  positions: Uint8Array,
): number {
  const { network } = problem;
  for (let at = 0; at < network.switchCount; at++) {
    if (positions[at] !== CLOSED || problem.bars.of(at) !== null) continue;
    const { from, to } = network.grid.switches[at]!;
    const branch = network.firstSwitchBranch + at;
    const below = state.parentBranch[to] === branch ? to : from;
    if (state.parentBranch[below] !== branch) continue;
    if (part[network.nodeSection[below]!] === 0) continue;
    if (isSoundUpwards(problem, part, state, below === to ? from : to)) return at;
  }
  return -1;
}

function isSoundUpwards(
  { network }: RestorationProblem,
  part: Uint8Array,
  state: Energisation,
  start: number,
): boolean {
  let node = start;
  for (;;) {
    if (part[network.nodeSection[node]!] === 1) return false;
    const up = state.parentBranch[node]!;
    if (up === -1) return true;
    node = otherEnd(network, up, node);
  }
}
