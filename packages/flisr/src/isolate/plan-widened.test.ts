import { expect, test } from 'vitest';
import { normalPositions, type Network } from '@relight/topology';
import { planOptions } from '../options.ts';
import type { PlanOptions } from '../plan-request.ts';
import {
  change,
  compile,
  feeder,
  join,
  ladder,
  switchSet,
  tie,
  type SmallGrid,
} from '../small-grids.ts';
import { planForFault } from '../what-if.ts';

function planned(
  grid: SmallGrid,
  fault: string,
  options: (network: Network) => Partial<PlanOptions>,
) {
  const network = compile(grid);
  return planForFault(network, normalPositions(network), [fault], planOptions(options(network)));
}

function steps(result: ReturnType<typeof planned>): string[] {
  if (!result.ok) throw new Error(result.error.kind);
  return result.value.plan.steps.map(({ action, switch: id, purpose, interruptsCustomers }) => {
    const off = interruptsCustomers === 0 ? '' : ` −${interruptsCustomers}`;
    return `${purpose} ${action} ${id}${off}`;
  });
}

const tieUnknown = (network: Network): Partial<PlanOptions> => ({
  untrusted: switchSet(network, 'T'),
});

test('a tie of unknown position beside the fault: the live section behind it is switched off first', () => {
  const result = planned(ladder(), 'LA3', tieUnknown);
  expect(steps(result)).toEqual(['isolate open B3 −100', 'isolate open A3', 'restore close A1']);
  if (!result.ok) return;
  const { plan, helpingFeeders } = result.value;
  expect(plan.fault.isolated).toEqual(['LA3', 'AM3', 'AN3', 'LB3', 'BM3', 'BN3']);
  // The outage of 300, of which 200 come back; beside the fault those switched off stay dark.
  expect(plan.result).toMatchObject({
    outage: { customers: 300 },
    restored: { customers: 200 },
    unrestored: { customers: 200 },
    insideFault: { customers: 100 },
    switchOperations: 3,
  });
  expect(plan.proof.status).toBe('bounded');
  expect(helpingFeeders).toEqual([1]);
});

test('who loses supply that way is counted and named, and a person releases the plan', () => {
  const result = planned(ladder(), 'LA3', tieUnknown);
  const { advisory, advisoryVi } = result.ok ? result.value.plan : { advisory: [], advisoryVi: [] };
  expect(advisory[0]).toContain('100 customers lose supply, 100 of them stay dark');
  expect(advisory[1]).toContain('DB3');
  expect(advisoryVi).toHaveLength(advisory.length);
});

test('whoever hangs behind the part that is switched off comes back from another side', () => {
  const grid = join(feeder('A', 3), feeder('B', 3), feeder('C', 1), {
    switches: [tie('T', 'AN3', 'BN2'), tie('U', 'BN3', 'CN1')],
  });
  const result = planned(grid, 'LA3', tieUnknown);
  expect(steps(result)).toEqual([
    'isolate open B2 −200',
    'isolate open A3',
    'isolate open B3',
    'restore close A1',
    'restore close U',
  ]);
  expect(result.ok && result.value.plan.result.unrestored.customers).toBe(200);
});

test('a dead-only switch that an unknown one may keep live is opened while its side is off', () => {
  // D1 stands between the fault and a section that the unknown tie may feed from A's own head.
  const grid = change(join(feeder('A', 3), { switches: [tie('T', 'AN1', 'AN3')] }), {
    A3: { kind: 'disconnector' },
    A2: { kind: 'recloser' },
  });
  const result = planned(grid, 'LA2', tieUnknown);
  expect(steps(result)).toEqual(['isolate open A1 −100', 'isolate open A3', 'restore close A1']);
  expect(result.ok && result.value.plan.result.unrestored.customers).toBe(200);
});

test('critical load is not switched off on a suspicion: no plan, and its name', () => {
  const critical = change(ladder(), { DB3: { priority: 'critical', name: 'Bệnh viện' } });
  expect(planned(critical, 'LA3', tieUnknown)).toMatchObject({
    ok: false,
    error: {
      kind: 'cannotKeepDead',
      equipment: ['T'],
      text: { en: expect.stringContaining('would leave critical load dark: Bệnh viện') },
    },
  });
});

test('where no live switch may be opened, or a source itself is in doubt, there is no plan', () => {
  const noTransfer = planned(ladder(), 'LA3', (network) => ({
    ...tieUnknown(network),
    noTransfer: true,
  }));
  const ownBreaker = planned(ladder(), 'LA1', (network) => ({
    untrusted: switchSet(network, 'A1'),
  }));
  expect(noTransfer).toMatchObject({ ok: false, error: { equipment: ['T'] } });
  expect(ownBreaker).toMatchObject({ ok: false, error: { equipment: ['A1'] } });
});

test('what a tag keeps dark beside the part switched off is in no bound: it might have stayed live', () => {
  const grid = join(feeder('A', 3), feeder('B', 3), {
    switches: [tie('T', 'AN3', 'BN2'), tie('U', 'AN2', 'BN3')],
  });
  const result = planned(grid, 'LA3', (network) => ({
    untrusted: switchSet(network, 'T', 'U'),
    keepDead: new Set([network.index.node.get('AN2')!]),
  }));
  // B2 feeds the part and, behind B3, what the tagged section hangs on by U.
  expect(steps(result).at(0)).toBe('isolate open B2 −200');
  if (!result.ok) return;
  const { unrestored } = result.value.plan.result;
  expect(unrestored.customers).toBe(400);
  expect(result.value.plan.proof).toMatchObject({
    status: 'bounded',
    bounds: { customers: 200, switchOperations: 0 },
  });
});

test('a dead-only switch in the way of supply is opened while the live side it may have is off', () => {
  // C has room for one section; A3 stands between two, and the unknown U may make one of them live.
  const grid = change(
    join(feeder('A', 3), feeder('B', 1), feeder('C', 1), {
      switches: [tie('U', 'AN3', 'BN1'), tie('V', 'AN2', 'CN1', { rated_A: 40 })],
    }),
    { A3: { kind: 'disconnector' } },
  );
  const unknown = (network: Network): Partial<PlanOptions> => ({
    untrusted: switchSet(network, 'U'),
  });
  const result = planned(grid, 'LA1', unknown);
  expect(steps(result)).toEqual([
    'isolate open B1 −100',
    'isolate open A2',
    'split open A3',
    'restore close B1',
    'restore close V',
  ]);
  if (!result.ok) return;
  const { plan, helpingFeeders } = result.value;
  expect(plan.advisory[0]).toMatch(/moves only dead .* 100 customers lose supply, 0 of them stay/);
  expect(plan.result).toMatchObject({
    restored: { customers: 100 },
    unrestored: { customers: 200 },
    switchOperations: 5,
  });
  expect(plan.proof).toMatchObject({ status: 'bounded', bounds: { customers: 200 }, gap_pct: 0 });
  expect(helpingFeeders).toEqual([1, 2]);
  // Where nobody may be switched off for it, or people work there, it stays as it was.
  const without = [
    planned(grid, 'LA1', (network) => ({ ...unknown(network), noTransfer: true })),
    planned(grid, 'LA1', (network) => ({
      ...unknown(network),
      keepDead: new Set([network.index.node.get('BN1')!]),
    })),
  ];
  for (const each of without) expect(each.ok && each.value.plan.result.restored.customers).toBe(0);
});

test('a line that the cut would strain further is relieved first where shedding is allowed, else there is no plan', () => {
  // Without the capacitor at AN2 the voltage falls, and LC1, overloaded before, takes more.
  const feeders = join(feeder('A', 3), feeder('C', 1));
  const grid = change(
    join(
      { ...feeders, sources: [] },
      {
        nodes: [{ id: 'Z', nominalVoltage_kV: 22 }],
        sources: [{ id: 'SZ', node: 'Z' }],
        lines: [
          { id: 'LZ', from: 'Z', to: 'A0', r_ohm: 0.1, x_ohm: 3 },
          { id: 'LBAR', from: 'A0', to: 'C0', r_ohm: 0, x_ohm: 0.01 },
        ],
        loads: [{ id: 'bank', node: 'AN2', p_kW: 0, q_kvar: -4000, customers: 0 }],
      },
    ),
    { LC1: { rated_A: 20 }, DA1: { p_kW: 0 }, DA2: { p_kW: 0 }, A3: { kind: 'recloser' } },
  );
  const inDoubt = (allowShedding: boolean) =>
    planned(grid, 'LA3', (network) => ({ untrusted: switchSet(network, 'A3'), allowShedding }));
  expect(inDoubt(false)).toMatchObject({
    ok: false,
    error: {
      kind: 'cannotKeepDead',
      text: {
        en: expect.stringMatching(/would break a limit: overload of LC1 .*allow load to be shed/u),
      },
    },
  });
  const shedding = inDoubt(true);
  expect(steps(shedding)).toEqual(['isolate open C1 −100', 'isolate open A2 −100']);
  expect(shedding.ok && shedding.value.plan.advisory.join(' ')).toContain('DC1');
});

test('where the nearest cut strains a line, the next further up is made, though beside the other cut stands a source', () => {
  // A hangs by T and U, neither known, on B and C. Without BN2 and BN3 the plant would give it all through B1.
  const grid = change(
    join(feeder('A', 2), feeder('B', 3), feeder('C', 1), {
      switches: [tie('T', 'AN2', 'BN2'), tie('U', 'AN2', 'CN1')],
      generators: [{ id: 'plant', node: 'BN1', p_kW: 3000 }],
    }),
    { B1: { rated_A: 30 }, DB1: { p_kW: 0, customers: 0 } },
  );
  const result = planned(grid, 'LA2', (network) => ({ untrusted: switchSet(network, 'T', 'U') }));
  expect(result.ok ? '' : result.error).toBe('');
  const opened = steps(result).filter((step) => step.includes('−'));
  expect(opened).toEqual(['isolate open B1 −200', 'isolate open C1 −100']);
});
