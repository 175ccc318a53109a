import type { TripFunction } from '@relight/contract';
import type { Network } from '@relight/topology';
import { counts, type EvidenceItem, type EvidenceWindow } from './evidence.ts';

/** What one fault passage indicator says. `unusable`: stale, invalid, or from another time. */
export type IndicatorReading = 'passed' | 'notPassed' | 'unusable';

export interface ReadIndicator {
  readonly id: string;
  readonly reading: IndicatorReading;
  /** Where it sits: at a switch, or on a line at one of its nodes. */
  readonly place:
    | { readonly kind: 'switch'; readonly switch: number }
    | { readonly kind: 'pole'; readonly line: number; readonly node: number };
}

const EARTH_FUNCTIONS: readonly TripFunction[] = ['50N', '51N', '67N'];
const PHASE_FUNCTIONS: readonly TripFunction[] = ['50', '51', '67'];

/**
 * Indicators that reported, by id. One that reported nothing is not among them: missing is no
 * evidence. Where a report from the time of the fault says passed, it passed (they latch).
 * @param functions - trip functions reported: an indicator that cannot see that kind of fault
 *   says nothing by staying silent.
 */
export function readIndicators(
  network: Network,
  evidence: readonly EvidenceItem[],
  window: EvidenceWindow | null,
  functions: ReadonlySet<string>,
): readonly ReadIndicator[] {
  const readings = new Map<string, IndicatorReading>();
  for (const item of evidence) {
    const shows = item.signal === 'faultIndicator' || item.signal === 'earthFault';
    if (!shows) continue;
    const known = readings.get(item.equipment);
    if (!counts(item, window)) {
      if (known === undefined) readings.set(item.equipment, 'unusable');
    } else if (item.value === true) readings.set(item.equipment, 'passed');
    else if (known !== 'passed' && item.signal === 'faultIndicator') {
      readings.set(item.equipment, 'notPassed');
    }
  }

  const isEarth = EARTH_FUNCTIONS.some((each) => functions.has(each));
  const isPhase = PHASE_FUNCTIONS.some((each) => functions.has(each));
  const poles = new Map(network.grid.faultIndicators.map((pole) => [pole.id, pole]));
  const found: ReadIndicator[] = [];
  for (const id of [...readings.keys()].sort()) {
    const reading = readings.get(id)!;
    const at = network.index.switch.get(id);
    if (at !== undefined) found.push({ id, reading, place: { kind: 'switch', switch: at } });
    const pole = poles.get(id);
    if (pole === undefined) continue;
    const sees = (isEarth && pole.earthFault) || (isPhase && pole.phaseFault);
    const blind = (isEarth || isPhase) && !sees;
    found.push({
      id,
      reading: blind && reading === 'notPassed' ? 'unusable' : reading,
      place: { kind: 'pole', line: pole.line, node: pole.node },
    });
  }
  return found;
}
