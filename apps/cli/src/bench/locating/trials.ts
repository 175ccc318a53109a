import {
  locateFault,
  type EvidenceItem,
  type FaultLocation,
  type LocatingRates,
} from '@relight/flisr';
import type { RandomStream } from '@relight/foundation';
import { parseGrid } from '@relight/grid';
import { compileNetwork, normalPositions, type Network } from '@relight/topology';
import { doubtfulEvidence, drawFault, indication, rightEvidence } from './doubtful-evidence.ts';
import {
  BREAKER,
  randomFeeder,
  rightIndications,
  wayTo,
  type RandomFeeder,
} from './random-feeder.ts';

/** A random feeder with its network. */
export interface TrialFeeder extends RandomFeeder {
  readonly network: Network;
  /** Section of the network, by section of the feeder. */
  readonly sectionOf: readonly number[];
}

export function trialFeeder(chance: RandomStream, withGenerators: boolean): TrialFeeder {
  const feeder = randomFeeder(chance, withGenerators);
  const parsed = parseGrid(feeder.file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const network = compileNetwork(parsed.value.grid);
  const sectionOf = feeder.sections.map(({ line }) => {
    const at = network.index.line.get(line) ?? -1;
    return network.nodeSection[network.branchFrom[at]!]!;
  });
  return { ...feeder, network, sectionOf };
}

export function locateOn(
  { network }: TrialFeeder,
  evidence: readonly EvidenceItem[],
  rates: LocatingRates,
): FaultLocation {
  const located = locateFault({
    network,
    positionsBefore: normalPositions(network),
    tripped: [network.index.switch.get(BREAKER) ?? -1],
    evidence,
    rates,
  });
  if (!located.ok) throw new Error(located.error.text.en);
  return located.value;
}

/** What is asked of locating where at most one indicator is amiss, counted over many faults. */
export interface RankCount {
  readonly faults: number;
  /** All indicators right: not first. */
  readonly rightNotFirst: number;
  /** One indicator that says nothing: how many tries, and how often the section was not … */
  readonly missing: number;
  readonly missingNotWithinTwo: number;
  /** … first, though the missing one was neither its own border nor that of the next section. */
  readonly missingNotFirst: number;
  /** One indicator on the way that says "not passed", the last one left out: not first. */
  readonly silent: number;
  readonly silentNotFirst: number;
  /** The last one on the way says "not passed": as above, and not within the first two. */
  readonly silentLast: number;
  readonly silentLastNotWithinTwo: number;
}

/**
 * Every section of `feeders` random feeders as the faulted one, each indicator amiss in turn. No
 * generators: one that feeds back makes an indicator that shows doubtful, and rightly so.
 */
export function countRanks(feeders: number, chance: RandomStream, rates: LocatingRates): RankCount {
  const count = {
    faults: 0,
    rightNotFirst: 0,
    missing: 0,
    missingNotWithinTwo: 0,
    missingNotFirst: 0,
    silent: 0,
    silentNotFirst: 0,
    silentLast: 0,
    silentLastNotWithinTwo: 0,
  };
  for (let at = 0; at < feeders; at++) {
    const feeder = trialFeeder(chance, false);
    for (let section = 0; section < feeder.sections.length; section++) {
      const rankOf = (evidence: readonly EvidenceItem[]): number => {
        const { candidates } = locateOn(feeder, evidence, rates);
        return 1 + candidates.findIndex((each) => each.section === feeder.sectionOf[section]);
      };
      count.faults += 1;
      if (rankOf(rightEvidence(feeder, section)) !== 1) count.rightNotFirst += 1;
      const right = rightIndications(feeder, section);
      for (const missing of right.keys()) {
        const rank = rankOf(
          rightEvidence(feeder, section).filter(({ equipment }) => equipment !== missing),
        );
        const border = feeder.sections.findIndex((each) => each.border === missing);
        // What stands between the faulted section and a neighbour alone tells the two apart.
        const alone = border === section || feeder.sections[border]!.above === section;
        count.missing += 1;
        if (rank > 2) count.missingNotWithinTwo += 1;
        if (!alone && rank > 1) count.missingNotFirst += 1;
      }
      for (const border of wayTo(feeder, section).slice(1)) {
        const id = feeder.sections[border]!.border;
        const rank = rankOf(
          [...right].map(([each, passed]) => indication(each, each === id ? false : passed)),
        );
        if (border === section) {
          count.silentLast += 1;
          if (rank > 2) count.silentLastNotWithinTwo += 1;
        } else {
          count.silent += 1;
          if (rank > 1) count.silentNotFirst += 1;
        }
      }
    }
  }
  return count;
}

/** Candidates by what they were said to hold: 0–10 %, 10–20 %, … */
export interface Decile {
  said: number;
  true: number;
  count: number;
}

export interface Calibration {
  readonly faults: number;
  /** Faults whose isolated set holds them. */
  readonly held: number;
  readonly deciles: readonly Decile[];
  /** Sections isolated, summed over all faults. */
  readonly isolated: number;
}

/**
 * Faults drawn from the prior, with evidence wrong at the rates reckoned with: do the sets hold
 * what they should, and are the probabilities what they say?
 */
export function calibrate(
  faults: number,
  chance: RandomStream,
  rates: LocatingRates,
  more: () => boolean = () => true,
): Calibration {
  const deciles = Array.from({ length: 10 }, (): Decile => ({ said: 0, true: 0, count: 0 }));
  let [held, isolated, tried] = [0, 0, 0];
  for (; tried < faults && more(); tried++) {
    const feeder = trialFeeder(chance, true);
    const section = drawFault(feeder, chance);
    const found = locateOn(feeder, doubtfulEvidence(feeder, section, chance, rates), rates);
    const truth = feeder.sectionOf[section]!;
    if (found.isolate.includes(truth)) held += 1;
    isolated += found.isolate.length;
    for (const candidate of found.candidates) {
      const decile = deciles[Math.min(9, Math.floor(candidate.probability * 10))]!;
      decile.said += candidate.probability;
      decile.count += 1;
      if (candidate.section === truth) decile.true += 1;
    }
  }
  return { faults: tried, held, deciles, isolated };
}

/** The deciles as lines: what was said on average, and how often it was true. */
export function describeDeciles({ deciles }: Calibration): readonly string[] {
  return deciles.map((each, at) => {
    const mean = (sum: number): string => (each.count === 0 ? '-' : (sum / each.count).toFixed(3));
    return `${at / 10}–${(at + 1) / 10}: said ${mean(each.said)}, true ${mean(each.true)} (${each.count})`;
  });
}
