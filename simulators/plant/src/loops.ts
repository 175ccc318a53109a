import { CLOSED, type Network, type Positions } from '@relight/topology';

/**
 * Independent loops among closed branches that carry voltage; two sources joined make one, too.
 * By union-find from the branch list alone, so that it does not share a mistake with the
 * energisation it judges.
 */
export function countLoops(network: Network, positions: Positions, lost: ReadonlySet<number>) {
  // All sources are one vertex: the network above them.
  const above = network.nodeCount;
  const parent = new Int32Array(network.nodeCount + 1).map((_, node) => node);
  const find = (node: number): number => {
    let root = node;
    while (parent[root]! !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  network.sourceNode.forEach((node, source) => {
    if (!lost.has(source)) parent[find(node)] = find(above);
  });
  const closing: number[] = [];
  for (let branch = 0; branch < network.branchCount; branch++) {
    const asSwitch = branch - network.firstSwitchBranch;
    if (asSwitch >= 0 && positions[asSwitch] !== CLOSED) continue;
    const one = find(network.branchFrom[branch]!);
    const other = find(network.branchTo[branch]!);
    if (one === other) closing.push(branch);
    else parent[one] = other;
  }
  const live = find(above);
  return closing.filter((branch) => find(network.branchFrom[branch]!) === live).length;
}
