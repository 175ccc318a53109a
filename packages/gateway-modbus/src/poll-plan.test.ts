import { parsePointList } from '@relight/gateway';
import type { ModbusTcpRtu, Point } from '@relight/gateway';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planPolls } from './poll-plan.ts';

interface Cell {
  readonly address: number;
  readonly table?: string;
  readonly type?: string;
  readonly pollClass?: string;
  readonly timeAddress?: number;
  readonly qualityAddress?: number;
}

function rtuWith(cells: readonly Cell[], clock?: object): [ModbusTcpRtu, readonly Point[]] {
  const parsed = parsePointList({
    format: 'relight-points/1',
    grid: 'g',
    rtus: [
      {
        id: 'R1',
        protocol: 'modbus-tcp',
        host: 'h',
        port: 502,
        clock,
        pollClasses: { fast: { period_ms: 250 }, slow: { period_ms: 5_000 } },
      },
    ],
    points: cells.map((cell, index) => ({
      id: `p${index}`,
      rtu: 'R1',
      equipment: `E${index}`,
      signal: 'current_A',
      table: 'inputRegister',
      ...cell,
    })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const rtu = parsed.value.rtus[0];
  if (rtu?.protocol !== 'modbus-tcp') throw new Error('no RTU');
  return [rtu, parsed.value.points];
}

const blocksOf = (cells: readonly Cell[], overHoles = true, clock?: object) => {
  const [rtu, points] = rtuWith(cells, clock);
  return planPolls(rtu, points, overHoles).map(({ period_ms, blocks }) => ({
    period_ms,
    blocks: blocks.map(({ table, first, count }) => [table, first, count]),
  }));
};

test('neighbouring registers are one read, and a gap of 32 is read over', () => {
  expect(blocksOf([{ address: 10 }, { address: 11, type: 'float32' }, { address: 45 }])).toEqual([
    { period_ms: 250, blocks: [['inputRegister', 10, 36]] },
  ]);
  expect(blocksOf([{ address: 10 }, { address: 44 }])[0]?.blocks).toHaveLength(2);
});

test('a device that refuses addresses it lacks is asked for no gap at all', () => {
  expect(blocksOf([{ address: 0 }, { address: 2 }], false)[0]?.blocks).toEqual([
    ['inputRegister', 0, 1],
    ['inputRegister', 2, 1],
  ]);
});

test('no read exceeds 125 registers or 2,000 bits, and no float is split', () => {
  const floats = Array.from({ length: 100 }, (_, i) => ({ address: 2 * i, type: 'float32' }));
  expect(blocksOf(floats)[0]?.blocks).toEqual([
    ['inputRegister', 0, 124],
    ['inputRegister', 124, 76],
  ]);
  const bits = Array.from({ length: 2_100 }, (_, i) => ({ address: i, table: 'coil' }));
  expect(blocksOf(bits)[0]?.blocks).toEqual([
    ['coil', 0, 2_000],
    ['coil', 2_000, 100],
  ]);
});

test('each class is read by itself, the fast one first, with the device clock', () => {
  const cells = [{ address: 500, pollClass: 'slow' }, { address: 8 }];
  expect(blocksOf(cells, true, { table: 'inputRegister', address: 0 })).toEqual([
    { period_ms: 250, blocks: [['inputRegister', 0, 9]] },
    { period_ms: 5_000, blocks: [['inputRegister', 500, 1]] },
  ]);
});

test('quality and time of a value are read along with it', () => {
  expect(blocksOf([{ address: 4, qualityAddress: 20, timeAddress: 36 }])[0]?.blocks).toEqual([
    ['inputRegister', 4, 36],
  ]);
});

test('whatever the addresses, every value lies whole inside one legal read', () => {
  const cell = fc.record({
    address: fc.integer({ min: 0, max: 1_500 }),
    type: fc.constantFrom('uint16', 'float32'),
  });
  const apart = (cells: readonly Cell[]) =>
    cells.map((one) => ({ ...one, address: one.address * 2 }));
  const law = fc.property(
    fc.uniqueArray(cell, { selector: ({ address }) => address, minLength: 1, maxLength: 300 }),
    fc.boolean(),
    (cells, overHoles) => {
      const [rtu, points] = rtuWith(apart(cells));
      const plan = planPolls(rtu, points, overHoles);
      for (const { blocks, points: planned } of plan) {
        for (const { count } of blocks) expect(count).toBeLessThanOrEqual(125);
        for (const { point, value } of planned) {
          const width = point.modbus?.type === 'float32' ? 2 : 1;
          expect(value.block.first + value.offset).toBe(point.modbus?.address);
          expect(value.offset + width).toBeLessThanOrEqual(value.block.count);
        }
      }
    },
  );
  fc.assert(law, { numRuns: 100 });
});
