import {
  DEFAULT_CORE_CONFIGURATION,
  type ControlOrder,
  type JournalRecord,
  type PointUpdate,
} from '@relight/contract';
import { expect, test, vi } from 'vitest';
import { SecondOpinion } from './second-opinion.ts';
import { Desk, FILE, POINTS } from './testing/desk.ts';

/**
 * The engine is broken on purpose: no gate shuts any more, so that every wish becomes an order. The
 * independent monitor in the same cycle has to stop each that does harm, and let the others pass.
 */
vi.mock('../../../packages/operations/src/gates.ts', async (original) => ({
  ...(await original<Record<string, unknown>>()),
  firstShut: () => null,
}));

const MUTATIONS: readonly {
  readonly name: string;
  readonly open: readonly string[];
  readonly silent?: string;
  readonly prepare?: (desk: Desk) => Promise<unknown>;
  readonly wish: readonly [string, 'open' | 'close'];
  readonly because: string;
}[] = [
  {
    name: 'a tagged device',
    open: ['TIE'],
    prepare: (desk) => desk.tag('doNotOperate', 'S1'),
    wish: ['S1', 'open'],
    because: 'carries a tag',
  },
  {
    name: 'a crew at work',
    open: ['S1', 'TIE'],
    prepare: (desk) => desk.tag('crewAtWork', 'S.a3'),
    wish: ['S1', 'close'],
    because: 'crew at work',
  },
  {
    name: 'a tag that the engine has forgotten',
    open: ['S1', 'TIE'],
    prepare: async (desk) => {
      await desk.tag('crewAtWork', 'S.a3');
      desk.state.tags.clear();
    },
    wish: ['TIE', 'close'],
    because: 'crew at work',
  },
  {
    name: 'a portable earth',
    open: ['S1', 'TIE'],
    prepare: (desk) =>
      desk.ask({
        type: 'recordEarth',
        idempotencyKey: desk.key(),
        equipment: 'a4',
        label: 'TĐ-1',
        text: '',
      }),
    wish: ['S1', 'close'],
    because: 'earthed',
  },
  {
    name: 'hot-line work that has gone dead',
    open: ['TIE'],
    prepare: async (desk) => {
      await desk.tag('hotLine', 'S.a3');
      desk.read({ S1: 'open' });
    },
    wish: ['TIE', 'close'],
    because: 'hot-line work',
  },
  {
    name: 'two sources that would be joined',
    open: ['TIE'],
    wish: ['TIE', 'close'],
    because: 'join two sources',
  },
  {
    name: 'a position nobody has read',
    open: ['TIE'],
    silent: 'S1',
    wish: ['S1', 'open'],
    because: 'is not known',
  },
  {
    name: 'a border that is not known to be open',
    open: ['CBA', 'TIE'],
    silent: 'S1',
    prepare: (desk) => desk.tag('crewAtWork', 'S.a3'),
    wish: ['CBA', 'close'],
    because: 'crew at work',
  },
];

for (const { name, open, silent, prepare, wish, because } of MUTATIONS) {
  test(`with every interlock broken the monitor stops an order onto ${name}`, async () => {
    const desk = new Desk(open, silent);
    await prepare?.(desk);
    expect(await desk.wish(...wish)).toContain(because);
    expect(desk.orders).toHaveLength(0);
    desk.stop();
  });
}

test('with every interlock broken the monitor stops an order onto a fault', () => {
  const opinion = new SecondOpinion(FILE, POINTS, DEFAULT_CORE_CONFIGURATION);
  opinion.note([KEEPS_DEAD], 0);
  opinion.read([POSITION('S1', 'open'), POSITION('TIE', 'open'), POSITION('CBA', 'closed')], 0);
  const reasons = opinion.against({ ...ORDER, expiresAt_ms: 10_000 }, 100);
  expect(reasons?.map((reason) => reason.en)).toEqual([
    'Could energise what is faulted: section S.a3 (kept dead by SC-0001)',
  ]);
});

test('a harmless order passes the monitor: not everything is refused', async () => {
  const desk = new Desk(['S1', 'TIE']);
  await desk.tag('crewAtWork', 'S.b1');
  expect(await desk.wish('S1', 'close')).toBeNull();
  expect(desk.orders.map((order) => order.phase)).toEqual(['select']);
  desk.stop();
});

test('an emergency open passes the monitor, tagged and of unknown position', async () => {
  const desk = new Desk(['TIE'], 'CBA');
  await desk.tag('doNotOperate', 'CBA');
  await desk.ask({ type: 'emergencyOpen', idempotencyKey: desk.key(), equipment: 'CBA' });
  await vi.waitFor(() => expect(desk.orders).toHaveLength(1), 10_000);
  expect(desk.orders[0]).toMatchObject({ emergency: true, seenPosition: null });
  desk.stop();
});

const POSITION = (id: string, value: string): PointUpdate => ({
  point: `${id}.position`,
  value,
  quality: 'good',
  sourceTime_ms: null,
  receiveTime_ms: 0,
  sequence: 1,
});
const ORDER: ControlOrder = {
  commandId: 'C1',
  phase: 'operate',
  equipment: 'S1',
  operation: 'close',
  token: 1,
  expiresAt_ms: 0,
  seenSequence: 1,
  seenPosition: 'open',
};
const KEEPS_DEAD: JournalRecord = {
  sequence: 1,
  at_ms: 0,
  input: 1,
  kind: 'incident',
  by: 'flisr',
  about: 'SC-0001',
  body: { keepsDead: ['S.a3'], openedAt_ms: 0 },
};
