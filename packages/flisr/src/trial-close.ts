import type { Bilingual } from '@relight/contract';
import { CLOSED, OPEN, type Energisation, type Network, type Positions } from '@relight/topology';

export interface TrialRequest {
  readonly network: Network;
  readonly positions: Positions;
  /** What is live in these positions. */
  readonly live: Energisation;
  /** Sections that may hold the fault, with their probability. */
  readonly suspected: ReadonlyMap<number, number>;
  /** Sections unit protection condemned: never tried. */
  readonly condemned: ReadonlySet<number>;
  readonly mayBeOperated: (switchIndex: number) => boolean;
}

/** A close onto a suspected part, by a device that can break the fault current. */
export interface Trial {
  readonly switchIndex: number;
  /** Suspected sections it would energise, ascending. */
  readonly sections: readonly number[];
  /** Probability that the fault is among them. */
  readonly probability: number;
  /** Switch whose opening first would leave about half of the probability to test; −1: none. */
  readonly splitAt: number;
}

export interface Trials {
  /** The one that tests nearest to half of the probability first. */
  readonly proposed: readonly Trial[];
  /** Why a device that stands before the suspected part may not try it. */
  readonly refused: readonly { readonly switchIndex: number; readonly why: Bilingual }[];
}

/**
 * The trial closes that could be declared: an open breaker or recloser with a live side, and
 * beyond it a dead part with suspected sections, all of it overhead line (a cable fault does not
 * burn out and the second blow does harm; a line whose construction nobody gives counts as
 * cable) and none of it condemned. Pure; it proposes and never closes. Method:
 * docs/methods/locating.md, section 9. Cost: the dead part, times its switches for the split.
 */
export function trialCloses(request: TrialRequest): Trials {
  const { network, positions, live } = request;
  const proposed: Trial[] = [];
  const refused: { switchIndex: number; why: Bilingual }[] = [];
  const all = [...request.suspected.values()].reduce((sum, share) => sum + share, 0);
  network.grid.switches.forEach(({ from, to }, switchIndex) => {
    if (positions[switchIndex] !== OPEN) return;
    const isLive = (node: number): boolean => (live.nodeSource[node] ?? -1) !== -1;
    if (isLive(from) === isLive(to)) return;
    const part = deadPart(request, isLive(from) ? to : from, -1);
    const sections = suspectedIn(request, part);
    if (sections.length === 0) return;
    const why = whyNot(request, switchIndex, part);
    if (why !== null) {
      refused.push({ switchIndex, why });
      return;
    }
    const probability = shareOf(request, sections) / Math.max(all, 1e-12);
    const splitAt = bestSplit(request, switchIndex, isLive(from) ? to : from, part, all);
    proposed.push({ switchIndex, sections, probability, splitAt });
  });
  const fromHalf = ({ probability }: Trial): number => Math.abs(probability - 0.5);
  return {
    proposed: proposed.sort((a, b) => fromHalf(a) - fromHalf(b) || a.switchIndex - b.switchIndex),
    refused,
  };
}

/** Nodes that hang together with one, an unknown position counting as closed. */
function deadPart(
  { network, positions, live }: TrialRequest,
  start: number,
  without: number,
): ReadonlySet<number> {
  const part = new Set([start]);
  for (const node of part) {
    const end = network.adjacencyStart[node + 1]!;
    for (let entry = network.adjacencyStart[node]!; entry < end; entry++) {
      const at = network.adjacencyBranch[entry]! - network.firstSwitchBranch;
      if (at >= 0 && (at === without || positions[at] === OPEN)) continue;
      const other = network.adjacencyNode[entry]!;
      if ((live.nodeSource[other] ?? -1) === -1) part.add(other);
    }
  }
  return part;
}

function suspectedIn(
  { network, suspected }: TrialRequest,
  part: ReadonlySet<number>,
): readonly number[] {
  const sections = new Set<number>();
  for (const node of part) {
    const section = network.nodeSection[node]!;
    if (suspected.has(section)) sections.add(section);
  }
  return [...sections].sort((a, b) => a - b);
}

function shareOf({ suspected }: TrialRequest, sections: readonly number[]): number {
  return sections.reduce((sum, section) => sum + (suspected.get(section) ?? 0), 0);
}

function whyNot(
  { network, condemned, mayBeOperated }: TrialRequest,
  switchIndex: number,
  part: ReadonlySet<number>,
): Bilingual | null {
  const { kind } = network.grid.switches[switchIndex]!;
  if (kind !== 'breaker' && kind !== 'recloser') {
    return {
      vi: 'Chỉ máy cắt hoặc recloser được đóng thử.',
      en: 'Only a breaker or recloser may make a trial close.',
    };
  }
  if ([...part].some((node) => condemned.has(network.nodeSection[node]!))) {
    return {
      vi: 'Không đóng thử sau bảo vệ 87, 96 hoặc 86.',
      en: 'No trial after 87, 96 or 86.',
    };
  }
  const cable = network.grid.lines.find(
    ({ from, construction }) => part.has(from) && construction !== 'overhead',
  );
  if (cable !== undefined) {
    return {
      vi: `Không đóng thử cáp: ${cable.id} là cáp hoặc không rõ.`,
      en: `No trial on cable: ${cable.id} is one, or nobody says that it is not.`,
    };
  }
  const transformer = network.grid.transformers.find(
    ({ from, to }) => part.has(from) || part.has(to),
  );
  if (transformer !== undefined) {
    return {
      vi: `Không đóng thử máy biến áp ${transformer.id}.`,
      en: `No trial on transformer ${transformer.id}.`,
    };
  }
  return mayBeOperated(switchIndex)
    ? null
    : { vi: 'Thiết bị không điều khiển được.', en: 'The device cannot be operated.' };
}

/** The closed switch inside the part that leaves nearest to half of the probability before it. */
function bestSplit(
  request: TrialRequest,
  device: number,
  start: number,
  part: ReadonlySet<number>,
  all: number,
): number {
  const { network, positions, mayBeOperated } = request;
  const whole = shareOf(request, suspectedIn(request, part));
  let best = { at: -1, off: Math.abs(whole / Math.max(all, 1e-12) - 0.5) };
  network.grid.switches.forEach(({ from, to }, at) => {
    if (at === device || positions[at] !== CLOSED || !part.has(from) || !part.has(to)) return;
    if (!mayBeOperated(at)) return;
    const near = suspectedIn(request, deadPart(request, start, at));
    if (near.length === 0) return;
    const off = Math.abs(shareOf(request, near) / Math.max(all, 1e-12) - 0.5);
    if (off < best.off - 1e-9) best = { at, off };
  });
  return best.at;
}
