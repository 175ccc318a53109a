import { CLOSED, type Energisation, type Network } from '@relight/topology';
import type { SupplyQuestion } from './supply-question.ts';

/**
 * Sections that no movable switch can part: what the search moves about. A block is supplied or
 * dark as a whole.
 */
export interface Blocks {
  readonly count: number;
  /** By section. */
  readonly blockOf: Int32Array;
  /** By block: 1 where it may never be energised. */
  readonly forbidden: Uint8Array;
  readonly live: Uint8Array;
  /** 1: dark now, or darkened by this outage and live again: its supply is free to choose. */
  readonly free: Uint8Array;
  /** Customers that count, by block. */
  readonly customers: Int32Array;
  /** Movable switches between two different blocks, ascending. */
  readonly ties: readonly Tie[];
}

export interface Tie {
  readonly switch: number;
  readonly one: number;
  readonly other: number;
}

export function formBlocks(
  network: Network,
  question: SupplyQuestion,
  present: Energisation,
): Blocks {
  const { sectionCount, nodeSection, switchSectionFrom, switchSectionTo } = network;
  const blockOf = joinSections(network, question);
  const count = sectionCount === 0 ? 0 : Math.max(...blockOf) + 1;
  const forbidden = new Uint8Array(count);
  const live = new Uint8Array(count);
  const wentDark = new Uint8Array(count);
  const rooted = new Uint8Array(count);
  const customers = new Int32Array(count);
  for (let section = 0; section < sectionCount; section++) {
    if (question.mustStayDead[section] === 1) forbidden[blockOf[section]!] = 1;
  }
  for (let node = 0; node < network.nodeCount; node++) {
    const block = blockOf[nodeSection[node]!]!;
    if (present.nodeSource[node] !== -1) live[block] = 1;
    if (question.wentDark[node] === 1) wentDark[block] = 1;
  }
  network.sourceNode.forEach((node, source) => {
    if (!question.lostSources.has(source)) rooted[blockOf[nodeSection[node]!]!] = 1;
  });
  network.grid.loads.forEach((load) => {
    if (question.liveAtStart[load.node] === 0) return;
    customers[blockOf[nodeSection[load.node]!]!]! += load.customers;
  });
  const free = Uint8Array.from(forbidden, (isForbidden, block) => {
    if (isForbidden === 1 || rooted[block] === 1) return 0;
    return live[block] === 0 || wentDark[block] === 1 ? 1 : 0;
  });
  const ties: Tie[] = [];
  question.movable.forEach((isMovable, index) => {
    const one = blockOf[switchSectionFrom[index]!]!;
    const other = blockOf[switchSectionTo[index]!]!;
    if (isMovable === 1 && one !== other) ties.push({ switch: index, one, other });
  });
  return { count, blockOf, forbidden, live, free, customers, ties };
}

/** Block of each section, numbered by lowest section: joined by closed switches that cannot move. */
function joinSections(network: Network, question: SupplyQuestion): Int32Array {
  const parent = new Int32Array(network.sectionCount).map((_, section) => section);
  const find = (section: number): number => {
    let root = section;
    while (parent[root]! !== root) root = parent[root]!;
    return root;
  };
  for (let index = 0; index < network.switchCount; index++) {
    if (question.movable[index] === 1 || question.positions[index] !== CLOSED) continue;
    const one = find(network.switchSectionFrom[index]!);
    const other = find(network.switchSectionTo[index]!);
    parent[Math.max(one, other)] = Math.min(one, other);
  }
  const numbers = new Map<number, number>();
  return parent.map((_, section) => {
    const root = find(section);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
}
