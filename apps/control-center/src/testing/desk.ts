import type {
  Actor,
  CarriedOver,
  ControlOrder,
  GridFile,
  LinkHealth,
  OperatorRequest,
  PointListFile,
  PointUpdate,
  PointValue,
  Signal,
  TagKind,
} from '@relight/contract';
import { DEFAULT_CORE_CONFIGURATION, INPUT_FORMAT } from '@relight/contract';
import { parseGrid } from '@relight/grid';
import { createOperations, initialState, type OperationsState } from '@relight/operations';
import { expect, vi } from 'vitest';
import { EarlierRuns } from '../carried-over.ts';
import { Cycle } from '../cycle.ts';
import { SecondOpinion } from '../second-opinion.ts';
import { SystemClock } from '../system-clock.ts';

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
export const FILE: GridFile = {
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
    { id: 'FA', head: 'CBA', mode: 'advisory' },
    { id: 'FB', head: 'CBB', mode: 'advisory' },
  ],
};
const RELAY_SIGNALS = ['protectionTrip', 'lockout'] as const satisfies readonly Signal[];
const IDS = ['CBA', 'CBB', 'S1', 'TIE'] as const;
export const POINTS: PointListFile = {
  format: 'relight-points/1',
  grid: 'two-ends',
  rtus: [{ id: 'R', protocol: 'modbus-tcp' }],
  points: [
    ...IDS.map((id) => ({
      id: `${id}.position`,
      rtu: 'R',
      equipment: id,
      signal: 'position' as const,
      command: { arm: 0, operate: 2 },
    })),
    ...RELAY_SIGNALS.map((signal) => ({
      id: `CBA.${signal}`,
      rtu: 'R',
      equipment: 'CBA',
      signal,
    })),
    { id: 'S1.faultIndicator', rtu: 'R', equipment: 'S1', signal: 'faultIndicator' as const },
  ],
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

/** The real cycle with engine and monitor; every poll is answered, and the journal is always on disk. */
export class Desk {
  readonly orders: ControlOrder[] = [];
  readonly state: OperationsState;
  /** What a next run would hear of this one. */
  readonly earlier: EarlierRuns;
  readonly #cycle: Cycle;
  #sequence = 0;
  #keys = 0;

  /**
   * @param open - Switches that stand open.
   * @param silent - One that was never read.
   * @param left - What an earlier run has left.
   */
  constructor(open: readonly string[], silent?: string, left?: CarriedOver) {
    this.earlier = new EarlierRuns(left);
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
      earlierRuns: this.earlier,
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
      secondOpinion: new SecondOpinion(FILE, POINTS, DEFAULT_CORE_CONFIGURATION),
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
      ...(left === undefined ? {} : { carriedOver: left }),
    });
    this.#cycle.receive({ kind: 'links', links: [LINK] });
    const read = IDS.filter((id) => id !== silent);
    this.read(Object.fromEntries(read.map((id) => [id, open.includes(id) ? 'open' : 'closed'])));
  }

  read(positions: Readonly<Record<string, string>>): void {
    this.report(
      Object.fromEntries(
        Object.entries(positions).map(([id, position]) => [`${id}.position`, position]),
      ),
    );
  }

  /** Values by point id. */
  report(values: Readonly<Record<string, PointValue>>): void {
    const updates = Object.entries(values).map(([point, value]): PointUpdate => {
      this.#sequence += 1;
      return {
        point,
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
      type: 'placeTag' as const,
      idempotencyKey: this.key(),
      kind,
      equipment,
      text: '',
      ...(kind === 'hotLine' ? { reclosingSeenOff: ['CBA', 'S1'] } : {}),
    };
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
