import { expect, test } from 'vitest';
import { DEFAULT_CORE_CONFIGURATION } from '@relight/contract';
import { normalPositions, sectionsOfEquipment, type Network } from '@relight/topology';
import { change, compile, feeder, join, switchSet, tie } from '../small-grids.ts';
import type { EvidenceItem } from './evidence.ts';
import { locateFault } from './locate-fault.ts';

const rates = DEFAULT_CORE_CONFIGURATION;

/** Feeder A of five sections, a lateral C behind A2 (switch C2 at node AN2), feeder B as a tie. */
const network = compile(
  join(feeder('A', 5), feeder('B', 2), {
    nodes: [
      { id: 'CM', nominalVoltage_kV: 22 },
      { id: 'CN', nominalVoltage_kV: 22 },
    ],
    lines: [{ id: 'LC', from: 'CM', to: 'CN', length_m: 1000, r_ohm: 0.1, x_ohm: 0.3 }],
    switches: [
      {
        id: 'C2',
        kind: 'loadBreakSwitch',
        from: 'AN2',
        to: 'CM',
        remote: true,
        faultIndicator: true,
      },
      tie('T', 'AN5', 'BN2'),
    ],
    faultIndicators: [
      { id: 'FI4', node: 'AM4', line: 'LA4' },
      { id: 'FI4-far', node: 'AN4', line: 'LA4' },
    ],
  }),
);

function sectionOf(id: string, grid: Network = network): number {
  return sectionsOfEquipment(grid, id)?.[0] ?? -1;
}

function item(equipment: string, value: boolean | number, more: Partial<EvidenceItem> = {}) {
  const signal = typeof value === 'number' ? 'faultReactance_ohm' : 'faultIndicator';
  return { equipment, signal, value, quality: 'good', at_ms: null, ...more } as EvidenceItem;
}

function indications(readings: Record<string, boolean>): EvidenceItem[] {
  return Object.entries(readings).map(([id, passed]) => item(id, passed));
}

function locate(evidence: readonly EvidenceItem[], tripped = ['A1'], grid = network) {
  const located = locateFault({
    network: grid,
    positionsBefore: normalPositions(grid),
    tripped: [...switchSet(grid, ...tripped)],
    evidence,
    rates,
  });
  if (!located.ok) throw new Error(located.error.kind);
  return located.value;
}

test('with every indicator right the faulted section ranks first; two at its border isolate it alone', () => {
  const right = { A2: true, A3: true, A4: false, A5: false, C2: false };
  const found = locate(indications(right));
  expect(found.candidates[0]?.section).toBe(sectionOf('LA3'));
  // One silent indicator may have missed with 5 %: 95 % need the section behind it as well.
  expect(found.candidates[0]?.probability).toBeGreaterThan(0.9);
  const twice = locate(indications({ ...right, FI4: false }));
  expect(twice.isolate).toEqual([sectionOf('LA3')]);
  expect(twice.outside).toBeLessThan(0.02);
});

test('an indicator that stays silent mid-way does not hide the fault behind it', () => {
  const found = locate(indications({ A2: true, A3: false, A4: true, A5: false, C2: false }));
  expect(found.candidates[0]?.section).toBe(sectionOf('LA4'));
  const against = found.candidates[0]?.because.filter((each) => !each.supports) ?? [];
  expect(against.map((each) => each.text.en).join()).toContain('A3 stayed silent');
});

test('an indicator that lies on a lateral does not lead there', () => {
  const found = locate(indications({ A2: true, A3: true, A4: true, A5: false, C2: true }));
  expect(found.candidates[0]?.section).toBe(sectionOf('LA4'));
});

test('missing is no evidence: without any indication every section stays a candidate', () => {
  const found = locate([]);
  expect(found.candidates).toHaveLength(6);
  expect(found.candidates[0]?.probability).toBeLessThan(0.25);
  expect(found.isolate.length).toBeGreaterThan(4);
});

test('stale and invalid indications weigh nothing, and the report says so', () => {
  const sound = locate(indications({ A2: true, A3: false, C2: false }));
  const more = locate([
    ...indications({ A2: true, A3: false, C2: false }),
    item('A4', true, { quality: 'stale' }),
    item('A5', true, { quality: 'invalid' }),
  ]);
  expect(more.candidates.map((each) => each.probability)).toEqual(
    sound.candidates.map((each) => each.probability),
  );
  expect(more.because.at(-1)?.en).toBe('Not used as evidence (stale or invalid): A4, A5.');
});

test('an indication from yesterday, or of unknown time, is no evidence', () => {
  const trip = item('A1', true, { signal: 'protectionTrip', at_ms: 100_000_000 });
  const late = locate([trip, item('A5', true, { at_ms: 1_000 }), item('A4', true)]);
  expect(late.candidates.map((each) => each.probability)).toEqual(
    locate([]).candidates.map((each) => each.probability),
  );
  const inTime = locate([trip, item('A5', true, { at_ms: 100_000_500 })]);
  expect(inTime.candidates[0]?.section).toBe(sectionOf('LA5'));
});

test('a pole indicator at the near end of a line sees a fault on it, one at the far end does not', () => {
  const onLine = locate(indications({ A4: true, FI4: true, 'FI4-far': false, A5: false }));
  expect(onLine.isolate).toEqual([sectionOf('LA4')]);
  const before = locate(indications({ A4: true, FI4: false, 'FI4-far': false, A5: false }));
  expect(before.candidates[0]?.probability).toBeLessThan(onLine.candidates[0]?.probability ?? 0);
});

test('the fault reactance tells sections apart where indicators do not: 1.05 ohm lies on line 4', () => {
  const found = locate([item('A1', 1.05)]);
  expect(found.candidates[0]?.section).toBe(sectionOf('LA4'));
  expect(found.candidates[0]?.because[0]?.text.en).toContain('(0.90–1.20 Ω)');
  // The lateral C begins where section 3 does: at 0.75 ohm both fit, and nothing else.
  const fork = locate([item('A1', 0.75)]).candidates.slice(0, 2);
  expect(fork.map((each) => each.section).sort()).toEqual(
    [sectionOf('LA3'), sectionOf('LC')].sort(),
  );
});

test('a recloser that did not trip speaks against a fault beyond it', () => {
  const grid = compile(
    change(join(feeder('A', 4), feeder('B', 1), { switches: [tie('T', 'AN4', 'BN1')] }), {
      A3: { kind: 'recloser' },
    }),
  );
  const found = locate([], ['A1'], grid);
  const beyond = found.candidates.filter((each) =>
    [sectionOf('LA3', grid), sectionOf('LA4', grid)].includes(each.section),
  );
  expect(beyond.reduce((sum, each) => sum + each.probability, 0)).toBeLessThan(0.03);
});

test('a recloser and the breaker above it tripped for one fault, beyond the recloser', () => {
  const grid = compile(
    change(join(feeder('A', 4), feeder('B', 1), { switches: [tie('T', 'AN4', 'BN1')] }), {
      A3: { kind: 'recloser' },
    }),
  );
  const found = locate([], ['A1', 'A3'], grid);
  expect(found.isolate).toEqual([sectionOf('LA3', grid), sectionOf('LA4', grid)].sort());
});

test('two feeders that tripped are two faults, each located by itself', () => {
  const found = locate(
    [...indications({ A2: false, A3: false, B2: true }), item('A1', 0.15)],
    ['A1', 'B1'],
  );
  expect(found.isolate).toEqual([sectionOf('LA1'), sectionOf('LB2')].sort((a, b) => a - b));
  const sum = found.candidates.reduce((total, each) => total + each.probability, 0);
  expect(sum).toBeCloseTo(2, 4);
});

test('the isolated set is connected even where the probability is not', () => {
  // A3 and its neighbours contradict each other: the ends are likely, the middle is taken in.
  const found = locate(indications({ A2: true, A3: false, A4: false, A5: true, C2: false }));
  const sections = found.isolate;
  expect(sections).toContain(sectionOf('LA5'));
  expect(found.outside).toBeLessThanOrEqual(0.05);
  if (sections.includes(sectionOf('LA2'))) {
    expect(sections).toEqual(expect.arrayContaining([sectionOf('LA3'), sectionOf('LA4')]));
  }
});

test('a device that supplied nothing before the fault leaves nothing to search', () => {
  const located = locateFault({
    network,
    positionsBefore: normalPositions(network),
    tripped: [...switchSet(network, 'T')],
    evidence: [],
    rates,
  });
  expect(located).toMatchObject({ ok: false, error: { kind: 'noCandidate' } });
});
