import { DEFAULT_CORE_CONFIGURATION as rates } from '@relight/contract';
import { locateFault, type EvidenceItem, type FaultLocation } from '@relight/flisr';
import { RandomStream } from '@relight/foundation';
import { compileNetwork, normalPositions, type Network } from '@relight/topology';
import { expect, test } from 'vitest';
import { modelOf } from '../kit/load-grid.ts';
import {
  BREAKER,
  indication,
  randomFeeder,
  reactance,
  reactanceTo,
  rightIndications,
  wayTo,
  type RandomFeeder,
} from '../kit/random-feeder.ts';
import { runs } from '../kit/random-grid.ts';

const seed = runs(1).seed ?? 20_261_122;

interface Compiled extends RandomFeeder {
  readonly network: Network;
  /** Section of the network, by section of the feeder. */
  readonly sectionOf: readonly number[];
}

function compiled(chance: RandomStream): Compiled {
  const feeder = randomFeeder(chance);
  const network = compileNetwork(modelOf(feeder.file));
  const sectionOf = feeder.sections.map(({ line }) => {
    const at = network.index.line.get(line) ?? -1;
    return network.nodeSection[network.branchFrom[at]!]!;
  });
  return { ...feeder, network, sectionOf };
}

function locate({ network }: Compiled, evidence: readonly EvidenceItem[]): FaultLocation {
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

/** Place of the faulted section in the ranking, 1 = first. */
function rankOf(feeder: Compiled, section: number, evidence: readonly EvidenceItem[]): number {
  const { candidates } = locate(feeder, evidence);
  return 1 + candidates.findIndex((each) => each.section === feeder.sectionOf[section]);
}

/** Every section of many feeders, as the faulted one. */
function forEachFault(tries: number, look: (feeder: Compiled, section: number) => void): void {
  const chance = new RandomStream(seed, 'feeders');
  for (let at = 0; at < tries; at++) {
    const feeder = compiled(chance);
    for (let section = 0; section < feeder.sections.length; section++) look(feeder, section);
  }
}

test('with every indicator right the faulted section ranks first, on any feeder', () => {
  forEachFault(runs(60).numRuns, (feeder, section) => {
    const evidence = [...rightIndications(feeder, section)].map(([id, passed]) =>
      indication(id, passed),
    );
    expect([section, rankOf(feeder, section, evidence)]).toEqual([section, 1]);
  });
});

test('with any one indicator missing it ranks among the first two, and first unless that was next to it', () => {
  let tried = 0;
  forEachFault(runs(60).numRuns, (feeder, section) => {
    const right = rightIndications(feeder, section);
    const way = wayTo(feeder, section);
    for (const missing of right.keys()) {
      const evidence = [...right]
        .filter(([id]) => id !== missing)
        .map(([id, passed]) => indication(id, passed));
      const rank = rankOf(feeder, section, evidence);
      const at = feeder.sections.findIndex((each) => each.border === missing);
      // What stands between the faulted section and a neighbour alone tells the two apart.
      const alone = at === section || feeder.sections[at]!.above === section;
      tried += 1;
      expect(rank, `${missing} missing, fault in ${section}`).toBeLessThanOrEqual(2);
      if (!alone) expect(rank, `${missing} missing, fault in ${section}`).toBe(1);
    }
    // One that stays silent in the midst of the way is overruled by those behind it.
    for (const silent of way.slice(1, -1)) {
      const wrong = new Map(right).set(feeder.sections[silent]!.border, false);
      const evidence = [...wrong].map(([id, passed]) => indication(id, passed));
      expect(rankOf(feeder, section, evidence), `S${silent} silent`).toBe(1);
    }
  });
  expect(tried).toBeGreaterThan(1000);
});

/** Evidence with errors at the rates that the engine reckons with. */
function doubtfulEvidence(
  feeder: Compiled,
  section: number,
  chance: RandomStream,
): readonly EvidenceItem[] {
  const evidence: EvidenceItem[] = [];
  for (const [id, passed] of rightIndications(feeder, section)) {
    const isWrong = chance.next() < (passed ? rates.indicatorMiss : rates.indicatorFalse);
    const isMissing = chance.next() < 0.1;
    if (!isMissing) evidence.push(indication(id, isWrong ? !passed : passed));
  }
  if (chance.next() < 0.5) return evidence;
  const truth = reactanceTo(feeder, section, chance.next());
  const share = rates.reactanceError * truth;
  const sigma = Math.sqrt(share * share + rates.reactanceError_ohm * rates.reactanceError_ohm);
  evidence.push(reactance(BREAKER, Math.max(0.001, truth + sigma * chance.gaussian())));
  return evidence;
}

/** A section by the prior that docs/methods/locating.md gives. */
function faultedSection({ sections }: Compiled, chance: RandomStream): number {
  const mean = sections.reduce((sum, each) => sum + each.length_m, 0) / sections.length;
  const weights = sections.map(({ length_m }) => 1 + (3 * length_m) / (length_m + mean));
  let left = chance.next() * weights.reduce((sum, each) => sum + each, 0);
  for (const [section, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return section;
  }
  return sections.length - 1;
}

test('with errors at their rates the isolated set holds the fault in 95 %, and probabilities are what they say', () => {
  const tries = runs(1500).numRuns;
  const chance = new RandomStream(seed, 'errors');
  let held = 0;
  const deciles = Array.from({ length: 10 }, () => ({ said: 0, true: 0, count: 0 }));
  for (let at = 0; at < tries; at++) {
    const feeder = compiled(chance);
    const section = faultedSection(feeder, chance);
    const found = locate(feeder, doubtfulEvidence(feeder, section, chance));
    const truth = feeder.sectionOf[section]!;
    if (found.isolate.includes(truth)) held += 1;
    for (const candidate of found.candidates) {
      const decile = deciles[Math.min(9, Math.floor(candidate.probability * 10))]!;
      decile.said += candidate.probability;
      decile.count += 1;
      if (candidate.section === truth) decile.true += 1;
    }
  }
  const table = deciles.map((each, at) => {
    const mean = (sum: number): string => (each.count === 0 ? '-' : (sum / each.count).toFixed(3));
    return `${at / 10}–${(at + 1) / 10}: said ${mean(each.said)}, true ${mean(each.true)} (${each.count})`;
  });
  console.log(
    [`${tries} faults, held ${((100 * held) / tries).toFixed(2)} %`, ...table].join('\n'),
  );
  expect(held / tries).toBeGreaterThanOrEqual(0.95);
  for (const each of deciles) {
    // Three standard errors of what was counted, and a little for the shape of the errors.
    const expected = each.said / Math.max(1, each.count);
    const error = Math.sqrt((expected * (1 - expected)) / Math.max(1, each.count));
    expect(Math.abs(each.true / Math.max(1, each.count) - expected)).toBeLessThan(
      3.5 * error + 0.02,
    );
  }
});
