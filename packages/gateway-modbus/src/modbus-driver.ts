import { DeviceClock, LinkKeeper, OPERATION_CODES } from '@relight/gateway';
import type {
  Driver,
  DriverAnswer,
  DriverDependencies,
  DriverEvent,
  DriverHealth,
  DriverOrder,
  ModbusTcpRtu,
  Point,
  PointReading,
  ReadingCause,
} from '@relight/gateway';
import type { Observable } from 'rxjs';
import { decode, rawWords, saysGood, timestamp } from './decode.ts';
import { EventReader } from './event-reader.ts';
import { exceptionAnswer, failed, refusalQuality } from './exceptions.ts';
import { ModbusConnection } from './modbus-connection.ts';
import type { RequestOutcome } from './modbus-connection.ts';
import { planPolls } from './poll-plan.ts';
import type { Block, Place, PlannedPoint, PollClass } from './poll-plan.ts';

/** A device whose own clock stands for longer than this answers from a frozen picture, ms. */
const FROZEN_CLOCK_ms = 2_000;
/** Orders and interrogations that may wait for their turn on one connection. */
const MOST_JOBS = 100;

interface Job {
  run(connection: ModbusConnection): Promise<void>;
  /** The link went down before its turn. */
  abandon(): void;
}

/** A driver for one Modbus TCP device; it opens no socket before `connect`. */
export function createModbusDriver(
  rtu: ModbusTcpRtu,
  points: readonly Point[],
  dependencies: DriverDependencies,
): Driver {
  return new ModbusDriver(rtu, points, dependencies);
}

/**
 * One loop owns the connection: orders first, then interrogations, then whichever poll class is
 * due. So there is never more than one request on the wire, and a write is never pipelined.
 */
class ModbusDriver implements Driver {
  readonly rtu: string;
  readonly #place: ModbusTcpRtu;
  readonly #points: readonly Point[];
  readonly #dependencies: DriverDependencies;
  readonly #link: LinkKeeper;
  readonly #deviceClock: DeviceClock;
  readonly #events: EventReader | null;
  #plan: readonly PollClass[];
  #overHoles = true;
  #jobs: Job[] = [];
  #connection: ModbusConnection | null = null;

  constructor(rtu: ModbusTcpRtu, points: readonly Point[], dependencies: DriverDependencies) {
    this.rtu = rtu.id;
    this.#place = rtu;
    this.#points = points;
    this.#dependencies = dependencies;
    this.#link = new LinkKeeper(dependencies, {
      attempt: () => this.#attempt(),
      wentDown: () => this.#abandonJobs(),
    });
    this.#deviceClock = new DeviceClock(dependencies.clock, this.#link.health, FROZEN_CLOCK_ms);
    this.#plan = planPolls(rtu, points, this.#overHoles);
    this.#events = rtu.events === null ? null : new EventReader(rtu.events, points);
  }

  get changes(): Observable<DriverEvent> {
    return this.#link.changes;
  }

  connect(): void {
    this.#link.open();
  }

  health(): DriverHealth {
    const health = this.#link.health.snapshot();
    return {
      ...health,
      strays: health.strays + (this.#connection?.strays ?? 0),
      malformed: health.malformed + (this.#events?.malformed ?? 0),
      lostEvents: this.#events?.lost ?? 0,
      problem: this.#events?.problem ?? health.problem,
    };
  }

  close(): Promise<void> {
    return this.#link.close(() => this.#connection?.destroy());
  }

  readAll(): Promise<boolean> {
    return this.#queue(
      'last',
      (connection) => this.#readEverything(connection),
      () => false,
    );
  }

  select(order: DriverOrder): Promise<DriverAnswer> {
    return this.#order(async (connection) => {
      const trouble = await this.#readBack(connection, order);
      return trouble ?? { outcome: 'selected', reason: 'position read back' };
    });
  }

  operate(order: DriverOrder): Promise<DriverAnswer> {
    return this.#order((connection) => this.#armAndOperate(connection, order));
  }

  /** The selection is the gateway's own: nothing was written, so nothing is taken back. */
  cancel(): Promise<DriverAnswer> {
    return Promise.resolve({ outcome: 'cancelled', reason: 'nothing had been written' });
  }

  #order(run: (connection: ModbusConnection) => Promise<DriverAnswer>): Promise<DriverAnswer> {
    return this.#queue('first', run, () => ({
      outcome: 'refused',
      reason: `no connection: ${this.#link.reason}`,
    }));
  }

  #queue<Answer>(
    where: 'first' | 'last',
    run: (connection: ModbusConnection) => Promise<Answer>,
    abandoned: () => Answer,
  ): Promise<Answer> {
    if (!this.#link.isUp || this.#jobs.length >= MOST_JOBS) return Promise.resolve(abandoned());
    return new Promise((resolve, reject) => {
      const job: Job = {
        run: async (connection) => {
          await run(connection).then(resolve, reject);
        },
        abandon: () => resolve(abandoned()),
      };
      if (where === 'first') this.#jobs.unshift(job);
      else this.#jobs.push(job);
      this.#link.wake();
    });
  }

  async #attempt(): Promise<string> {
    const { clock, dial } = this.#dependencies;
    const { timeout_ms } = this.#place;
    const connection = await ModbusConnection.open(this.#place, clock, timeout_ms, dial);
    if (typeof connection === 'string') throw new Error(connection);
    this.#connection = connection;
    this.#link.health.connections += 1;
    if (!this.#link.isClosing) await this.#serve(connection);
    connection.destroy();
    this.#link.health.strays += connection.strays;
    this.#connection = null;
    return connection.trouble ?? 'the peer closed the connection';
  }

  /** Uses the connection until it ends. Reads everything first. */
  async #serve(connection: ModbusConnection): Promise<void> {
    const { clock, chance } = this.#dependencies;
    const link = this.#link;
    this.#deviceClock.begin();
    void connection.ended.then(() => link.wake());
    await this.#readEverything(connection);
    if (!connection.isOpen) return;
    link.setUp();
    // Devices of one gateway are not all asked in the same millisecond.
    const due = this.#plan.map(({ period_ms }) => {
      return clock.monotonic() + chance.between(period_ms / 2, period_ms);
    });
    while (connection.isOpen && !link.isClosing) {
      const job = this.#jobs.shift();
      if (job !== undefined) {
        await job.run(connection);
        continue;
      }
      const next = due.indexOf(Math.min(...due));
      const dueAt = due[next];
      const pollClass = this.#plan[next];
      const now = clock.monotonic();
      if (dueAt === undefined || pollClass === undefined) {
        await link.sleep(1_000);
      } else if (now < dueAt) {
        await link.sleep(dueAt - now);
      } else {
        const late = now - dueAt > pollClass.period_ms;
        if (late) link.health.latePolls += 1;
        due[next] = late ? now + pollClass.period_ms : dueAt + pollClass.period_ms;
        await this.#readClass(connection, pollClass, 'periodic');
      }
    }
  }

  async #readEverything(connection: ModbusConnection): Promise<boolean> {
    let complete = true;
    for (let index = 0; index < this.#plan.length; index++) {
      const pollClass = this.#plan[index];
      if (pollClass === undefined || !connection.isOpen) return false;
      complete = (await this.#readClass(connection, pollClass, 'interrogation')) && complete;
    }
    return complete && connection.isOpen;
  }

  async #readClass(
    connection: ModbusConnection,
    pollClass: PollClass,
    cause: ReadingCause,
  ): Promise<boolean> {
    const refusals = await this.#readBlocks(connection, pollClass.blocks);
    if (refusals === null) return false;
    if (this.#overHoles && [...refusals.values()].includes(2)) {
      // The device refuses addresses it lacks: from now on only what it has is asked for.
      this.#overHoles = false;
      this.#plan = planPolls(this.#place, this.#points, false);
      const sparser = this.#plan.find(({ period_ms }) => period_ms === pollClass.period_ms);
      return sparser === undefined ? false : this.#readClass(connection, sparser, cause);
    }
    if (pollClass.clock !== null) this.#deviceClock.told(timestamp(pollClass.clock));
    const events = await this.#readEvents(connection, pollClass.newestEvent);
    // Nothing is good any more once the link was reported down.
    if (!connection.isOpen) return false;
    this.#emit(cause, pollClass.points, refusals);
    return refusals.size === 0 && events;
  }

  /** What happened since the last poll goes out before what is so now. */
  async #readEvents(connection: ModbusConnection, newest: Place | null): Promise<boolean> {
    const told = newest === null ? [] : newest.block.data.slice(newest.offset, newest.offset + 3);
    const [high, low, incarnation] = told;
    if (this.#events === null || high === undefined || low === undefined) return newest === null;
    if (incarnation === undefined) return false;
    const acknowledged = await this.#events.acknowledge(connection);
    if (acknowledged !== null && acknowledged.kind !== 'answer') this.#explain(acknowledged);
    const outcome = await this.#events.read(connection, high * 65_536 + low, incarnation);
    switch (outcome.kind) {
      case 'events': {
        const { readings } = outcome;
        if (readings.length > 0)
          this.#link.changes.next({ kind: 'readings', cause: 'spontaneous', readings });
        return true;
      }
      case 'exception':
      case 'lost':
        this.#explain(outcome);
        return false;
    }
  }

  /** @returns The exception code of each refused block; null if the connection is lost. */
  async #readBlocks(
    connection: ModbusConnection,
    blocks: readonly Block[],
  ): Promise<ReadonlyMap<Block, number> | null> {
    const { clock } = this.#dependencies;
    const refusals = new Map<Block, number>();
    for (const block of blocks) {
      const startedAt = clock.monotonic();
      const outcome = await connection.readBlock(block);
      if (outcome.kind === 'lost') {
        if (outcome.malformed) {
          const what = `${block.table} ${block.first}, ${block.count} of them`;
          this.#link.health.misread(`${what}: ${outcome.reason}`);
        }
        this.#lost(outcome.reason);
        return null;
      }
      this.#link.health.answered(clock, startedAt);
      block.data = outcome.kind === 'answer' ? outcome.value : [];
      if (outcome.kind === 'exception') {
        this.#link.health.errors += 1;
        this.#link.health.problem = `${block.table} ${block.first}, ${block.count} of them: Modbus exception ${outcome.code}`;
        refusals.set(block, outcome.code);
      }
    }
    return refusals;
  }

  #emit(
    cause: ReadingCause,
    points: readonly PlannedPoint[],
    refusals: ReadonlyMap<Block, number>,
  ): void {
    const frozen = this.#place.clock !== null && this.#deviceClock.stands;
    const readings = points.map((planned): PointReading => {
      const code = refusals.get(planned.value.block);
      const reading = decode(planned);
      if (code === undefined) this.#judge(planned, reading);
      if (code !== undefined || reading === null) {
        const quality = code === undefined ? 'invalid' : refusalQuality(code);
        return { point: planned.point.id, value: null, quality, sourceTime_ms: null };
      }
      return frozen && reading.quality === 'good' ? { ...reading, quality: 'notTopical' } : reading;
    });
    this.#link.changes.next({ kind: 'readings', cause, readings });
  }

  /** Counts and names an answer that cannot be what its point list says. */
  #judge(planned: PlannedPoint, reading: PointReading | null): void {
    const { id, modbus } = planned.point;
    if (reading !== null && (reading.value !== null || !saysGood(planned))) return;
    const what = reading === null ? 'brought nothing' : `holds ${rawWords(planned)}`;
    this.#link.health.misread(`point ${id}: ${modbus?.table} ${modbus?.address} ${what}`);
  }

  /** Reads the points the order depends on; null if that went well. */
  async #readBack(connection: ModbusConnection, order: DriverOrder): Promise<DriverAnswer | null> {
    const wanted = new Set(order.verify.map(({ id }) => id));
    const planned = this.#plan.flatMap(({ points }) =>
      points.filter(({ point }) => wanted.has(point.id)),
    );
    const blocks = new Set(
      planned.flatMap(({ value, quality, time }) =>
        [value, quality, time].flatMap((at) => (at === null ? [] : [at.block])),
      ),
    );
    const refusals = await this.#readBlocks(connection, [...blocks]);
    if (refusals === null)
      return failed(`the position could not be read back: ${this.#link.reason}`);
    if (refusals.size > 0) return failed('the device refused to have its position read back');
    this.#emit('interrogation', planned, refusals);
    return null;
  }

  async #armAndOperate(connection: ModbusConnection, order: DriverOrder): Promise<DriverAnswer> {
    const { command, token, operation } = order;
    if (!('arm' in command)) return { outcome: 'refused', reason: 'no Modbus command' };
    if (token > 0xffff_ffff) return { outcome: 'refused', reason: 'the token exceeds 32 bits' };
    const forbidden = order.objection();
    if (forbidden !== null) return forbidden;
    const armed = await connection.writeUint32(command.arm, token);
    // Arming moves nothing, so whatever became of it the device provably did not act.
    if (armed.kind !== 'answer') return failed(`arming: ${this.#explain(armed)}`);
    const trouble = await this.#readBack(connection, order);
    if (trouble !== null) return trouble;
    if (!connection.isOpen) return failed('the connection was lost before the write');
    const objection = order.objection();
    if (objection !== null) return objection;
    const operated = await connection.writeRegister(command.operate, OPERATION_CODES[operation]);
    if (operated.kind === 'answer') {
      return { outcome: 'acknowledged', reason: 'the device took the order' };
    }
    const reason = this.#explain(operated);
    if (operated.kind === 'exception') return exceptionAnswer(operated.code, reason);
    return { outcome: 'unknown', reason };
  }

  #explain(outcome: Exclude<RequestOutcome<unknown>, { kind: 'answer' }>): string {
    if (outcome.kind === 'exception') {
      this.#link.health.errors += 1;
      return `Modbus exception ${outcome.code}`;
    }
    this.#lost(outcome.reason);
    return outcome.reason;
  }

  #lost(reason: string): void {
    this.#link.health.errors += 1;
    this.#link.setDown(reason);
  }

  #abandonJobs(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const job of jobs) job.abandon();
  }
}
