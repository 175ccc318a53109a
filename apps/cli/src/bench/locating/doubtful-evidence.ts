import { LIKELIHOODS, type EvidenceItem, type LocatingRates } from '@relight/flisr';
import type { RandomStream } from '@relight/foundation';
import {
  BREAKER,
  reactanceTo,
  rightIndications,
  wayTo,
  type RandomFeeder,
} from './random-feeder.ts';

/** Chance that a device says nothing at all: link down, battery empty. */
const UNREPORTED = 0.1;
/** Chance that a meter reports. */
const METERED = 0.3;

/** A section by the prior that docs/methods/locating.md gives. */
export function drawFault({ sections }: RandomFeeder, chance: RandomStream): number {
  const mean = sections.reduce((sum, each) => sum + each.length_m, 0) / sections.length;
  const weights = sections.map(({ length_m }) => 1 + (3 * length_m) / (length_m + mean));
  let left = chance.next() * weights.reduce((sum, each) => sum + each, 0);
  for (const [section, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return section;
  }
  return sections.length - 1;
}

/** Evidence of a fault in a section, every device wrong as often as the engine reckons with. */
export function doubtfulEvidence(
  feeder: RandomFeeder,
  section: number,
  chance: RandomStream,
  rates: LocatingRates,
): readonly EvidenceItem[] {
  const evidence: EvidenceItem[] = [];
  const happens = (probability: number): boolean => chance.next() < probability;
  for (const [at, { border, directional, meter }] of feeder.sections.entries()) {
    const passes = wayTo(feeder, section).includes(at);
    if (at > 0) {
      const shown = directional
        ? showsDirection(feeder, at, passes, happens, rates)
        : showsPassage(feeder, at, passes, happens, rates);
      if (!happens(UNREPORTED)) evidence.push({ ...good(border), ...shown });
    }
    if (!happens(METERED)) continue;
    const isLive = at !== section && happens(LIKELIHOODS.unknownSupply);
    const says = happens(LIKELIHOODS.voltageWrong) ? !isLive : isLive;
    evidence.push({ ...good(meter), signal: 'lossOfSupply', value: !says });
  }
  if (happens(0.5)) return evidence;
  const truth = reactanceTo(feeder, section, chance.next());
  const share = rates.reactanceError * truth;
  const sigma = Math.sqrt(share * share + rates.reactanceError_ohm * rates.reactanceError_ohm);
  evidence.push(reactance(Math.max(0.001, truth + sigma * chance.gaussian())));
  return evidence;
}

type Shown = Pick<EvidenceItem, 'signal' | 'value'>;

function showsPassage(
  feeder: RandomFeeder,
  at: number,
  passes: boolean,
  happens: (probability: number) => boolean,
  rates: LocatingRates,
): Shown {
  const fedBack = !passes && hasInfeed(feeder, at) && happens(LIKELIHOODS.infeedShows);
  const value = passes ? !happens(rates.indicatorMiss) : fedBack || happens(rates.indicatorFalse);
  return { signal: 'faultIndicator', value };
}

function showsDirection(
  feeder: RandomFeeder,
  at: number,
  passes: boolean,
  happens: (probability: number) => boolean,
  rates: LocatingRates,
): Shown {
  const { infeedShows, backwardCharging, directionWrong } = LIKELIHOODS;
  const silent: Shown = { signal: 'faultIndicator', value: false };
  const told = (direction: 'forward' | 'reverse'): Shown => {
    const other = direction === 'forward' ? 'reverse' : 'forward';
    return { signal: 'faultDirection', value: happens(directionWrong) ? other : direction };
  };
  if (passes) return happens(rates.indicatorMiss) ? silent : told('forward');
  const back = backwardCharging + (hasInfeed(feeder, at) ? infeedShows : 0);
  if (happens(back)) return told('reverse');
  if (!happens(rates.indicatorFalse)) return silent;
  return { signal: 'faultDirection', value: happens(0.5) ? 'forward' : 'reverse' };
}

/** A generator stands in a section or beyond it. */
function hasInfeed(feeder: RandomFeeder, section: number): boolean {
  return feeder.generatorsIn.some((at) => wayTo(feeder, at).includes(section));
}

/** What every indicator shows if none is wrong. */
export function rightEvidence(feeder: RandomFeeder, section: number): readonly EvidenceItem[] {
  return [...rightIndications(feeder, section)].map(([id, passed]) => indication(id, passed));
}

export function indication(equipment: string, passed: boolean): EvidenceItem {
  return { ...good(equipment), signal: 'faultIndicator', value: passed };
}

function reactance(value: number): EvidenceItem {
  return { ...good(BREAKER), signal: 'faultReactance_ohm', value };
}

function good(equipment: string): Pick<EvidenceItem, 'equipment' | 'quality' | 'at_ms'> {
  return { equipment, quality: 'good', at_ms: null };
}
