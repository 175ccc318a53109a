import type {
  Actor,
  ControlOrder,
  GatewayMessage,
  GatewayRequest,
  InputEvent,
  InputRecord,
  JournalRecord,
  OperatorRequest,
} from '@relight/contract';
import type { Clock, Instant } from '@relight/foundation';
import {
  step,
  type Engine,
  type OperationsState,
  type RequestReply,
  type ViewChanges,
} from '@relight/operations';
import type { EarlierRuns } from './carried-over.ts';
import type { SecondOpinion } from './second-opinion.ts';

/** Decisions after which a checkpoint is written: what a start reads, some hundredths of a second. */
const CHECKPOINT_EVERY = 5_000;

/** How often at most the monitor is asked what it holds beyond the record, ms. */
const HOLDS_EVERY_ms = 1_000;

/** Where inputs and decisions are kept; `append` returns at once, durability is reported later. */
export interface JournalPort {
  append(batch: {
    readonly inputs: readonly InputRecord[];
    readonly journal: readonly JournalRecord[];
  }): void;
}

export interface CycleParts {
  readonly engine: Engine;
  readonly state: OperationsState;
  readonly clock: Clock;
  readonly journal: JournalPort;
  /** Knows what all earlier runs left, and goes on with this one for its checkpoints. */
  readonly earlierRuns: EarlierRuns;
  readonly toGateway: (request: GatewayRequest) => void;
  readonly secondOpinion: SecondOpinion;
  /** What a step changed, and how long it took, ms. */
  readonly show: (changes: ViewChanges, took_ms: number) => void;
  /** Something in our own code broke: commands have stopped already. */
  readonly broken: (cause: unknown) => void;
}

/**
 * The cycle: what happened is queued, numbered when it is taken out of the queue, folded by
 * `step`, journalled, and only then acted upon. Nothing is decided inside a network callback.
 */
export class Cycle {
  readonly #parts: CycleParts;
  #queue: InputEvent[] = [];
  #scheduled = false;
  #sequence = 0;
  #stopped = false;
  #requestNumber = 0;
  #sinceCheckpoint = 0;
  /** What the monitor held beyond the record when that was last put on record. */
  #holds: readonly string[] = [];
  /** Monotonic time from which it may be asked again. */
  #holdsDue_ms = 0;
  /** Something has been put on record since. */
  #holdsMayDiffer = false;
  #unbookDeadline: (() => void) | null = null;
  readonly #waiting = new Map<string, (reply: RequestReply) => void>();
  /** Monotonic time of the last finished turn, for /health. */
  lastTurn_ms: number;

  constructor(parts: CycleParts) {
    this.#parts = parts;
    this.lastTurn_ms = parts.clock.monotonic();
  }

  /** Queues an event; it is decided upon in the next turn. */
  receive(event: InputEvent): void {
    if (this.#stopped) return;
    this.#queue.push(event);
    this.#schedule();
  }

  /** Translates what the gateway says into events. */
  fromGateway(message: GatewayMessage): void {
    switch (message.type) {
      case 'telemetry':
        return this.receive({ kind: 'telemetry', updates: message.updates });
      case 'links':
        return this.receive({ kind: 'links', links: message.links });
      case 'controlReport':
        return this.receive({ kind: 'controlReport', report: message.report });
      case 'integrityDone':
        return this.receive({
          kind: 'integrityDone',
          requestId: message.requestId,
          rtu: message.rtu,
          ok: message.ok,
        });
      case 'ready':
      case 'figures':
      case 'stopped':
        return undefined;
    }
  }

  /** Asks on behalf of a person and waits for the fold's answer. */
  request(actor: Actor, body: OperatorRequest): Promise<RequestReply> {
    this.#requestNumber += 1;
    const requestId = `R${this.#requestNumber}`;
    if (this.#stopped) return Promise.resolve(unanswered(requestId));
    return new Promise((resolve) => {
      this.#waiting.set(requestId, resolve);
      this.receive({ kind: 'request', requestId, by: actor.user, actor, body });
    });
  }

  /** Resolves once what has been received so far is decided upon. */
  finish(): Promise<void> {
    this.#schedule();
    return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }

  /** No order leaves after this, and whoever still waits for an answer hears that none will come. */
  stop(): void {
    this.#stopped = true;
    this.#unbookDeadline?.();
    for (const [requestId, resolve] of this.#waiting) resolve(unanswered(requestId));
    this.#waiting.clear();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      // Stopped since it was booked: what is queued is decided by nobody any more.
      if (this.#stopped) return;
      try {
        this.#turn();
      } catch (cause) {
        this.stop(); // Commands stop first; the report comes second.
        this.#parts.broken(cause);
      }
    });
  }

  #turn(): void {
    const { clock, engine, state, journal, show, secondOpinion, toGateway } = this.#parts;
    const events = this.#queue;
    this.#queue = [];
    const inputs: InputRecord[] = [];
    const decisions: JournalRecord[] = [];
    const orders: ControlOrder[] = [];
    const polls: { requestId: string; rtus: readonly string[] }[] = [];
    const replies: RequestReply[] = [];
    let deadline_ms: number | null = null;
    for (const event of events) {
      const record: InputRecord = {
        sequence: this.#sequence,
        at_ms: clock.now(),
        monotonic_ms: clock.monotonic(),
        event,
      };
      this.#sequence += 1;
      inputs.push(record);
      if (event.kind === 'start' && event.carriedOver !== undefined) {
        secondOpinion.carryOver(event.carriedOver, record.at_ms, record.monotonic_ms);
        // The last word on record, which it is until there is another.
        this.#holds = event.carriedOver.monitorHolds ?? [];
      }
      if (event.kind === 'telemetry') secondOpinion.read(event.updates, record.monotonic_ms);
      const before_ms = clock.monotonic();
      const result = step(engine, state, record);
      const took_ms = clock.monotonic() - before_ms;
      decisions.push(...result.journal);
      orders.push(...result.orders);
      polls.push(...result.integrityPolls);
      replies.push(...result.replies);
      secondOpinion.note(result.journal, record.monotonic_ms);
      show(result.changes, took_ms);
      deadline_ms = result.deadline_ms;
    }
    journal.append({ inputs, journal: decisions });
    this.#remember(decisions);
    if (decisions.length > 0) this.#holdsMayDiffer = true;
    this.#noteHolds();
    for (const order of orders) this.#send(order);
    for (const poll of polls) {
      toGateway({ type: 'integrityPoll', requestId: poll.requestId, rtus: [...poll.rtus] });
    }
    for (const reply of replies) {
      this.#waiting.get(reply.requestId)?.(reply);
      this.#waiting.delete(reply.requestId);
    }
    this.#book(deadline_ms);
    this.lastTurn_ms = clock.monotonic();
  }

  /** Follows the journal, and writes down now and then what a next run has to know of it. */
  #remember(decisions: readonly JournalRecord[]): void {
    const { earlierRuns } = this.#parts;
    for (const record of decisions) earlierRuns.take(record);
    this.#sinceCheckpoint += decisions.length;
    const upTo = decisions.at(-1)?.sequence;
    if (upTo === undefined || this.#sinceCheckpoint < CHECKPOINT_EVERY) return;
    this.#sinceCheckpoint = 0;
    this.receive({ kind: 'checkpoint', upTo, carriedOver: earlierRuns.left() });
  }

  /** What the monitor alone holds dead is put on record, so that it outlives this process. */
  #noteHolds(): void {
    const { clock, secondOpinion } = this.#parts;
    const now_ms = clock.monotonic();
    // What it held falls away by time too: a part that stands live has no fault.
    const mayDiffer = this.#holdsMayDiffer || this.#holds.length > 0;
    if (!mayDiffer || now_ms < this.#holdsDue_ms) return;
    this.#holdsMayDiffer = false;
    this.#holdsDue_ms = now_ms + HOLDS_EVERY_ms;
    const holds = secondOpinion.heldBeyondRecord(now_ms);
    const same =
      holds.length === this.#holds.length && holds.every((id, at) => id === this.#holds[at]);
    if (same) return;
    this.#holds = holds;
    this.receive({ kind: 'monitorHolds', sections: [...holds] });
  }

  /** The independent monitor has the last word, in the same turn as the sending. */
  #send(order: ControlOrder): void {
    const { clock, secondOpinion, toGateway } = this.#parts;
    const reasons =
      order.phase === 'cancel' ? null : secondOpinion.against(order, clock.monotonic());
    if (reasons === null) {
      toGateway({ type: 'control', order });
      return;
    }
    this.receive({
      kind: 'controlReport',
      report: {
        commandId: order.commandId,
        phase: order.phase,
        outcome: 'refused',
        refusedBy: 'monitor',
        reason: `independent monitor: ${reasons.map((reason) => reason.en).join('; ')}`,
        text: {
          vi: `bộ giám sát độc lập: ${reasons.map((reason) => reason.vi).join('; ')}`,
          en: `independent monitor: ${reasons.map((reason) => reason.en).join('; ')}`,
        },
        at_ms: clock.now(),
      },
    });
  }

  #book(deadline_ms: number | null): void {
    this.#unbookDeadline?.();
    this.#unbookDeadline =
      deadline_ms === null
        ? null
        : this.#parts.clock.at(deadline_ms as Instant, () => this.receive({ kind: 'deadline' }));
  }
}

/** What became of it is in the journal, or nothing did: its key tells, asked again. */
function unanswered(requestId: string): RequestReply {
  const message = 'the control centre stops: ask again with the same idempotency key';
  const text = {
    vi: 'trung tâm điều khiển đang dừng: hỏi lại với cùng khóa yêu cầu',
    en: message,
  };
  return { requestId, status: 503, error: { code: 'RL-080', message, text } };
}
