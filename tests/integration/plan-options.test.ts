import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GridFile, Plan } from '@relight/contract';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { loadJson } from '../kit/load-grid.ts';
import type { PlanCase } from '../kit/switching-rules.ts';
import { relight, relightJson } from './run-relight.ts';

const DEMO_TOWN = new URL('../../seeds/grids/demo-town.json', import.meta.url);
const STATION = new URL('../kit/cases/station-1/grid.json', import.meta.url);
const demoTown = loadJson<GridFile>(DEMO_TOWN);

/** The file with other switches normally open: what --open and --close stand for. */
function switched(grid: GridFile, open: readonly string[], close: readonly string[]): GridFile {
  const switches = (grid.switches ?? []).map((each) => {
    if (open.includes(each.id)) return { ...each, normallyOpen: true };
    return close.includes(each.id) ? { ...each, normallyOpen: false } : each;
  });
  return { ...grid, switches };
}

const set = (...ids: string[]): ReadonlySet<string> => new Set(ids);

const SCHOOL = demoTown.loads?.find(({ node }) => node.startsWith('479.'))?.id ?? '';
const FORECAST = join(mkdtempSync(join(tmpdir(), 'relight-forecast-')), 'forecast.json');
writeFileSync(
  FORECAST,
  JSON.stringify({
    format: 'relight-forecast/1',
    hours: [
      { ahead_h: 5, factor: 9 },
      { ahead_h: 1, factor: 1.2 },
      { ahead_h: 2.5, factor: 1.4, loads: { [SCHOOL]: 3 } },
    ],
  }),
);

function factorsAhead(factor: (id: string) => number): ReadonlyMap<string, number> {
  return new Map((demoTown.loads ?? []).map(({ id }) => [id, factor(id)]));
}

/** What is typed, and the same for the judge. All on a fault in the middle of feeder 471. */
const CASES: readonly (readonly [string, readonly string[], Partial<PlanCase>])[] = [
  ['nothing else', [], {}],
  ['two faults', ['--fault', '473.L05'], { faults: ['471.L03', '473.L05'] }],
  ['a stuck border switch', ['--stuck', '471-28'], { stuck: set('471-28') }],
  ['a switch of unknown position', ['--untrusted', '471-74'], { untrusted: set('471-74') }],
  ['a blocked tie', ['--blocked', '471-473-42'], { blocked: set('471-473-42') }],
  ['a part to be kept dead', ['--keep-dead', '471.N08'], { keepDead: set('471.N08') }],
  [
    'a joint of unconfirmed phase order',
    ['--phase-unconfirmed', '471.N14'],
    { phaseUnconfirmed: set('471.N14') },
  ],
  ['cold load', ['--cold-load', '2'], { coldLoadFactor: 2 }],
  ['no transfer', ['--no-transfer', '--cold-load', '2'], { noTransfer: true, coldLoadFactor: 2 }],
  [
    'shedding',
    ['--allow-shedding', '--cold-load', '2'],
    { allowShedding: true, coldLoadFactor: 2 },
  ],
  ['emergency ratings', ['--emergency-ratings'], { emergencyRatings: true }],
  ['no time to search', ['--budget-ms', '0'], {}],
  [
    'a forecast for the repair',
    ['--forecast', FORECAST, '--repair-h', '2'],
    { hoursAhead: [factorsAhead(() => 1.2), factorsAhead((id) => (id === SCHOOL ? 3 : 1.4))] },
  ],
  [
    'another state before the fault',
    ['--open', '473-57', '--close', '473-481-95'],
    { grid: switched(demoTown, ['473-57'], ['473-481-95']) },
  ],
];

test.each(CASES)(
  'relight plan with %s stands before the independent judge',
  async (_, typed, more) => {
    const { code, document } = await relightJson<Plan>(
      'plan',
      'demo-town',
      '--fault',
      '471.L03',
      ...typed,
    );
    expect(code).toBe(0);
    const asked: PlanCase = { grid: demoTown, faults: ['471.L03'], ...more };
    expect(checkPlan(asked, document)).toEqual([]);
  },
);

test('a station with capacitors and taps: the figures of a plan are those of the judge', async () => {
  const grid = loadJson<GridFile>(STATION);
  const [line] = grid.lines ?? [];
  const fault = line?.id ?? '';
  const { code, document } = await relightJson<Plan>('plan', STATION.pathname, '--fault', fault);
  expect(code).toBe(0);
  expect(checkPlan({ grid, faults: [fault] }, document)).toEqual([]);
});

test('where protection fails the next one up trips, and more is out', async () => {
  const fault = ['plan', 'demo-town', '--fault', '471.L03'];
  const sound = await relightJson<Plan>(...fault);
  const failed = await relightJson<Plan>(...fault, '--fails-to-trip', 'PT.471');
  expect(sound.document.tripped).toEqual(['PT.471']);
  expect(failed.document.tripped).toEqual(['PT.431']);
  expect(failed.document.result.outage.customers).toBeGreaterThan(
    sound.document.result.outage.customers,
  );
});

test('crews reach what remote control does not: the second phase adds to the first, never takes away', async () => {
  const { document } = await relightJson<Plan>(
    ...['plan', 'demo-town', '--fault', '471.L03', '--blocked', '471-473-42', '--include-manual'],
  );
  const phases = document.steps.map((step) => step.phase);
  expect(phases).toEqual(phases.toSorted());
  expect(document.resultWithCrews?.unrestored.customers ?? 0).toBeLessThanOrEqual(
    document.result.unrestored.customers,
  );
});

test('a lost source without another supply: a plan that says what stays dark, or a clear reason', async () => {
  const faults = ['PT.E171', 'PT.E172', 'QN.E171', 'QN.E172'];
  const typed = faults.flatMap((id) => ['--fault', id]);
  const { code, document } = await relightJson<Plan>('plan', 'demo-town', ...typed);
  expect(code).toBe(0);
  const { outage, restored, unrestored } = document.result;
  expect(restored.customers).toBe(0);
  expect(unrestored.customers).toBe(outage.customers);
  expect(document.rejected.length).toBeGreaterThan(0);
  const told = document.staysDark?.reduce((sum, { customers }) => sum + customers, 0);
  expect(told).toBe(unrestored.customers);
  expect(document.staysDark?.every(({ because }) => because !== '')).toBe(true);
});

test('stuck border switches: the plan names them, and what stays dark with the reason', async () => {
  const { code, stdout } = await relight(
    ...['plan', 'demo-town', '--fault', '471.L03', '--stuck', '471-28', '--stuck', '471-74'],
  );
  expect(code).toBe(0);
  expect(stdout).toContain('Not used: 471-28 (LBS 471/28): does not move');
  expect(stdout).toContain('Not used: 471-74 (REC 471/74): does not move');
  expect(stdout).toMatch(/^Stays dark: 471\.\S+, \d+ customers: It is the faulted section\.$/m);
  expect(stdout).toContain('It cannot be separated from the fault: LBS 471/28 cannot be opened.');
});

test('the way back interrupts nobody between feeders of one station, and says so between two', async () => {
  const back = async (open: string, close: string) =>
    (await relightJson<Plan>('plan', 'demo-town', '--return', '--open', open, '--close', close))
      .document;
  const near = await back('471-28', '471-473-42');
  expect(near.steps.map(({ switch: id, purpose }) => `${purpose} ${id}`)).toEqual([
    'parallel 471-28',
    'return 471-473-42',
  ]);
  expect(near.steps.every((step) => step.interruptsCustomers === 0)).toBe(true);
  expect(near.advisory).toEqual([]);
  const far = await back('471-74', '471-479-96');
  expect(far.steps.map(({ switch: id, purpose }) => `${purpose} ${id}`)).toEqual([
    'return 471-479-96',
    'return 471-74',
  ]);
  expect(far.advisory.join(' ')).toContain('interrupt');
});

test.each([
  [['--fault', 'TBA-471-01'], 'switch or source; "TBA-471-01" is a load; its node is "471.N01"'],
  [['--fault', '471.L03', '--stuck', '471.L03'], 'expects a switch; "471.L03" is a line'],
  [['--fault', '471.l03'], 'did you mean "471.L03"?'],
])('an id of the wrong kind is told what it is: %j', async (typed, text) => {
  const wrong = await relight('plan', 'demo-town', ...typed);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain(`RL-005: --`);
  expect(wrong.stderr).toContain(text);
});

test('evidence that contradicts itself isolates all it cannot rule out, with the odds of each part', async () => {
  const at = (second: number) => `2026-11-21T03:04:0${second}.000Z`;
  const events = [
    { at: at(5), equipment: 'PT.471', signal: 'protectionTrip', value: true },
    { at: at(5), equipment: 'PT.471', signal: 'tripFunction', value: '51N' },
    { at: at(5), equipment: '471-28', signal: 'faultIndicator', value: false },
    { at: at(5), equipment: '471-74', signal: 'faultIndicator', value: true },
    { at: at(5), equipment: 'PT.471', signal: 'position', value: 'open' },
    { at: at(6), equipment: 'PT.471', signal: 'lockout', value: true },
  ];
  const file = FORECAST.replace('forecast.json', 'evidence.json');
  writeFileSync(file, JSON.stringify({ format: 'relight-evidence/1', events }));
  const { code, stdout } = await relight('plan', 'demo-town', '--evidence', file);
  expect(code).toBe(0);
  expect(stdout).toContain('Fault indicators that operated: REC 471/74.');
  expect(stdout).toContain('Fault indicators that did not operate: LBS 471/28.');
  expect(stdout).toMatch(/^ {2}\d+\.\d %: 471\.L01 and \d+ more$/m);
  expect(stdout).toMatch(/^ {2}\d+\.\d %: 471\.L06 and \d+ more$/m);
  writeFileSync(file, JSON.stringify({ format: 'relight-evidence/1', events: events.slice(0, 2) }));
  const none = await relightJson<{ reason: string }>('plan', 'demo-town', '--evidence', file);
  expect(none.code).toBe(1);
  expect(none.document.reason).toContain('The evidence holds no fault');
});

test.each([
  ['a cold-load factor of nothing', ['--fault', '471.L03', '--cold-load', '0'], 'RL-001'],
  ['a budget below nothing', ['--fault', '471.L03', '--budget-ms', '-3'], 'RL-001'],
  ['a protection that fails without a fault', ['--return', '--fails-to-trip', 'PT.471'], 'RL-008'],
  ['an unknown switch to keep dead', ['--fault', '471.L03', '--keep-dead', 'ZZ'], 'RL-005'],
  ['a repair time without a forecast', ['--fault', '471.L03', '--repair-h', '3'], 'RL-008'],
  ['a forecast for the way back', ['--return', '--forecast', FORECAST], 'RL-008'],
  ['a way back and a fault', ['--fault', '471.L03', '--return'], 'RL-008'],
])('wrong use, %s: one clear line and exit code 2', async (_, typed, code) => {
  const wrong = await relight('plan', 'demo-town', ...typed);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr.trim().split('\n')).toHaveLength(1);
  expect(wrong.stderr).toContain(`${code}: `);
  expect(wrong.stdout).toBe('');
});

test('a forecast with a misspelled field is refused, not read as load that stays as it is', async () => {
  const file = `${FORECAST}.misspelled.json`;
  writeFileSync(
    file,
    JSON.stringify({ format: 'relight-forecast/1', hours: [{ ahead_h: 1, factors: 9 }] }),
  );
  const refused = await relight('plan', 'demo-town', '--fault', '471.L03', '--forecast', file);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('RL-017');
  expect(refused.stderr).toContain('hours[0].factors');
});
