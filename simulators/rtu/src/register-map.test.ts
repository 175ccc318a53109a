import { readFile } from 'node:fs/promises';
import { EVENT_RING } from '@relight/contract';
import { expect, test } from 'vitest';
import { nodeIds } from './point-list.ts';
import { REGISTERS, STATUS_SLOTS } from './register-map.ts';

const TEXT = await readFile(new URL('../../../docs/integrators.md', import.meta.url), 'utf8');

/** Rows of the tables of one section, headings included: their cells. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const section = TEXT.split(`### ${heading}\n`)[1]?.split(/^##/m)[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('an integrator reads the registers a field RTU serves', () => {
  const R = REGISTERS;
  const span = (from: number, count: number): string => `${from}–${from + count - 1}`;
  const rows = rowsOf('Register map of a field RTU');
  const inputs = rows.slice(
    1,
    rows.findIndex(([cell]) => cell === 'others'),
  );
  expect(inputs.map(([place]) => place)).toEqual([
    span(R.clock, 4),
    span(R.statusValue, R.slots),
    span(R.statusQuality, R.slots),
    span(R.statusTime, 4 * R.slots),
    `${span(R.reactance, 2)}, ${R.reactanceQuality}, ${span(R.reactanceTime, 4)}`,
    `${span(R.newestEvent, 2)}, ${R.newestEvent + 2}`,
    span(R.measurementTime, 4),
    `${span(R.current, 2)}, ${span(R.power, 2)}`,
    `${R.currentQuality}, ${R.powerQuality}`,
  ]);
  expect(inputs[1]?.[1]).toContain(`${STATUS_SLOTS.join(', ')}, then the pole indicators`);
  const others = rows.slice(inputs.length + 2).map(([place]) => place);
  const ringLength = EVENT_RING.header + EVENT_RING.slot * R.ringCapacity;
  expect(others).toEqual([
    `discrete inputs ${span(0, R.slots)} (function 2)`,
    `holding registers ${span(R.arm, 2)}`,
    `holding register ${R.operate}`,
    `holding registers ${span(R.ring, ringLength)}`,
  ]);
  const last = rows.at(-1)?.[1];
  expect(last).toContain(`${span(R.ring + EVENT_RING.acknowledged, 2)} acknowledge`);
  expect(last).toContain(`${R.reactanceCode} is the fault reactance`);
});

test('an integrator reads the node ids a station serves', () => {
  const nodes = rowsOf('Address space of a station').map(([node]) => node);
  const { object, select } = nodeIds.command('EQUIPMENT');
  expect(nodes).toContain(`\`${object}\``);
  expect(nodes).toContain(
    `\`${nodeIds.variable('EQUIPMENT', 'position').replace('position', 'SIGNAL')}\``,
  );
  expect(nodes.some((node) => node?.startsWith(`\`${select}\``))).toBe(true);
});
