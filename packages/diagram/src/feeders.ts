import type { GridFile } from '@relight/contract';
import { at, byId, otherEnd, type NormalTree } from './normal-tree.ts';

/** A feeder of the normal state: what hangs behind one branch that leaves a station. */
export interface DiagramFeeder {
  readonly id: string;
  readonly name: string;
  /** Branch of the head; −1 where the part has no station and begins at its root. */
  readonly head: number;
  /** Node of the station the head leaves; the root itself where there is no head. */
  readonly bus: number;
  readonly first: number;
  readonly station: string;
  /** Active power of all its loads. */
  readonly load_kW: number;
}

export interface FeederPartition {
  readonly feeders: readonly DiagramFeeder[];
  /** Index of the feeder of each node, −1 for station nodes. */
  readonly feederOf: Int32Array;
  /** Load at and below each node, in kW. */
  readonly below_kW: Float64Array;
}

function stationNodes(file: GridFile, tree: NormalTree, heads: ReadonlySet<number>): Uint8Array {
  // What a named head feeds is never station, whatever the file says of its first node.
  const behindHead = new Uint8Array(tree.nodes.length);
  for (const node of tree.order) {
    const parent = at(tree.parentNode, node);
    if (heads.has(at(tree.parentBranch, node)) || (parent >= 0 && behindHead[parent] === 1))
      behindHead[node] = 1;
  }
  const inStation = new Uint8Array(tree.nodes.length);
  const mark = (start: number): void => {
    if (start < 0 || behindHead[start] === 1) return;
    for (let n = start; n >= 0 && inStation[n] !== 1; n = at(tree.parentNode, n)) inStation[n] = 1;
  };
  for (const node of tree.order)
    if (heads.has(at(tree.parentBranch, node))) mark(at(tree.parentNode, node));
  for (const node of file.nodes)
    if (node.busbar === true || node.substation !== undefined)
      mark(tree.nodeIndex.get(node.id) ?? -1);
  for (const source of file.sources) mark(tree.nodeIndex.get(source.node) ?? -1);
  return inStation;
}

/** Cuts the normal state into stations and feeders. Feeders the file does not name get one each. */
export function partition(file: GridFile, tree: NormalTree): FeederPartition {
  const below_kW = new Float64Array(tree.nodes.length);
  for (const load of [...(file.loads ?? [])].sort(byId)) {
    const n = tree.nodeIndex.get(load.node) ?? -1;
    if (n >= 0) below_kW[n] = at(below_kW, n) + Math.max(0, load.p_kW);
  }
  for (const node of [...tree.order].reverse()) {
    const parent = at(tree.parentNode, node);
    if (parent >= 0) below_kW[parent] = at(below_kW, parent) + at(below_kW, node);
  }

  const named = new Map(
    [...(file.feeders ?? [])].map((f) => [tree.branchIndex.get(`switch:${f.head}`) ?? -1, f]),
  );
  const inStation = stationNodes(file, tree, new Set(named.keys()));
  const substation = new Map(file.nodes.map((n) => [n.id, n.substation]));
  const stationOf = (node: number): string => {
    for (let n = node; n >= 0; n = at(tree.parentNode, n)) {
      const id = substation.get(at(tree.nodes, n));
      if (id !== undefined) return id;
    }
    return at(tree.nodes, at(tree.root, node));
  };

  const feeders: DiagramFeeder[] = [];
  const feederOf = new Int32Array(tree.nodes.length).fill(-1);
  for (const node of tree.order) {
    if (inStation[node] === 1) continue;
    const parent = at(tree.parentNode, node);
    if (parent >= 0 && at(feederOf, parent) >= 0) {
      feederOf[node] = at(feederOf, parent);
      continue;
    }
    const head = at(tree.parentBranch, node);
    const file_ = named.get(head);
    const bus = parent >= 0 ? parent : node;
    const id = file_?.id ?? (head >= 0 ? at(tree.branches, head).id : at(tree.nodes, node));
    feederOf[node] = feeders.length;
    feeders.push({
      id,
      name: file_?.name ?? id,
      head,
      bus,
      first: head >= 0 ? otherEnd(tree, head, bus) : node,
      station: stationOf(bus),
      load_kW: at(below_kW, node),
    });
  }
  return { feeders, feederOf, below_kW };
}
