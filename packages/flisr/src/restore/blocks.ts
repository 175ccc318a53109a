import { float64, int32, lists, uint8 } from './columns.ts';
import type { RestorationProblem } from './problem.ts';
import { weightOf, type Relaxation } from './relaxation.ts';
import type { Served } from './score.ts';
import { FIXED, FREE, LINK, type Scope } from './scope.ts';
import { switchesAt } from './tree-sections.ts';

/**
 * The section graph of one search: sections that fixed switches join are one block; free switches
 * and those of unknown position are its edges.
 */
export interface Blocks {
  readonly count: number;
  /** Their sections, ascending; what the scope leaves alone is in none. */
  readonly sections: Int32Array;
  /** By section; −1 in none. */
  readonly ofSection: Int32Array;
  /** What those are served. */
  readonly elsewhere: Served;
  /** A node of each block. */
  readonly node: Int32Array;
  /** 1 where the block must stay dead. */
  readonly hazard: Uint8Array;
  /** 1 where that is so for a fault or a lost source. */
  readonly lethal: Uint8Array;
  /** 1 where it must stay dead, but may be live in any case. */
  readonly tiedToLive: Uint8Array;
  readonly mustServe: Uint8Array;
  /** 1 where it is live after the trip. */
  readonly isLive: Uint8Array;
  /** 1 where it was live in the state that protection left. */
  readonly liveAfterTrip: Uint8Array;
  /** Least power it takes, as the bounds weigh it, mW. */
  readonly weight_mW: Float64Array;
  readonly critical_W: Float64Array;
  readonly customers: Float64Array;
  readonly active_W: Float64Array;
  /** Edges (switch indices, free or unknown) at each block. */
  readonly switches: readonly (readonly number[])[];
  /** Blocks at the two ends of a switch, by switch index; of those at no section of it, nothing. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export function readBlocks(problem: RestorationProblem, scope: Scope, limits: Relaxation): Blocks {
  const { network, values } = problem;
  const { sections } = scope;
  const near = switchesAt(problem, sections);
  const { ofSection, count } = joinSections(problem, scope, near);
  const elsewhere = { ...problem.served };

  const node = int32(count).fill(-1);
  const hazard = uint8(count);
  const lethal = uint8(count);
  const tiedToLive = uint8(count);
  const mustServe = uint8(count);
  const isLive = uint8(count);
  const liveAfterTrip = uint8(count);
  const column = (): Float64Array => float64(count);
  const weight_mW = column();
  const critical_W = column();
  const customers = column();
  const active_W = column();
  for (const section of sections) {
    const block = ofSection[section]!;
    if (problem.isLive[section] === 1) {
      elsewhere.critical_W -= values.critical_W[section]!;
      elsewhere.customers -= values.customers[section]!;
      elsewhere.active_W -= values.active_W[section]!;
    }
    const end = network.sectionStart[section + 1]!;
    for (let entry = network.sectionStart[section]!; entry < end; entry++) {
      weight_mW[block]! += weightOf(limits, network.sectionNodes[entry]!);
    }
    if (node[block] === -1) node[block] = network.sectionNodes[network.sectionStart[section]!]!;
    const reason = problem.stayDead.reason.get(section);
    if (reason !== undefined) hazard[block] = 1;
    if (reason === 'fault' || reason === 'source') lethal[block] = 1;
    if (problem.stayDead.tiedToLive.has(section)) tiedToLive[block] = 1;
    if (problem.mustServe[section] === 1) mustServe[block] = 1;
    if (problem.isLive[section] === 1) isLive[block] = 1;
    if (problem.liveAfterTrip[section] === 1) liveAfterTrip[block] = 1;
    critical_W[block]! += values.critical_W[section]!;
    customers[block]! += values.customers[section]!;
    active_W[block]! += values.active_W[section]!;
  }

  const switches = lists<number>(count);
  const from = int32(network.switchCount);
  const to = int32(network.switchCount);
  for (const at of near) {
    from[at] = ofSection[network.switchSectionFrom[at]!]!;
    to[at] = ofSection[network.switchSectionTo[at]!]!;
    if (scope.role[at] !== FREE && scope.role[at] !== LINK) continue;
    if (from[at] === -1 || to[at] === -1) continue;
    switches[from[at]]!.push(at);
    if (to[at] !== from[at]) switches[to[at]]!.push(at);
  }
  return {
    count,
    sections,
    ofSection,
    elsewhere,
    node,
    hazard,
    lethal,
    tiedToLive,
    mustServe,
    isLive,
    liveAfterTrip,
    weight_mW,
    critical_W,
    customers,
    active_W,
    switches,
    from,
    to,
  };
}

/** Numbers the blocks by their lowest section. */
function joinSections(
  { network }: RestorationProblem,
  { role, sections }: Scope,
  near: Int32Array,
): { readonly ofSection: Int32Array; readonly count: number } {
  // While sections are joined: one of the same block, not above it; the lowest is its own.
  const ofSection = int32(network.sectionCount).fill(-1);
  for (const section of sections) ofSection[section] = section;
  const find = (section: number): number => {
    let at = section;
    while (ofSection[at] !== at) {
      ofSection[at] = ofSection[ofSection[at]!]!;
      at = ofSection[at]!;
    }
    return at;
  };
  for (const at of near) {
    if (role[at] !== FIXED) continue;
    const from = network.switchSectionFrom[at]!;
    const to = network.switchSectionTo[at]!;
    if (ofSection[from] === -1 || ofSection[to] === -1) continue;
    const a = find(from);
    const b = find(to);
    ofSection[Math.max(a, b)] = Math.min(a, b);
  }
  const number = int32(sections.length);
  let count = 0;
  for (let k = 0; k < sections.length; k++) {
    const section = sections[k]!;
    number[k] = ofSection[section] === section ? count++ : -1;
  }
  // Lowest first: the number of what a section hangs on stands there already.
  for (let k = 0; k < sections.length; k++) {
    const section = sections[k]!;
    ofSection[section] = number[k] === -1 ? ofSection[ofSection[section]!]! : number[k]!;
  }
  return { ofSection, count };
}
