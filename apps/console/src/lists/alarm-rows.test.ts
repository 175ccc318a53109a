import { expect, test } from 'vitest';
import { alarmWith } from '../testing/views.ts';
import { alarmRows } from './alarm-rows.ts';

const feederOf = (equipment: string): string => equipment.split('/')[0] ?? '';

test('a storm of 45 feeders with 500 alarms is one group of 45 rows, each the trip of its feeder', () => {
  const storm = Array.from({ length: 500 }, (_, i) =>
    alarmWith(`F${i % 45}/${i}`, { incident: 'SC-1', priority: i < 45 ? 1 : 3, raisedAt_ms: i }),
  );
  const rows = alarmRows(storm, feederOf, new Set());
  const shown = rows.flatMap((row) => (row.kind === 'alarm' ? [row.alarm] : []));
  expect(rows.filter(({ kind }) => kind === 'group')).toHaveLength(1);
  expect(shown).toHaveLength(45);
  expect(shown.every(({ priority }) => priority === 1)).toBe(true);
  expect(rows.at(-1)).toEqual({ kind: 'fold', id: 'SC-1', hidden: 455, open: false });
});

test('an opened group shows every alarm, and what belongs to none stands last', () => {
  const rows = alarmRows(
    [
      ...Array.from({ length: 20 }, (_, i) => alarmWith(`A/${i}`, { incident: 'SC-1' })),
      alarmWith('B'),
    ],
    feederOf,
    new Set(['SC-1']),
  );
  expect(rows.map(({ kind }) => kind)).toEqual([
    'group',
    ...Array.from({ length: 20 }, () => 'alarm'),
    'fold',
    'group',
    'alarm',
  ]);
  expect(rows.at(-1)).toMatchObject({ kind: 'alarm', alarm: { id: 'B' } });
});

test('alarms that one alarm speaks for stand with it', () => {
  const rows = alarmRows(
    [alarmWith('link', { group: 'link' }), alarmWith('P1', { group: 'link' })],
    feederOf,
    new Set(),
  );
  expect(rows[0]).toMatchObject({ kind: 'group', id: 'link' });
});
