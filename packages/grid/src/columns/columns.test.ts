import { expect, test } from 'vitest';
import { buildModel } from '../build-model.ts';
import { parseGrid } from '../parse-grid.ts';
import { countryColumns, countryFile } from '../seed-grids/seed-regions.ts';
import { demoTownFile } from '../seed-grids/demo-town.ts';
import { COLUMNS_VERSION, openColumns } from './columns-file.ts';
import { indexById } from './lazy-list.ts';
import { LIST_NAMES, LISTS } from './lists.ts';
import { ColumnsWriter } from './write-columns.ts';
import type { Grid } from '../model.ts';

function columnsOf(grid: Grid): Uint8Array {
  const writer = new ColumnsWriter(grid);
  writer.add(grid);
  return writer.finish();
}

function opened(file: Uint8Array): Grid {
  const grid = openColumns(file);
  if (!grid.ok) throw new Error(grid.error.message);
  return grid.value;
}

/** Every list as plain objects. */
function plain(grid: Grid): object {
  const lists = LIST_NAMES.map((list) => {
    const fields = Object.keys(LISTS[list]);
    const rows = grid[list] as unknown as readonly Readonly<Record<string, unknown>>[];
    return [list, rows.map((row) => Object.fromEntries(fields.map((key) => [key, row[key]])))];
  });
  return { ...grid, ...Object.fromEntries(lists) };
}

test('a grid read back from its columns is the grid, field by field', () => {
  const grid = buildModel(demoTownFile());
  expect(plain(opened(columnsOf(grid)))).toEqual(grid);
});

test('so is one with odd ids, names in Vietnamese, and numbers that are no round ones', () => {
  const parsed = parseGrid({
    format: 'relight-grid/1',
    id: 'lạ',
    nodes: ['A', 'Ấp Bắc', 'é', '中', '\u{1F50C}'].map((id) => ({ id, nominalVoltage_kV: 22 })),
    sources: [{ id: 'src', node: 'A', voltage_pu: 1 / 3 }],
    lines: [
      { id: 'L1', name: 'Đường dây 471', from: 'A', to: 'Ấp Bắc', r_ohm: Math.PI, x_ohm: 0.1 },
      { id: 'L2', from: 'Ấp Bắc', to: 'é', r_ohm: 1e-9, x_ohm: -0.5, rated_A: 210 },
      { id: 'L3', from: 'é', to: '中', r_ohm: 0, x_ohm: 2 ** 40 },
      { id: 'L4', from: '中', to: '\u{1F50C}', r_ohm: 0, x_ohm: 0 },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { grid } = parsed.value;
  const again = opened(columnsOf(grid));
  expect(plain(again)).toEqual(grid);
  const index = indexById(again.connectivityNodes);
  for (const [at, { id }] of grid.connectivityNodes.entries()) expect(index.get(id)).toBe(at);
  expect(index.has('Ấp')).toBe(false);
  expect(index.get('')).toBeUndefined();
});

test('a country written region by region is the one made as a whole', () => {
  expect(plain(opened(countryColumns(7, 0.03)))).toEqual(buildModel(countryFile(7, 0.03)));
});

test('a lazy list answers as an array does', () => {
  const { lines } = opened(columnsOf(buildModel(demoTownFile())));
  const all = buildModel(demoTownFile()).lines;
  expect(lines.length).toBe(all.length);
  expect(lines.map((line) => line.id)).toEqual(all.map((line) => line.id));
  expect(lines.findIndex((line) => line.id === all[5]?.id)).toBe(5);
  expect([lines[-1], lines[all.length]]).toEqual([undefined, undefined]);
  expect(lines.at(-1)?.id).toBe(all.at(-1)?.id);
});

test('a file that is cut off, changed in one bit, newer or none at all is refused with the reason', () => {
  const file = columnsOf(buildModel(demoTownFile()));
  const refusal = (bytes: Uint8Array): unknown => {
    const grid = openColumns(bytes);
    return grid.ok ? 'opened' : grid.error;
  };
  for (const at of [9, 17, 34, 60, file.length >> 1, file.length - 20]) {
    const changed = file.slice();
    changed[at]! ^= 4;
    expect(refusal(changed)).not.toBe('opened');
  }
  expect(refusal(file.slice(0, -8))).toMatchObject({ kind: 'damaged' });
  expect(refusal(new Uint8Array(10))).toMatchObject({ kind: 'notColumns' });
  const newer = file.slice();
  newer[8] = COLUMNS_VERSION + 1;
  expect(refusal(newer)).toEqual({
    kind: 'newer',
    message: `has version ${COLUMNS_VERSION + 1} of the columns; this program reads versions up to ${COLUMNS_VERSION}`,
  });
});
