import { expect, test } from 'vitest';
import { DEFAULT_CORE_CONFIGURATION, type EvidenceEvent } from '@relight/contract';
import { loadStateFromGrid } from '@relight/powerflow';
import { normalPositions } from '@relight/topology';
import { planOptions } from './options.ts';
import { planFromEvidence } from './plan-from-evidence.ts';
import { change, compile, ladder } from './small-grids.ts';

const at = '2026-11-21T03:04:05.123Z';

function planned(events: readonly Omit<EvidenceEvent, 'at'>[], grid = ladder()) {
  const network = compile(grid);
  return planFromEvidence({
    network,
    loads: loadStateFromGrid(network),
    positionsBefore: normalPositions(network),
    events: events.map((event) => ({ at, ...event })),
    options: planOptions(),
    rates: DEFAULT_CORE_CONFIGURATION,
    automaticRisk: DEFAULT_CORE_CONFIGURATION.automaticRisk,
  });
}

const trip = [
  { equipment: 'A1', signal: 'position', value: 'open' },
  { equipment: 'A1', signal: 'protectionTrip', value: true },
  { equipment: 'A1', signal: 'lockout', value: true },
] as const;

test('trip, two indicators and a reactance lead to the section and its plan', () => {
  const found = planned([
    ...trip,
    { equipment: 'A1', signal: 'tripFunction', value: '51N' },
    { equipment: 'A1', signal: 'faultReactance_ohm', value: 0.45 },
    { equipment: 'A2', signal: 'faultIndicator', value: true },
    { equipment: 'A3', signal: 'faultIndicator', value: false },
  ]);
  if (!found.ok) throw new Error(found.error.text.en);
  const { plan } = found.value;
  expect(plan.tripped).toEqual(['A1']);
  expect(plan.fault.candidates[0]?.equipment).toEqual(['LA2', 'AM2', 'AN2']);
  expect(plan.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'open A2',
    'open A3',
    'close A1',
    'close T',
  ]);
  expect(plan.fault.because).toContain('A1 tripped by 51N and locked out.');
  expect(plan.fault.becauseVi?.[0]).toContain('nhảy do 51N');
});

test('where what comes back may hold the fault with more than 1 %, the plan says that a person releases it', () => {
  const sure = planned([
    ...trip,
    { equipment: 'A1', signal: 'tripFunction', value: '51N' },
    { equipment: 'A1', signal: 'faultReactance_ohm', value: 0.45 },
    { equipment: 'A2', signal: 'faultIndicator', value: true },
    { equipment: 'A3', signal: 'faultIndicator', value: false },
  ]);
  const doubtful = planned([...trip, { equipment: 'A2', signal: 'faultIndicator', value: false }]);
  if (!sure.ok || !doubtful.ok) throw new Error('no plan');
  expect(sure.value.plan.advisory).toEqual([]);
  expect(doubtful.value.plan.advisory[0]).toMatch(/may hold the fault, with [\d.]+ %/u);
  expect(doubtful.value.plan.advisoryVi?.[0]).toMatch(/chứa sự cố với xác suất [\d,]+ %/u);
});

test('no fault in the evidence: the reason is given', () => {
  expect(planned([])).toMatchObject({ ok: false, error: { kind: 'noFault' } });
  const shed = planned([...trip, { equipment: 'A1', signal: 'tripFunction', value: '81' }]);
  expect(shed).toMatchObject({ ok: false, error: { kind: 'noFault', equipment: ['A1'] } });
  const reclosed = planned([...trip, { equipment: 'A1', signal: 'position', value: 'closed' }]);
  expect(reclosed.ok).toBe(false);
  const waiting = planned([
    ...trip.slice(0, 2),
    { equipment: 'A1', signal: 'lockout', value: false },
  ]);
  expect(waiting.ok).toBe(false);
});

test('a border switch whose position is stale is not trusted, the next one outward isolates', () => {
  const found = planned([
    ...trip,
    { equipment: 'A1', signal: 'faultReactance_ohm', value: 0.45 },
    { equipment: 'A2', signal: 'faultIndicator', value: true },
    { equipment: 'A3', signal: 'faultIndicator', value: false },
    { equipment: 'A2', signal: 'position', value: 'closed', quality: 'stale' },
  ]);
  if (!found.ok) throw new Error(found.error.text.en);
  expect(found.value.plan.steps.map((step) => `${step.action} ${step.switch}`)).toEqual([
    'open A3',
    'close T',
  ]);
});

test('what opened by under-frequency beside a fault is left alone', () => {
  const found = planned(
    [
      ...trip,
      { equipment: 'A2', signal: 'faultIndicator', value: false },
      { equipment: 'A1', signal: 'faultReactance_ohm', value: 0.15 },
      { equipment: 'B1', signal: 'position', value: 'open' },
      { equipment: 'B1', signal: 'protectionTrip', value: true },
      { equipment: 'B1', signal: 'tripFunction', value: '81' },
    ],
    change(ladder(), {}),
  );
  if (!found.ok) throw new Error(found.error.text.en);
  const { plan } = found.value;
  expect(plan.steps.map((step) => step.switch)).not.toContain('B1');
  expect(plan.fault.because.join()).toContain('Under-frequency');
});
