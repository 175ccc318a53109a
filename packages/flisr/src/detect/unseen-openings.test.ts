import { expect, test } from 'vitest';
import { DEFAULT_CORE_CONFIGURATION, type EvidenceEvent } from '@relight/contract';
import { loadStateFromGrid } from '@relight/powerflow';
import { normalPositions } from '@relight/topology';
import { planOptions } from '../options.ts';
import { planFromEvidence } from '../plan-from-evidence.ts';
import { compile, join, ladder } from '../small-grids.ts';

/** The ladder, and behind AN1 a lateral with a fuse and three transformer stations. */
const network = compile(
  join(ladder(), {
    nodes: ['CM', 'CN'].map((id) => ({ id, nominalVoltage_kV: 22 })),
    lines: [{ id: 'LC', from: 'CM', to: 'CN', length_m: 500, r_ohm: 0.1, x_ohm: 0.3 }],
    switches: [{ id: 'F1', kind: 'fuse', from: 'AN1', to: 'CM' }],
    loads: ['C1', 'C2', 'C3'].map((id) => ({ id, node: 'CN', p_kW: 50, customers: 20 })),
  }),
);

function planned(...events: readonly EvidenceEvent[]) {
  return planFromEvidence({
    network,
    loads: loadStateFromGrid(network),
    positionsBefore: normalPositions(network),
    events,
    options: planOptions(),
    rates: DEFAULT_CORE_CONFIGURATION,
    automaticRisk: DEFAULT_CORE_CONFIGURATION.automaticRisk,
  });
}

const at = (second: number): string => `2026-11-21T03:04:${String(second).padStart(2, '0')}.000Z`;
const reclosed: readonly EvidenceEvent[] = [
  { at: at(5), equipment: 'A1', signal: 'protectionTrip', value: true },
  { at: at(5), equipment: 'A1', signal: 'tripFunction', value: '51' },
  { at: at(5), equipment: 'A1', signal: 'position', value: 'open' },
  { at: at(6), equipment: 'A1', signal: 'position', value: 'closed' },
];
const lost = (equipment: string, second: number, value = true): EvidenceEvent => ({
  at: at(second),
  equipment,
  signal: 'lossOfSupply',
  value,
});

test('a fuse that blew in the dead time is found by the meters that stayed dark behind it', () => {
  const found = planned(...reclosed, lost('C1', 20), lost('C2', 21), lost('DA1', 20, false));
  if (!found.ok) throw new Error(found.error.text.en);
  const { plan } = found.value;
  expect(plan.tripped).toEqual(['F1']);
  expect(plan.fault.candidates).toMatchObject([{ equipment: ['LC', 'CM', 'CN'], probability: 1 }]);
  expect(plan.fault.because.join()).toContain('F1 reports nothing');
  expect(plan.steps).toEqual([]);
  expect(plan.result.insideFault.customers).toBe(60);
});

test('one dark meter alone may be a customer with a blown fuse of its own', () => {
  expect(planned(...reclosed, lost('C1', 20)).ok).toBe(false);
});

test('meters that were dark only in the dead time tell of no opening', () => {
  expect(planned(...reclosed, lost('C1', 5), lost('C2', 5), lost('C3', 5)).ok).toBe(false);
  expect(
    planned(
      ...reclosed,
      lost('C1', 20),
      lost('C2', 20),
      lost('C1', 25, false),
      lost('C2', 25, false),
    ).ok,
  ).toBe(false);
});

test('meters that have supply behind it speak for the fuse', () => {
  expect(planned(...reclosed, lost('C1', 20), lost('C2', 20), lost('C3', 20, false)).ok).toBe(
    false,
  );
});
