import { loadStateFromGrid } from '@relight/powerflow';
import { CLOSED, normalPositions, OPEN, type Network } from '@relight/topology';
import { expect, test } from 'vitest';
import { planOptions } from '../options.ts';
import { planReturn } from '../plan-return.ts';
import { change, compile, feeder, join, ladder, tie, type SmallGrid } from '../small-grids.ts';
import { planForFault } from '../what-if.ts';

/** Sections of lines. */
function sectionsOf(network: Network, ...lines: readonly string[]): ReadonlySet<number> {
  return new Set(
    lines.map((id) => network.nodeSection[network.branchFrom[network.index.line.get(id)!]!]!),
  );
}

function restored(grid: SmallGrid, fault: string, ...joined: readonly string[]) {
  const network = compile(grid);
  const options = planOptions({ phaseUnconfirmed: sectionsOf(network, ...joined) });
  const planned = planForFault(network, normalPositions(network), [fault], options);
  if (!planned.ok) throw new Error(planned.error.kind);
  return planned.value.plan;
}

const moves = ({ steps }: ReturnType<typeof restored>): string[] =>
  steps.map(({ action, switch: id }) => `${action} ${id}`);

test('a tie is not closed where it would feed a joint of unconfirmed phase order', () => {
  const plan = restored(ladder(), 'LA1', 'LA3');
  expect(moves(plan)).not.toContain('close T');
  expect(plan.rejected).toContainEqual({ switch: 'T', kind: 'phaseOrder', limit: 'LA3' });
  expect(plan.proof.status).toBe('optimal');
});

test('what lies beyond such a joint is fed by the tie once the joint is split off', () => {
  const plan = restored(ladder(), 'LA1', 'LA2');
  expect(moves(plan)).toEqual(['open A3', 'close T']);
  expect(plan.result.unrestored.customers).toBe(200);
});

test('a neighbour that is itself fed through such a joint helps nobody', () => {
  const plan = restored(ladder(), 'LA1', 'LB2');
  expect(moves(plan)).not.toContain('close T');
  expect(plan.rejected).toContainEqual({ switch: 'T', kind: 'phaseOrder', limit: 'LB2' });
  expect(plan.result.unrestored.customers).toBe(300);
});

test('a joint on a spur of the neighbour does not keep the tie from closing', () => {
  const spur = join(ladder(), {
    nodes: [
      { id: 'X1', nominalVoltage_kV: 22 },
      { id: 'X2', nominalVoltage_kV: 22 },
    ],
    switches: [{ id: 'X', kind: 'loadBreakSwitch', from: 'BN1', to: 'X1', remote: true }],
    lines: [{ id: 'LX', from: 'X1', to: 'X2', r_ohm: 0.1, x_ohm: 0.3 }],
  });
  const plan = restored(spur, 'LA1', 'LX');
  expect(moves(plan)).toContain('close T');
  expect(plan.advisory).toEqual([]);
});

/** After the restoration of a fault on LA2: A2 and A3 open, T closed; LA2 is repaired. */
function back(...joined: readonly string[]) {
  const north = { angleGroup: 'north' };
  const network = compile(
    change(ladder(), { SA: north, SB: north, A3: { parallelAllowed: true } }),
  );
  const positionsNow = normalPositions(network);
  for (const id of ['A2', 'A3']) positionsNow[network.index.switch.get(id)!] = OPEN;
  positionsNow[network.index.switch.get('T')!] = CLOSED;
  return planReturn({
    network,
    positionsNow,
    loads: loadStateFromGrid(network),
    options: planOptions({ phaseUnconfirmed: sectionsOf(network, ...joined) }),
  }).plan;
}

test('the way back opens before it closes where conductors were joined, and says what to measure', () => {
  expect(moves(back())).toEqual(['close A2', 'close A3', 'open T']);
  const plan = back('LA2');
  expect(moves(plan)).toEqual(['close A2', 'open T', 'close A3']);
  expect(plan.advisory).toContain(
    'The phase order at LA2 is not confirmed: it is energised from its own breaker only, without parallel or tie; measure it before customers are supplied.',
  );
});

test('the joint behind the open point is parted from the tie before it is fed from its own side', () => {
  // LA3 hangs on the tie already: that may go on, but no parallel is made through it.
  expect(moves(back('LA3'))).toEqual(['close A2', 'open T', 'close A3']);
});

test('with every position certain an unconfirmed joint far away changes nothing', () => {
  const grid = join(ladder(), feeder('C', 2), { switches: [tie('U', 'CN2', 'BN1')] });
  expect(restored(grid, 'LA1', 'LC1').steps).toEqual(restored(grid, 'LA1').steps);
});
