import { expect, test } from 'vitest';
import { describeDemo } from './describe-demo.ts';
import type { DemoReport } from './run-demo.ts';

const GOOD: DemoReport = {
  grid: 'demo-town',
  fault: { equipment: '473.L05', kind: 'permanent' },
  timeline: [
    { at_ms: 0, event: 'protection trip 51N', switch: '473-39' },
    { at_ms: 340, event: 'command verified', switch: '473-57', operation: 'open' },
    { at_ms: 900, event: 'wire arm', switch: '473-481-95' },
  ],
  customers: { out: 2051, restored: 1602, dark: 449, insideFault: 449 },
  plan: null,
  wire: [],
  truth: {
    faultedEnergisedAfterTrip: false,
    restorableDarkCustomers: 0,
    unrestorableCustomers: 0,
    loops: 0,
  },
  atRest: true,
  ok: true,
};

test('a good run reads as a timeline of what matters and a verdict', () => {
  expect(describeDemo(GOOD).trim().split('\n')).toEqual([
    '0.00 s  473-39: trip 51N',
    '    0.34 s  473-57 reports: open done',
    '',
    '2051 customers lost supply, 1602 have it back, 449 are dark:',
    '  449 in the faulted section, 0 without another legal supply, 0 who could have it.',
    'Supply is back wherever the grid allows it; the faulted section stayed dead; no loop was made.',
  ]);
});

test('a bad run names everything that was not good', () => {
  const text = describeDemo({
    ...GOOD,
    truth: {
      ...GOOD.truth,
      restorableDarkCustomers: 12,
      faultedEnergisedAfterTrip: true,
      loops: 1,
    },
    atRest: false,
    ok: false,
  });
  expect(text.split('\n').at(-1)).toBe(
    'Not good: the system did not come to rest in time; 12 customers are dark although a legal ' +
      'supply exists; the faulted section was energised again; 1 loops were made.',
  );
});
