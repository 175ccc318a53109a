import { CLOSED, otherEnd } from '@relight/topology';
import type { Energisation, Network, Positions } from '@relight/topology';
import type { Blocks } from './blocks.ts';
import type { Breach } from './limits.ts';

/** Moves what hangs on one closed switch to another supply. Indices of switches. */
export interface Exchange {
  readonly open: number;
  readonly close: number;
}

/**
 * Every exchange that could relieve a breach, in order of index: its opening lies behind the
 * overloaded branch (takes load off it) or before it (feeds it from the other end); for a
 * voltage, a source or a tree without solution anywhere in the same tree. A winding fed
 * backwards is put right only from before it. The exchange keeps the state radial: the part that
 * is opened off is closed onto what still has supply.
 */
export function exchangesAgainst(
  network: Network,
  blocks: Blocks,
  positions: Positions,
  energisation: Energisation,
  breach: Breach,
): readonly Exchange[] {
  const found: Exchange[] = [];
  const source = sourceOf(network, energisation, breach);
  for (const { switch: open } of blocks.ties) {
    const branch = network.firstSwitchBranch + open;
    const top = network.branchFrom[branch]!;
    if (positions[open] !== CLOSED || energisation.nodeSource[top] !== source) continue;
    if (!mayRelieve(network, energisation, branch, breach)) continue;
    const cutOff = nodesBehind(network, energisation, branch);
    if (cutOff === null) continue;
    for (const { switch: close } of blocks.ties) {
      if (positions[close] === CLOSED) continue;
      const tie = network.firstSwitchBranch + close;
      const from = network.branchFrom[tie]!;
      const to = network.branchTo[tie]!;
      const crosses = cutOff[from] !== cutOff[to];
      const bothLive = energisation.nodeSource[from] !== -1 && energisation.nodeSource[to] !== -1;
      if (crosses && bothLive) found.push({ open, close });
    }
  }
  return found;
}

function sourceOf(network: Network, energisation: Energisation, breach: Breach): number {
  if (breach.kind === 'tree') return breach.source;
  const node = breach.kind === 'node' ? breach.node : network.branchFrom[breach.branch]!;
  return energisation.nodeSource[node]!;
}

function mayRelieve(
  network: Network,
  energisation: Energisation,
  branch: number,
  breach: Breach,
): boolean {
  if (breach.kind === 'tree' || breach.kind === 'node') return true;
  return (
    isAbove(network, energisation, breach.branch, branch) ||
    isAbove(network, energisation, branch, breach.branch)
  );
}

/** `upper` lies on the way from the source to `lower`, or is it. */
function isAbove(
  network: Network,
  energisation: Energisation,
  upper: number,
  lower: number,
): boolean {
  const { parentBranch } = energisation;
  let node = childEnd(network, energisation, lower);
  while (node !== null) {
    const branch = parentBranch[node]!;
    if (branch === -1) return false;
    if (branch === upper) return true;
    node = otherEnd(network, branch, node);
  }
  return false;
}

/** The end that is supplied through the branch; null if neither is. */
function childEnd(network: Network, energisation: Energisation, branch: number): number | null {
  const from = network.branchFrom[branch]!;
  const to = network.branchTo[branch]!;
  if (energisation.parentBranch[to] === branch) return to;
  return energisation.parentBranch[from] === branch ? from : null;
}

/** By node: 1 where the supply passes the branch. */
function nodesBehind(
  network: Network,
  energisation: Energisation,
  branch: number,
): Uint8Array | null {
  const child = childEnd(network, energisation, branch);
  if (child === null) return null;
  const behind = new Uint8Array(network.nodeCount);
  behind[child] = 1;
  // Parents stand before their children in the order.
  for (const node of energisation.order) {
    const parent = energisation.parentBranch[node]!;
    if (parent !== -1 && behind[otherEnd(network, parent, node)] === 1) behind[node] = 1;
  }
  return behind;
}
