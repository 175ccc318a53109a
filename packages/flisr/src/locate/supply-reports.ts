import {
  countsWhileDead,
  inOrderOfTime,
  type EvidenceItem,
  type EvidenceWindow,
} from './evidence.ts';
import type { FaultTree } from './fault-tree.ts';
import { LIKELIHOODS } from './likelihoods.ts';
import { nodeOfReport } from './places-of-reports.ts';

/** Meters, transformers and voltage detectors on one section, after the trip. */
export interface SupplyReport {
  readonly section: number;
  /** Ids of what says that voltage stands there, sorted. */
  readonly live: readonly string[];
  readonly dead: readonly string[];
  /** Chance of these reports if the fault lies in the section, over the chance if elsewhere. */
  readonly ratio: number;
}

/**
 * Reports of voltage and of lost supply from inside a tree that has tripped. All of it should be
 * dead, so a loss says nothing about the place; but a section that still has voltage does not
 * hold a permanent fault: it is supplied from somewhere, or a detector lies. What was said before
 * the lockout says nothing. By section, ascending.
 */
export function readSupply(
  tree: FaultTree,
  evidence: readonly EvidenceItem[],
  window: EvidenceWindow | null,
): readonly SupplyReport[] {
  const { network, place } = tree;
  const last = new Map<string, { readonly node: number; readonly live: boolean }>();
  for (const item of inOrderOfTime(evidence)) {
    const live = hasVoltage(item);
    if (live === null || !countsWhileDead(item, window)) continue;
    const node = nodeOfReport(network, item);
    if (node === -1 || place[node] === -1) continue;
    last.set(`${item.equipment}/${item.side ?? ''}`, { node, live });
  }
  const sections = new Map<number, { live: string[]; dead: string[] }>();
  for (const key of [...last.keys()].sort()) {
    const { node, live } = last.get(key)!;
    const section = network.nodeSection[node]!;
    const known = sections.get(section) ?? { live: [], dead: [] };
    (live ? known.live : known.dead).push(key.slice(0, key.lastIndexOf('/')));
    sections.set(section, known);
  }
  const { voltageWrong, unknownSupply } = LIKELIHOODS;
  return [...sections.keys()]
    .sort((a, b) => a - b)
    .map((section) => {
      const { live, dead } = sections.get(section)!;
      // All of a section hangs together: its reports agree, or some of them are wrong.
      const ifDead = power(voltageWrong, live.length) * power(1 - voltageWrong, dead.length);
      const ifLive = power(1 - voltageWrong, live.length) * power(voltageWrong, dead.length);
      const elsewhere = (1 - unknownSupply) * ifDead + unknownSupply * ifLive;
      return { section, live, dead, ratio: ifDead / elsewhere };
    });
}

/** What a report says of the voltage at its place; null: it is about something else. */
export function hasVoltage({ signal, value }: EvidenceItem): boolean | null {
  if (typeof value !== 'boolean') return null;
  if (signal === 'voltagePresent') return value;
  return signal === 'lossOfSupply' ? !value : null;
}

function power(base: number, exponent: number): number {
  let product = 1;
  for (let times = 0; times < exponent; times++) product *= base;
  return product;
}
