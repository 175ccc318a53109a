import type { RestorationProblem } from './problem.ts';
import { weightOf, type Relaxation } from './relaxation.ts';
import type { Served } from './score.ts';
import { FIXED, FREE, LINK, type Scope } from './scope.ts';

/**
 * The section graph of one search: sections that fixed switches join are one block; free switches
 * and those of unknown position are its edges.
 */
export interface Blocks {
  readonly count: number;
  /** Their sections, ascending; what the scope leaves alone is in none. */
  readonly sections: readonly number[];
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
  /** Blocks at the two ends of a switch, by switch index. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export function readBlocks(problem: RestorationProblem, scope: Scope, limits: Relaxation): Blocks {
  const { network } = problem;
  const ofSection = joinSections(problem, scope);
  const elsewhere = { critical_W: 0, customers: 0, active_W: 0 };
  let count = 0;
  for (const block of ofSection) count = Math.max(count, block + 1);

  const node = new Int32Array(count).fill(-1);
  const hazard = new Uint8Array(count);
  const lethal = new Uint8Array(count);
  const sections: number[] = [];
  const tiedToLive = new Uint8Array(count);
  const mustServe = new Uint8Array(count);
  const isLive = new Uint8Array(count);
  const liveAfterTrip = new Uint8Array(count);
  const column = (): Float64Array => new Float64Array(count);
  const weight_mW = column();
  const critical_W = column();
  const customers = column();
  const active_W = column();
  for (let section = 0; section < network.sectionCount; section++) {
    const block = ofSection[section]!;
    if (block === -1) {
      if (problem.isLive[section] === 0) continue;
      elsewhere.critical_W += problem.values.critical_W[section]!;
      elsewhere.customers += problem.values.customers[section]!;
      elsewhere.active_W += problem.values.active_W[section]!;
      continue;
    }
    sections.push(section);
    const end = network.sectionStart[section + 1]!;
    for (let entry = network.sectionStart[section]!; entry < end; entry++) {
      weight_mW[block]! += weightOf(limits, network.sectionNodes[entry]!);
    }
    if (node[block] === -1) node[block] = network.sectionNodes[network.sectionStart[section]!]!;
    const reason = problem.stayDead.reason[section]!;
    if (reason !== null) hazard[block] = 1;
    if (reason === 'fault' || reason === 'source') lethal[block] = 1;
    if (problem.stayDead.tiedToLive[section] === 1) tiedToLive[block] = 1;
    if (problem.mustServe[section] === 1) mustServe[block] = 1;
    if (problem.isLive[section] === 1) isLive[block] = 1;
    if (problem.liveAfterTrip[section] === 1) liveAfterTrip[block] = 1;
    critical_W[block]! += problem.values.critical_W[section]!;
    customers[block]! += problem.values.customers[section]!;
    active_W[block]! += problem.values.active_W[section]!;
  }

  const switches: number[][] = Array.from({ length: count }, () => []);
  const from = new Int32Array(network.switchCount).fill(-1);
  const to = new Int32Array(network.switchCount).fill(-1);
  for (let at = 0; at < network.switchCount; at++) {
    from[at] = ofSection[network.switchSectionFrom[at]!]!;
    to[at] = ofSection[network.switchSectionTo[at]!]!;
    if (scope.role[at] !== FREE && scope.role[at] !== LINK) continue;
    if (from[at] === -1 || to[at] === -1) continue;
    switches[from[at]!]!.push(at);
    if (to[at] !== from[at]) switches[to[at]!]!.push(at);
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
function joinSections({ network, now }: RestorationProblem, scope: Scope): Int32Array {
  const first = new Int32Array(network.sectionCount);
  for (let section = 0; section < first.length; section++) first[section] = section;
  const find = (section: number): number => {
    let at = section;
    while (first[at] !== at) {
      first[at] = first[first[at]!]!;
      at = first[at]!;
    }
    return at;
  };
  for (let at = 0; at < network.switchCount; at++) {
    if (scope.role[at] !== FIXED) continue;
    const a = find(network.switchSectionFrom[at]!);
    const b = find(network.switchSectionTo[at]!);
    first[Math.max(a, b)] = Math.min(a, b);
  }
  const isNear = new Uint8Array(network.sourceNode.length);
  for (const source of scope.sources) isNear[source] = 1;
  const number = new Int32Array(network.sectionCount).fill(-1);
  const block = new Int32Array(network.sectionCount).fill(-1);
  let count = 0;
  for (let section = 0; section < block.length; section++) {
    const source = now.nodeSource[network.sectionNodes[network.sectionStart[section]!]!]!;
    const isOut = source === -1 ? scope.deadPart?.[section] === 0 : isNear[source] === 0;
    if (isOut) continue;
    const root = find(section);
    if (number[root] === -1) number[root] = count++;
    block[section] = number[root]!;
  }
  return block;
}
