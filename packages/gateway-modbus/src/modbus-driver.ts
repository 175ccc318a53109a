import { BackOff, HealthCounters, OPERATION_CODES, wait } from '@relight/gateway';
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
  Wait,
} from '@relight/gateway';
import { Subject } from 'rxjs';
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
  readonly changes = new Subject<DriverEvent>();
  readonly #place: ModbusTcpRtu;
  readonly #points: readonly Point[];
  readonly #dependencies: DriverDependencies;
  readonly #backOff: BackOff;
  readonly #health = new HealthCounters();
  #plan: readonly PollClass[];
  #overHoles = true;
  #jobs: Job[] = [];
  #connection: ModbusConnection | null = null;
  #up = false;
  #reason = '';
  #pause: Wait | null = null;
  #closing = false;
  #loop: Promise<void> | null = null;
  readonly #events: EventReader | null;
  #clockReading: number | null = null;
  #clockMovedAt = 0;

  constructor(rtu: ModbusTcpRtu, points: readonly Point[], dependencies: DriverDependencies) {
    this.rtu = rtu.id;
    this.#place = rtu;
    this.#points = points;
    this.#dependencies = dependencies;
    this.#backOff = new BackOff(dependencies.chance);
    this.#plan = planPolls(rtu, points, this.#overHoles);
    this.#events = rtu.events === null ? null : new EventReader(rtu.events, points);
  }

  connect(): void {
    this.#loop ??= this.#run();
  }

  health(): DriverHealth {
    const health = this.#health.snapshot();
    return {
      ...health,
      strays: health.strays + (this.#connection?.strays ?? 0),
      malformed: health.malformed + (this.#events?.malformed ?? 0),
      lostEvents: this.#events?.lost ?? 0,
      problem: this.#events?.problem ?? health.problem,
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#pause?.end();
    this.#connection?.destroy();
    await this.#loop;
    this.changes.complete();
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
      reason: `no connection: ${this.#reason}`,
    }));
  }

  #queue<Answer>(
    where: 'first' | 'last',
    run: (connection: ModbusConnection) => Promise<Answer>,
    abandoned: () => Answer,
  ): Promise<Answer> {
    if (!this.#up || this.#jobs.length >= MOST_JOBS) return Promise.resolve(abandoned());
    return new Promise((resolve, reject) => {
      const job: Job = {
        run: async (connection) => {
          await run(connection).then(resolve, reject);
        },
        abandon: () => resolve(abandoned()),
      };
      if (where === 'first') this.#jobs.unshift(job);
      else this.#jobs.push(job);
      this.#pause?.end();
    });
  }

  async #run(): Promise<void> {
    const { clock } = this.#dependencies;
    while (!this.#closing) {
      const { timeout_ms } = this.#place;
      const connection = await ModbusConnection.open(this.#place, clock, timeout_ms);
      if (typeof connection === 'string') {
        this.#health.errors += 1;
        this.#setDown(connection);
      } else {
        this.#connection = connection;
        this.#health.connections += 1;
        if (this.#closing) connection.destroy();
        else await this.#serve(connection);
        connection.destroy();
        this.#health.strays += connection.strays;
        this.#connection = null;
        this.#setDown(this.#reason === '' ? 'the peer closed the connection' : this.#reason);
      }
      if (!this.#closing) await this.#sleep(this.#backOff.next());
    }
  }

  /** Uses the connection until it ends. Reads everything first. */
  async #serve(connection: ModbusConnection): Promise<void> {
    const { clock, chance } = this.#dependencies;
    this.#reason = '';
    this.#clockMovedAt = clock.monotonic();
    void connection.ended.then(() => this.#pause?.end());
    await this.#readEverything(connection);
    if (!connection.isOpen) return;
    this.#up = true;
    const upAt = clock.monotonic();
    this.changes.next({ kind: 'link', up: true, reason: '' });
    // Devices of one gateway are not all asked in the same millisecond.
    const due = this.#plan.map(({ period_ms }) => {
      return clock.monotonic() + chance.between(period_ms / 2, period_ms);
    });
    while (connection.isOpen && !this.#closing) {
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
        await this.#sleep(1_000);
      } else if (now < dueAt) {
        await this.#sleep(dueAt - now);
      } else {
        const late = now - dueAt > pollClass.period_ms;
        if (late) this.#health.latePolls += 1;
        due[next] = late ? now + pollClass.period_ms : dueAt + pollClass.period_ms;
        await this.#readClass(connection, pollClass, 'periodic');
      }
    }
    this.#backOff.linkStood(clock.monotonic() - upAt);
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
    this.#watchClock(pollClass);
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
          this.changes.next({ kind: 'readings', cause: 'spontaneous', readings });
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
          this.#health.misread(`${what}: ${outcome.reason}`);
        }
        this.#lost(outcome.reason);
        return null;
      }
      this.#health.answered(clock, startedAt);
      block.data = outcome.kind === 'answer' ? outcome.value : [];
      if (outcome.kind === 'exception') {
        this.#health.errors += 1;
        this.#health.problem = `${block.table} ${block.first}, ${block.count} of them: Modbus exception ${outcome.code}`;
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
    const frozen = this.#clockStands();
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
    this.changes.next({ kind: 'readings', cause, readings });
  }

  /** Counts and names an answer that cannot be what its point list says. */
  #judge(planned: PlannedPoint, reading: PointReading | null): void {
    const { id, modbus } = planned.point;
    if (reading !== null && (reading.value !== null || !saysGood(planned))) return;
    const what = reading === null ? 'brought nothing' : `holds ${rawWords(planned)}`;
    this.#health.misread(`point ${id}: ${modbus?.table} ${modbus?.address} ${what}`);
  }

  #watchClock(pollClass: PollClass): void {
    if (pollClass.clock === null) return;
    const reading = timestamp(pollClass.clock);
    const { clock } = this.#dependencies;
    if (reading !== null) this.#health.skew_ms = reading - clock.now();
    if (reading !== null && reading === this.#clockReading) return;
    this.#clockReading = reading;
    this.#clockMovedAt = this.#dependencies.clock.monotonic();
  }

  #clockStands(): boolean {
    if (this.#place.clock === null) return false;
    return this.#dependencies.clock.monotonic() - this.#clockMovedAt > FROZEN_CLOCK_ms;
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
    if (refusals === null) return failed(`the position could not be read back: ${this.#reason}`);
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
      this.#health.errors += 1;
      return `Modbus exception ${outcome.code}`;
    }
    this.#lost(outcome.reason);
    return outcome.reason;
  }

  #lost(reason: string): void {
    this.#health.errors += 1;
    this.#setDown(reason);
  }

  #setDown(reason: string): void {
    const changed = this.#up || this.#reason !== reason;
    this.#up = false;
    this.#reason = reason;
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const job of jobs) job.abandon();
    if (changed) this.changes.next({ kind: 'link', up: false, reason });
  }

  async #sleep(ms: number): Promise<void> {
    this.#pause = wait(this.#dependencies.clock, ms);
    await this.#pause.done;
    this.#pause = null;
  }
}
