import type { Network } from '@relight/topology';
import { counts, type EvidenceItem, type EvidenceWindow } from './evidence.ts';
import type { FaultKind } from './fault-kind.ts';

/**
 * What one device says about fault current at its place. `forward`, `reverse`: it passed, away
 * from the source in the normal state of the grid or towards it. `unusable`: stale, invalid, or
 * from another time.
 */
export type PassageReading = 'passed' | 'forward' | 'reverse' | 'notPassed' | 'unusable';

export interface Passage {
  readonly id: string;
  readonly reading: PassageReading;
  /** Chance that it can see this kind of fault at all. */
  readonly sees: number;
  /** Where it sits: at a switch, or on a line at one of its nodes. */
  readonly place:
    | { readonly kind: 'switch'; readonly switch: number }
    | { readonly kind: 'pole'; readonly line: number; readonly node: number };
}

/**
 * What indicators and directional relays reported about the passage of fault current, one entry a
 * device, by id. One that reported nothing is not among them: missing is no evidence. Where a
 * report from the time of the fault says passed, it passed (they latch); a direction says so too.
 */
export function readPassages(
  network: Network,
  evidence: readonly EvidenceItem[],
  window: EvidenceWindow | null,
  kind: FaultKind,
): readonly Passage[] {
  const readings = new Map<string, PassageReading>();
  const poles = new Map(network.grid.faultIndicators.map((pole) => [pole.id, pole]));
  for (const item of evidence) {
    const said = saidBy(item, kind);
    if (said === null) continue;
    const known = readings.get(item.equipment);
    const now = counts(item, window) ? said : 'unusable';
    if (known === undefined || RANK[now] > RANK[known]) readings.set(item.equipment, now);
  }
  const found: Passage[] = [];
  for (const id of [...readings.keys()].sort()) {
    const reading = readings.get(id)!;
    const at = network.index.switch.get(id);
    if (at !== undefined)
      found.push({ id, reading, sees: 1, place: { kind: 'switch', switch: at } });
    const pole = poles.get(id);
    if (pole === undefined) continue;
    const sees = Math.min(
      1,
      (pole.earthFault ? kind.earth : 0) + (pole.phaseFault ? kind.phase : 0),
    );
    const unspecified = !pole.earthFault && !pole.phaseFault;
    const blind = !unspecified && sees === 0 && reading === 'notPassed';
    found.push({
      id,
      reading: blind ? 'unusable' : reading,
      sees: unspecified ? 1 : sees,
      place: { kind: 'pole', line: pole.line, node: pole.node },
    });
  }
  return found;
}

/** A direction tells more than a passage, and that more than silence. */
const RANK: Record<PassageReading, number> = {
  unusable: 0,
  notPassed: 1,
  passed: 2,
  reverse: 3,
  forward: 4,
};

/** null: the report is not about a passage. */
function saidBy({ signal, value }: EvidenceItem, kind: FaultKind): PassageReading | null {
  switch (signal) {
    case 'faultIndicator':
      return value === true ? 'passed' : 'notPassed';
    case 'earthFault':
      if (value === true) return 'passed';
      // It stays silent for a fault between phases as well.
      return kind.phase === 0 ? 'notPassed' : null;
    case 'faultDirection':
      return value === 'forward' || value === 'reverse' ? value : null;
    default:
      return null;
  }
}
