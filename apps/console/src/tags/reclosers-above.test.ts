import type { GridFile, SwitchView } from '@relight/contract';
import { expect, test } from 'vitest';
import { openGridBook } from '../store/grid-book.ts';
import { LiveStore } from '../store/live-store.ts';
import { reclosersAbove } from './reclosers-above.ts';

const grids: Record<string, GridFile> = import.meta.glob('../../../../seeds/grids/demo-town.json', {
  import: 'default',
  eager: true,
});
const [file] = Object.values(grids);
if (file === undefined) throw new Error('demo-town is missing');
const book = openGridBook(file);

test('above a line of feeder 473 stand its breaker and every recloser between, and what each says of reclosing', () => {
  const device = (id: string, reclosing: boolean | null): [string, SwitchView] => [
    id,
    {
      id,
      position: book.switches.get(id)?.normallyOpen === true ? 'open' : 'closed',
      quality: 'good',
      sourceTime_ms: 0,
      normal: true,
      reclosing,
      lockout: false,
      faultIndicator: null,
      local: false,
      commandId: null,
    },
  ];
  const live = {
    ...new LiveStore().get(),
    switches: new Map(
      [...book.switches.keys()].map((id) => device(id, id === 'PT.473' ? true : null)),
    ),
  };
  const above = reclosersAbove(book, live, '473.L05');
  expect(above).toContainEqual({ id: 'PT.473', reclosing: 'on' });
  expect(
    above.every(({ id }) => ['breaker', 'recloser'].includes(book.switches.get(id)?.kind ?? '')),
  ).toBe(true);
  // A device carries the tag itself: it is asked about as well.
  expect(reclosersAbove(book, live, '473-39')).toContainEqual({
    id: '473-39',
    reclosing: 'silent',
  });
});
