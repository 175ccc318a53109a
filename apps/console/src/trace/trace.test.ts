import type { GridFile, SwitchView } from '@relight/contract';
import { expect, test } from 'vitest';
import { openGridBook } from '../store/grid-book.ts';
import { LiveStore } from '../store/live-store.ts';
import { traceFrom } from './trace.ts';

const grids: Record<string, GridFile> = import.meta.glob('../../../../seeds/grids/demo-town.json', {
  import: 'default',
  eager: true,
});
const [file] = Object.values(grids);
if (file === undefined) throw new Error('demo-town is missing');
const book = openGridBook(file);
const view = (id: string, change: Partial<SwitchView> = {}): SwitchView => ({
  id,
  position: book.switches.get(id)?.normallyOpen === true ? 'open' : 'closed',
  quality: 'good',
  sourceTime_ms: 0,
  normal: true,
  reclosing: null,
  lockout: false,
  faultIndicator: null,
  local: false,
  commandId: null,
  ...change,
});
const state = (...changed: readonly SwitchView[]) => {
  const switches = new Map([...book.switches.keys()].map((id) => [id, view(id)]));
  for (const s of changed) switches.set(s.id, s);
  return { ...new LiveStore().get(), switches };
};
const customersOf = (feeder: string): number =>
  (file.loads ?? [])
    .filter((load) => load.node.startsWith(`${feeder}.`))
    .reduce((sum, load) => sum + (load.customers ?? 0), 0);

test('behind the breaker of 473 hang the customers of 473 and no others', () => {
  const down = traceFrom(book, state(), 'PT.473', 'down');
  expect(down?.customers).toBe(customersOf('473'));
  expect([...(down?.nodes ?? [])].every((node) => node.startsWith('473.'))).toBe(true);
});

test('the way up from a switch of 473 ends at the 110 kV source and passes its breaker', () => {
  const up = traceFrom(book, state(), '473-57', 'up');
  expect(up?.source).toBe('PT.E171');
  expect([...(up?.branches ?? [])]).toEqual(
    expect.arrayContaining(['473-57', 'PT.473', 'PT.431', 'PT.T1', 'PT.131', 'PT.171']),
  );
  expect(up?.branches.has('473-73')).toBe(false);
});

test('with the tie to 481 closed, the breaker of 473 holds nobody alone', () => {
  const closed = state(view('473-481-95', { position: 'closed' }));
  expect(traceFrom(book, closed, 'PT.473', 'down')?.customers).toBe(0);
});

test('behind an open breaker there is no supply to trace to', () => {
  const open = state(view('PT.473', { position: 'open' }));
  expect(traceFrom(book, open, '473-57', 'up')?.source).toBeNull();
  expect(traceFrom(book, open, '473-57', 'down')?.customers).toBe(0);
});

test('an unknown position lets nothing through and is named', () => {
  const unknown = state(view('473-20', { position: null, quality: 'invalid' }));
  const down = traceFrom(book, unknown, 'PT.473', 'down');
  expect(down?.customers).toBeLessThan(customersOf('473'));
  expect(down?.uncertain).toEqual(['473-20']);
});

test('a tie between two feeders would close the way from source to source, through both of them and nothing else', () => {
  const loop = traceFrom(book, state(), '473-481-95', 'loop');
  expect([loop?.source, loop?.otherSource].sort()).toEqual(['PT.E171', 'QN.E171'].sort());
  const switches = [...(loop?.branches ?? [])].filter((id) => book.switches.has(id));
  expect(switches).toEqual(expect.arrayContaining(['473-481-95', 'PT.473', 'QN.481']));
  expect(switches.some((id) => id.startsWith('479') || id.startsWith('475'))).toBe(false);
});

test('a device in the middle of a radial feeder is in no loop, for behind it there is no other supply', () => {
  const loop = traceFrom(book, state(), '473-20', 'loop');
  expect([loop?.source, loop?.nodes.size]).toEqual([null, 0]);
  // With the tie closed it is.
  const closed = traceFrom(
    book,
    state(view('473-481-95', { position: 'closed' })),
    '473-20',
    'loop',
  );
  expect(closed?.branches).toContain('473-481-95');
});
