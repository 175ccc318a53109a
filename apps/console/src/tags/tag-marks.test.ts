import type { GridFile, SectionView } from '@relight/contract';
import { expect, test } from 'vitest';
import { openGridBook } from '../store/grid-book.ts';
import { LiveStore } from '../store/live-store.ts';
import { PHASE_ORDER_SYMBOL, tagMarks } from './tag-marks.ts';

const grids: Record<string, GridFile> = import.meta.glob('../../../../seeds/grids/demo-town.json', {
  import: 'default',
  eager: true,
});
const [file] = Object.values(grids);
if (file === undefined) throw new Error('demo-town is missing');
const line = file.lines?.find(({ id }) => id === '473.L05');
if (line === undefined) throw new Error('line 473.L05 is missing');

const section: SectionView = {
  id: 'joined',
  name: '473 S3',
  nodes: [line.from, line.to],
  lines: [line.id],
  customers: 0,
  p_kW: 0,
  normalFeeder: 'F473',
  state: 'live',
  feeder: 'F473',
  share: null,
  deadSince_ms: null,
  restoredAt_ms: null,
  inLoop: false,
};

test('a section hangs the sign of crossed conductors out until its phase order is confirmed', () => {
  const book = openGridBook(file);
  const marksOf = (only: SectionView) =>
    tagMarks(book, { ...new LiveStore().get(), sections: new Map([[only.id, only]]) });
  const [mark, ...others] = marksOf({
    ...section,
    phaseUnconfirmed: { text: 'hộp nối', by: 'lan', byName: 'Lan', at_ms: 0 },
  });
  expect(others).toEqual([]);
  expect(mark?.symbol).toBe(PHASE_ORDER_SYMBOL);
  expect(mark?.onDevice).toBe(false);
  expect(marksOf(section)).toEqual([]);
});
