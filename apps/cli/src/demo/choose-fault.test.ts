import { sectionsOfEquipment, compileNetwork } from '@relight/topology';
import { expect, test } from 'vitest';
import { readGrid } from '../read-grid.ts';
import { chooseFault } from './choose-fault.ts';

const { grid } = readGrid('demo-town');
const network = compileNetwork(grid);

test('the fault a seed draws lies mid-feeder: switches on both sides, none of them the feeder breaker', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const [section = -1] = sectionsOfEquipment(network, chooseFault(grid, seed, undefined)) ?? [];
    const borders = grid.switches.filter(
      (each, index) =>
        !each.normallyOpen &&
        (network.switchSectionFrom[index] === section ||
          network.switchSectionTo[index] === section),
    );
    expect(borders.length).toBeGreaterThanOrEqual(2);
    expect(borders.map(({ id }) => id)).not.toContainEqual(expect.stringMatching(/^(PT|QN)\./));
  }
});

test('the same seed draws the same line, other seeds draw others', () => {
  const drawn = Array.from({ length: 30 }, (_, seed) => chooseFault(grid, seed, undefined));
  expect(chooseFault(grid, 7, undefined)).toBe(drawn[7]);
  expect(new Set(drawn).size).toBeGreaterThan(10);
});

test('a line that is asked for is taken as it is, an unknown one refused', () => {
  expect(chooseFault(grid, 1, '473.L05')).toBe('473.L05');
  expect(() => chooseFault(grid, 1, '473.L99')).toThrow('has no equipment "473.L99"');
});
