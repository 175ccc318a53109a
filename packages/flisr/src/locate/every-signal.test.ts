import { expect, test } from 'vitest';
import { DEFAULT_CORE_CONFIGURATION } from '@relight/contract';
import { normalPositions, sectionsOfEquipment, type Network } from '@relight/topology';
import { change, compile, feeder, join, switchSet, tie } from '../small-grids.ts';
import type { EvidenceItem } from './evidence.ts';
import { locateFault } from './locate-fault.ts';

/** Feeder A of four sections, tied by T to feeder B of two. */
const grid = join(feeder('A', 4), feeder('B', 2), {
  switches: [tie('T', 'AN4', 'BN2')],
  faultIndicators: [
    { id: 'EARTH-ONLY', node: 'AM3', line: 'LA3', earthFault: true, phaseFault: false },
  ],
});
const network = compile(grid);

function sectionOf(line: string, on: Network = network): number {
  return sectionsOfEquipment(on, line)?.[0] ?? -1;
}

const items = (...reports: readonly (readonly [string, string, EvidenceItem['value']])[]) =>
  reports.map(([equipment, signal, value]): EvidenceItem => ({
    equipment,
    signal,
    value,
    quality: 'good',
    at_ms: null,
  }));

function locate(
  evidence: readonly EvidenceItem[],
  on: Network = network,
  positionsBefore = normalPositions(on),
  tripped = 'A1',
) {
  const located = locateFault({
    network: on,
    positionsBefore,
    tripped: [...switchSet(on, tripped)],
    evidence,
    rates: DEFAULT_CORE_CONFIGURATION,
  });
  if (!located.ok) throw new Error(located.error.text.en);
  const shares = new Map(located.value.candidates.map((each) => [each.section, each]));
  return {
    ...located.value,
    share: (line: string) => shares.get(sectionOf(line, on))?.probability ?? 0,
    reasons: (line: string, supports: boolean) =>
      (shares.get(sectionOf(line, on))?.because ?? [])
        .filter((each) => each.supports === supports)
        .map((each) => each.text),
  };
}

test('a directional indicator that saw the fault forward puts it behind itself, as a passage does', () => {
  const found = locate(items(['A3', 'faultDirection', 'forward']));
  expect(found.share('LA3') + found.share('LA4')).toBeGreaterThan(0.98);
});

test('one that saw it in reverse puts it before itself or beside, and says so', () => {
  const found = locate(items(['A2', 'faultIndicator', true], ['A3', 'faultDirection', 'reverse']));
  const silent = locate(items(['A2', 'faultIndicator', true]));
  expect(found.share('LA3')).toBeLessThan(silent.share('LA3'));
  expect(found.candidates[0]?.section).toBe(sectionOf('LA2'));
  expect(
    found
      .reasons('LA2', true)
      .map((each) => each.en)
      .join(),
  ).toContain('A3 saw the fault');
  expect(
    found
      .reasons('LA3', false)
      .map((each) => each.vi)
      .join(),
  ).toContain('ngược về nguồn');
});

test('where a generator feeds back, an indicator without direction says little and one with it much', () => {
  const withPlant = compile({ ...grid, generators: [{ id: 'PV', node: 'AN4', p_kW: 500 }] });
  const passed = items(['A2', 'faultIndicator', true], ['A3', 'faultIndicator', true]);
  expect(locate(passed, withPlant).share('LA2')).toBeGreaterThan(10 * locate(passed).share('LA2'));
  const backwards = [...passed, ...items(['A3', 'faultDirection', 'reverse'])];
  expect(locate(backwards, withPlant).candidates[0]?.section).toBe(sectionOf('LA2', withPlant));
});

test('"forward" turns round with the supply: behind a closed tie it points to the old source', () => {
  const fromB = normalPositions(network);
  fromB[network.index.switch.get('A1') ?? -1] = 0;
  fromB[network.index.switch.get('T') ?? -1] = 1;
  const found = locate(items(['A3', 'faultDirection', 'reverse']), network, fromB, 'B1');
  // Fed over the tie, A3 in reverse means towards A1: the fault lies in sections 1 or 2 of A.
  expect(found.share('LA1') + found.share('LA2')).toBeGreaterThan(0.95);
});

test('a breaker that tripped for a fault seen in reverse is never a reason to close by itself', () => {
  const found = locate(items(['A1', 'tripFunction', '67'], ['A1', 'faultDirection', 'reverse']));
  expect(found.outside).toBeGreaterThan(0.9);
  expect(found.because.map((each) => each.en).join()).toContain('on its source side');
});

test('a section that still has voltage after the trip is not the faulted one', () => {
  const found = locate(items(['A2', 'faultIndicator', true], ['AN3', 'voltagePresent', true]));
  const without = locate(items(['A2', 'faultIndicator', true]));
  expect(found.share('LA3')).toBeLessThan(0.4 * without.share('LA3'));
  expect(
    found
      .reasons('LA3', false)
      .map((each) => each.en)
      .join(),
  ).toContain('still voltage at');
});

test('a voltage on a switch speaks of the side it names, and of none where it names none', () => {
  const [told] = items(['A3', 'voltagePresent', true]);
  if (told === undefined) throw new Error('no item');
  const onTo = locate([{ ...told, side: 'to' }]);
  const onFrom = locate([{ ...told, side: 'from' }]);
  expect(onTo.candidates.at(-1)?.section).toBe(sectionOf('LA3'));
  expect(onFrom.candidates.at(-1)?.section).toBe(sectionOf('LA2'));
  expect(locate([told]).candidates).toEqual(locate([]).candidates);
});

test('a meter that has its supply clears its section, one that lost it hardly says more than the trip', () => {
  const supplied = locate(items(['DA4', 'lossOfSupply', false], ['DA3', 'lossOfSupply', true]));
  expect(supplied.candidates.at(-1)?.section).toBe(sectionOf('LA4'));
  const lost = locate(items(['DA4', 'lossOfSupply', true]));
  // A loss everywhere was to be expected; that nothing feeds the section tips the scale a little.
  expect(lost.share('LA4') / locate([]).share('LA4')).toBeCloseTo(1.04, 2);
});

test('two meters that contradict each other in one section nearly cancel out', () => {
  const grid2 = change(grid, {});
  const two = compile({
    ...grid2,
    loads: [...grid2.loads, { id: 'DA4b', node: 'AM4', p_kW: 10, customers: 1 }],
  });
  const both = locate(items(['DA4', 'lossOfSupply', false], ['DA4b', 'lossOfSupply', true]), two);
  expect(both.share('LA4') / locate([], two).share('LA4')).toBeCloseTo(1, 6);
});

test('voltage that was seen before the lockout says nothing', () => {
  const at = (item: EvidenceItem, at_ms: number): EvidenceItem => ({ ...item, at_ms });
  const [lockout, voltage] = items(['A1', 'lockout', true], ['AN3', 'voltagePresent', true]);
  if (lockout === undefined || voltage === undefined) throw new Error('no item');
  const before = locate([at(lockout, 100_000), at(voltage, 99_000)]);
  const after = locate([at(lockout, 100_000), at(voltage, 101_000)]);
  const late = locate([at(lockout, 100_000), at(voltage, 161_000)]);
  expect(before.share('LA3')).toBeCloseTo(locate([]).share('LA3'), 12);
  expect(late.share('LA3')).toBeCloseTo(locate([]).share('LA3'), 12);
  expect(after.share('LA3')).toBeLessThan(0.5 * locate([]).share('LA3'));
});

test('the neutral voltage tells an earth fault, so a silent earth-fault indicator counts more', () => {
  const silent = items(['A3', 'faultIndicator', true], ['EARTH-ONLY', 'faultIndicator', false]);
  const share = (more: readonly EvidenceItem[]) => {
    const { share: of } = locate([...silent, ...more]);
    return of('LA3') + of('LA4');
  };
  const unknown = share([]);
  const earth = share(items(['A0', 'neutralVoltage_kV', 6.4]));
  const phase = share(items(['A0', 'neutralVoltage_kV', 0.1]));
  expect(earth).toBeLessThan(unknown);
  expect(phase).toBeGreaterThan(unknown);
  const found = locate([...silent, ...items(['A0', 'neutralVoltage_kV', 6.4])]);
  expect(found.because.map((each) => each.vi).join()).toContain('3U0');
});

test('an undated indication among dated trips is stale; a list without any time is one moment', () => {
  const [lockout, shown] = items(['A1', 'lockout', true], ['A4', 'faultIndicator', true]);
  if (lockout === undefined || shown === undefined) throw new Error('no item');
  const dated = locate([{ ...lockout, at_ms: 100_000 }, shown]);
  expect(dated.share('LA4')).toBeLessThan(0.3);
  expect(locate([lockout, shown]).share('LA4')).toBeGreaterThan(0.9);
  // The trips have no time, the indication has: nobody knows whether it belongs to them.
  expect(locate([lockout, { ...shown, at_ms: 100_000 }]).share('LA4')).toBeLessThan(0.3);
});
