import { expect, test } from 'vitest';
import { assumedFaults } from './assumed-faults.ts';
import { compile, ladder } from './small-grids.ts';

const network = compile(ladder());

test('a faulted switch is one fault, though it condemns both its sides', () => {
  expect(assumedFaults(network, ['A2'])).toEqual([
    { equipment: ['A2', 'LA1', 'AM1', 'AN1', 'LA2', 'AM2', 'AN2'], probability: 1 },
  ]);
});

test('two assumed faults are two certainties, two places in one section one', () => {
  expect(assumedFaults(network, ['LA1', 'LB2']).map(({ probability }) => probability)).toEqual([
    1, 1,
  ]);
  expect(assumedFaults(network, ['LA1', 'AN1'])).toHaveLength(1);
});
