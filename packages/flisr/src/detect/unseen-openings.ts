import { CLOSED, energise, otherEnd, type Network, type Positions } from '@relight/topology';
import {
  countsWhileDead,
  inOrderOfTime,
  type EvidenceItem,
  type EvidenceWindow,
} from '../locate/evidence.ts';
import { nodeOfReport } from '../locate/places-of-reports.ts';
import { hasVoltage } from '../locate/supply-reports.ts';

/** Chance that a meter's report of its supply is wrong, either way. */
const REPORT_WRONG = 0.02;
/**
 * Odds, before any report, that one given device has opened without telling. With the chance
 * above one report alone, which may be a customer's own fuse, does not suffice; two do.
 */
const UNSEEN_ODDS = 0.02;
/** An opening is taken for granted from this probability on. */
const SURE = 0.95;

/** A device nobody reports on that must have opened, by what meters behind it say. */
export interface UnseenOpening {
  readonly switchIndex: number;
  readonly probability: number;
  /** Ids of what reported no supply behind it, sorted. */
  readonly reports: readonly string[];
}

/**
 * Fuses and sectionalisers without telemetry tell nobody that they opened; meters and transformers
 * behind them do. Looks, in the part that should be live as positions stand, for the device whose
 * opening explains best which of them lost supply and which did not. Nested devices: the one
 * that explains most. By switch, ascending. Cost: linear in the grid, and only where something
 * reports a loss in the live part.
 */
export function unseenOpenings(
  network: Network,
  positionsNow: Positions,
  evidence: readonly EvidenceItem[],
  window: EvidenceWindow | null,
): readonly UnseenOpening[] {
  const reports = new Map<string, { readonly node: number; readonly live: boolean }>();
  for (const item of inOrderOfTime(evidence)) {
    const live = hasVoltage(item);
    if (live === null || !countsWhileDead(item, window)) continue;
    const node = nodeOfReport(network, item);
    if (node !== -1) reports.set(item.equipment, { node, live });
  }
  if (![...reports.values()].some(({ live }) => !live)) return [];
  const { parentBranch, nodeSource } = energise(network, positionsNow);
  const told = new Set(
    evidence.filter(({ signal }) => signal === 'position').map(({ equipment }) => equipment),
  );
  // Log-odds by device would need a logarithm: odds are multiplied instead, as ratios near 50.
  const odds = new Map<number, number>();
  const behind = new Map<number, string[]>();
  const ratio = (1 - REPORT_WRONG) / REPORT_WRONG;
  for (const id of [...reports.keys()].sort()) {
    const { node: start, live } = reports.get(id)!;
    if (nodeSource[start] === -1) continue;
    let node = start;
    for (let branch = parentBranch[node]!; branch !== -1; branch = parentBranch[node]!) {
      const at = branch - network.firstSwitchBranch;
      if (at >= 0 && mayHaveOpened(network, positionsNow, at, told)) {
        const known = odds.get(at) ?? UNSEEN_ODDS;
        odds.set(at, Math.min(Math.max(known * (live ? 1 / ratio : ratio), 1e-300), 1e300));
        if (!live) behind.set(at, [...(behind.get(at) ?? []), id]);
      }
      node = otherEnd(network, branch, node);
    }
  }
  const likely = [...odds.keys()]
    .filter((at) => odds.get(at)! / (1 + odds.get(at)!) >= SURE)
    .sort((a, b) => odds.get(b)! - odds.get(a)! || a - b);
  const found: UnseenOpening[] = [];
  const explained = new Set<string>();
  for (const switchIndex of likely) {
    const ids = behind.get(switchIndex) ?? [];
    if (ids.every((id) => explained.has(id))) continue;
    for (const id of ids) explained.add(id);
    const own = odds.get(switchIndex)!;
    found.push({ switchIndex, probability: own / (1 + own), reports: ids });
  }
  return found.sort((a, b) => a.switchIndex - b.switchIndex);
}

/** Closed as far as is known, opens by itself on fault current, and reports no position. */
function mayHaveOpened(
  network: Network,
  positionsNow: Positions,
  at: number,
  told: ReadonlySet<string>,
): boolean {
  const { id, kind, protects, remote } = network.grid.switches[at]!;
  const opens = protects || kind === 'fuse' || kind === 'sectionaliser';
  return opens && !remote && positionsNow[at] === CLOSED && !told.has(id);
}
