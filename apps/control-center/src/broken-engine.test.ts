import type {
  Actor,
  ControlOrder,
  GridFile,
  JournalRecord,
  LinkHealth,
  OperatorRequest,
  PointListFile,
  PointUpdate,
  TagKind,
} from '@relight/contract';
import { DEFAULT_CORE_CONFIGURATION, INPUT_FORMAT } from '@relight/contract';
import { parseGrid } from '@relight/grid';
import { createOperations, initialState, type OperationsState } from '@relight/operations';
import { expect, test, vi } from 'vitest';
import { EarlierRuns } from './carried-over.ts';
import { Cycle } from './cycle.ts';
import { SecondOpinion } from './second-opinion.ts';
import { SystemClock } from './system-clock.ts';

/**
 * The engine is broken on purpose: no gate shuts any more, so that every wish becomes an order. The
 * independent monitor in the same cycle has to stop each that does harm, and let the others pass.
 */
vi.mock('../../../packages/operations/src/gates.ts', async (original) => ({
  ...(await original<Record<string, unknown>>()),
  firstShut: () => null,
}));

const node = (id: string) => ({ id, nominalVoltage_kV: 22 });
const line = (id: string, from: string, to: string) => ({ id, from, to, r_ohm: 0.1, x_ohm: 0.1 });
const device = (id: string, from: string, to: string, normallyOpen = false) => ({
  id,
  kind: 'breaker' as const,
  from,
  to,
  remote: true,
  normallyOpen,
  rated_A: 630,
});

/** A ─CBA─ a1 ─L1─ a2 ─S1─ a3 ─L2─ a4 ─TIE─ b2 ─L3─ b1 ─CBB─ B; TIE is normally open. */
const FILE: GridFile = {
  format: 'relight-grid/1',
  id: 'two-ends',
  nodes: ['A', 'a1', 'a2', 'a3', 'a4', 'B', 'b1', 'b2'].map(node),
  sources: ['A', 'B'].map((at) => ({ id: `S${at}`, node: at })),
  lines: [line('L1', 'a1', 'a2'), line('L2', 'a3', 'a4'), line('L3', 'b1', 'b2')],
  switches: [
    device('CBA', 'A', 'a1'),
    device('CBB', 'B', 'b1'),
    device('S1', 'a2', 'a3'),
    device('TIE', 'a4', 'b2', true),
  ],
  feeders: [
    { id: 'FA', head: 'CBA' },
    { id: 'FB', head: 'CBB' },
  ],
};
const IDS = ['CBA', 'CBB', 'S1', 'TIE'] as const;
const POINTS: PointListFile = {
  format: 'relight-points/1',
  grid: 'two-ends',
  rtus: [{ id: 'R', protocol: 'modbus-tcp' }],
  points: IDS.map((id) => ({
    id: `${id}.position`,
    rtu: 'R',
    equipment: id,
    signal: 'position' as const,
    command: { arm: 0, operate: 2 },
  })),
};
const AN: Actor = { user: 'an', name: 'An', session: 's1', roles: ['dispatcher'], areas: null };
const LINK: LinkHealth = {
  rtu: 'R',
  state: 'up',
  since_ms: 0,
  roundTrip_ms: 5,
  lastSuccess_ms: null,
  errors: 0,
  reconnects: 0,
};

class Desk {
  readonly orders: ControlOrder[] = [];
  readonly state: OperationsState;
  readonly #cycle: Cycle;
  #sequence = 0;
  #keys = 0;

  /** @param open - Switches that stand open. @param silent - One that was never read. */
  constructor(open: readonly string[], silent?: string) {
    const parsed = parseGrid(FILE);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const engine = createOperations({ grid: parsed.value.grid, pointList: POINTS });
    this.state = initialState(engine, DEFAULT_CORE_CONFIGURATION);
    this.#cycle = new Cycle({
      engine,
      state: this.state,
      clock: new SystemClock(),
      journal: {
        append: ({ journal }) => {
          const upTo = journal.at(-1)?.sequence;
          if (upTo !== undefined) this.#cycle.receive({ kind: 'journalDurable', upTo });
        },
      },
      earlierRuns: new EarlierRuns(),
      toGateway: (request) => {
        if (request.type === 'control') this.orders.push(request.order);
        // Every poll is answered; nothing has changed.
        else if (request.type === 'integrityPoll') {
          for (const rtu of request.rtus) {
            this.#cycle.receive({
              kind: 'integrityDone',
              requestId: request.requestId,
              rtu,
              ok: true,
            });
          }
        }
      },
      secondOpinion: new SecondOpinion(FILE, POINTS, 10_000),
      show: () => undefined,
      broken: (cause) => {
        throw cause;
      },
    });
    this.#cycle.receive({
      kind: 'start',
      format: INPUT_FORMAT,
      grid: 'two-ends',
      gridHash: 'g',
      pointsHash: 'p',
      configuration: DEFAULT_CORE_CONFIGURATION,
    });
    this.#cycle.receive({ kind: 'links', links: [LINK] });
    const read = IDS.filter((id) => id !== silent);
    this.read(Object.fromEntries(read.map((id) => [id, open.includes(id) ? 'open' : 'closed'])));
  }

  read(positions: Readonly<Record<string, string>>): void {
    const updates = Object.entries(positions).map(([id, value]): PointUpdate => {
      this.#sequence += 1;
      return {
        point: `${id}.position`,
        value,
        quality: 'good',
        sourceTime_ms: null,
        receiveTime_ms: Date.now(),
        sequence: this.#sequence,
      };
    });
    this.#cycle.receive({ kind: 'telemetry', updates });
  }

  ask(body: OperatorRequest) {
    return this.#cycle.request(AN, body);
  }

  key(): string {
    this.#keys += 1;
    return `key-of-a-test-${this.#keys}`;
  }

  tag(kind: TagKind, equipment: string) {
    const body = {
      type: 'placeTag',
      idempotencyKey: this.key(),
      kind,
      equipment,
      text: '',
    } as const;
    return this.ask(body);
  }

  /** Wishes it and waits for what becomes of it: what the monitor says, or null where it lets it pass. */
  async wish(equipment: string, operation: 'open' | 'close'): Promise<string | null> {
    const { command } = await this.ask({
      type: 'command',
      idempotencyKey: this.key(),
      equipment,
      operation,
    });
    const own = () => this.state.commands.get(command?.id ?? '');
    await vi.waitFor(() => {
      if (this.orders.length === 0 && own()?.state === 'requested') throw new Error('not yet');
    }, 10_000);
    if (this.orders.length > 0) return null;
    expect(own()).toMatchObject({ state: 'rejected', refusedByMonitor: true });
    const alarms = [...this.state.alarms.values()];
    expect(alarms.some((alarm) => alarm.text.en.includes('independent monitor'))).toBe(true);
    return own()?.reason?.en ?? '';
  }

  stop(): void {
    this.#cycle.stop();
  }
}

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
  const opinion = new SecondOpinion(FILE, POINTS, 10_000);
  opinion.note([KEEPS_DEAD], 0);
  opinion.read([POSITION('S1', 'open'), POSITION('TIE', 'open'), POSITION('CBA', 'closed')], 0);
  const reasons = opinion.against({ ...ORDER, expiresAt_ms: 10_000 }, 100);
  expect(reasons?.map((reason) => reason.en)).toEqual([
    'Could energise what is faulted: a3 and 1 more',
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
