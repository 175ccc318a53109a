import {
  canonicalJson,
  DEFAULT_CORE_CONFIGURATION,
  INPUT_FORMAT,
  type Actor,
  type CarriedOver,
  type ControlOrder,
  type CoreConfiguration,
  type IncidentView,
  type InputEvent,
  type InputRecord,
  type JournalRecord,
  type OperatorRequest,
  type PointListFile,
  type SwitchView,
} from '@relight/contract';
import type { Grid } from '@relight/grid';
import { createOperations, type Engine } from '../engine.ts';
import { initialState } from '../initial-state.ts';
import type { OperationsState } from '../state.ts';
import { step } from '../step.ts';
import type { RequestReply } from '../step-result.ts';
import { snapshotViews, type SnapshotViews } from '../views/snapshot.ts';

export const WALL_START_ms = 1_800_000_000_000;
const JOURNAL_ms = 10;
const ORDER_ms = 30;
const POLL_ms = 80;

interface Task {
  readonly due: number;
  readonly run: () => void;
}

/**
 * The shell of the fold on a simulated clock: numbers the records and keeps them, is the journal
 * whose writes take 10 ms, and hands orders and polls to the field below it.
 */
export abstract class ScriptedShell {
  readonly engine: Engine;
  readonly state: OperationsState;
  readonly configuration: CoreConfiguration;
  readonly records: InputRecord[] = [];
  readonly journal: JournalRecord[] = [];
  readonly orders: ControlOrder[] = [];
  readonly replies: RequestReply[] = [];
  readonly decisions: string[] = [];
  #tasks: Task[] = [];
  #now: number;
  #step_ms = 0;
  #sequence = 0;
  #deadline: number | null = null;

  constructor(
    parts: { readonly grid: Grid; readonly pointList: PointListFile },
    configuration: Partial<CoreConfiguration>,
    now_ms = 1_000,
  ) {
    this.#now = now_ms;
    this.configuration = { ...DEFAULT_CORE_CONFIGURATION, ...configuration };
    this.engine = createOperations(parts);
    this.state = initialState(this.engine, this.configuration);
  }

  protected start(carriedOver?: CarriedOver, restoredFrom_ms?: number): void {
    this.feed({
      kind: 'start',
      format: INPUT_FORMAT,
      grid: this.engine.grid.id,
      gridHash: 'g',
      pointsHash: 'p',
      configuration: this.configuration,
      ...(carriedOver === undefined ? {} : { carriedOver }),
      ...(restoredFrom_ms === undefined ? {} : { restoredFrom_ms }),
    });
  }

  protected abstract carryOut(order: ControlOrder): void;
  protected abstract answerPoll(requestId: string, rtu: string): void;

  get wall_ms(): number {
    return WALL_START_ms + this.#now + this.#step_ms;
  }

  /** Somebody sets the wall clock forward, or back; the clock that does not jump goes on. */
  stepWall(ms: number): void {
    this.#step_ms += ms;
  }

  get now(): number {
    return this.#now;
  }

  get views(): SnapshotViews {
    return snapshotViews(this.engine, this.state);
  }

  switchView(id: string): SwitchView {
    const view = this.views.switches.find((each) => each.id === id);
    if (view === undefined) throw new Error(`no switch ${id}`);
    return view;
  }

  get incident(): IncidentView {
    const incident = this.views.incidents.at(-1);
    if (incident === undefined) throw new Error('no incident');
    return incident;
  }

  /** Lets time pass; everything due on the way happens in its order. */
  run(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#tasks[0];
      const deadline = this.#deadline ?? Number.POSITIVE_INFINITY;
      if (Math.min(next?.due ?? Number.POSITIVE_INFINITY, deadline) > end) break;
      if (next !== undefined && next.due <= deadline) {
        this.#tasks.shift();
        this.#now = Math.max(this.#now, next.due);
        next.run();
      } else {
        this.#now = Math.max(this.#now, deadline);
        this.#deadline = null;
        this.feed({ kind: 'deadline' });
      }
    }
    this.#now = end;
  }

  /** The process stands still: time passes, and what was due is heard after the next event. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** Runs until the condition holds; fails loudly where it never does. */
  runUntil(condition: () => boolean, most_ms = 300_000, every_ms = 100): void {
    const end = this.#now + most_ms;
    while (!condition()) {
      if (this.#now >= end) throw new Error(`never came: ${condition.toString()}`);
      this.run(every_ms);
    }
  }

  /** Hands an event to the fold and carries out what it wants. */
  feed(event: InputEvent): void {
    const record: InputRecord = {
      sequence: this.#sequence,
      at_ms: this.wall_ms,
      monotonic_ms: this.#now,
      event,
    };
    this.#sequence += 1;
    this.records.push(structuredClone(record));
    const result = step(this.engine, this.state, record);
    this.decisions.push(
      canonicalJson({
        journal: result.journal,
        orders: result.orders,
        integrityPolls: result.integrityPolls,
      }),
    );
    this.journal.push(...result.journal);
    this.replies.push(...result.replies);
    this.#deadline = result.deadline_ms;
    const last = result.journal.at(-1)?.sequence;
    if (last !== undefined)
      this.in(JOURNAL_ms, () => this.feed({ kind: 'journalDurable', upTo: last }));
    for (const order of result.orders) {
      this.orders.push(order);
      this.in(ORDER_ms, () => this.carryOut(order));
    }
    for (const poll of result.integrityPolls) {
      for (const rtu of poll.rtus) this.in(POLL_ms, () => this.answerPoll(poll.requestId, rtu));
    }
  }

  /** Asks as a person does and gives the answer; with a session, as one who has logged in. */
  ask(body: OperatorRequest, by = 'An', session: string | null = null): RequestReply {
    const actor: Actor | null =
      session === null ? null : { user: by, name: by, session, roles: ['dispatcher'], areas: null };
    this.feed({
      kind: 'request',
      requestId: `R${this.#sequence}`,
      by,
      ...(actor === null ? {} : { actor }),
      body,
    });
    const reply = this.replies.at(-1);
    if (reply === undefined) throw new Error('no reply');
    return reply;
  }

  /** Asks as somebody who has logged in and waits for the answer, also one that waits for the disk. */
  askAs(actor: Actor, body: OperatorRequest): RequestReply {
    const requestId = `R${this.#sequence}`;
    this.feed({ kind: 'request', requestId, by: actor.user, actor, body });
    for (let waited = 0; waited <= 60_000; waited += 10) {
      const reply = this.replies.find((each) => each.requestId === requestId);
      if (reply !== undefined) return reply;
      this.run(10);
    }
    throw new Error(`no answer to ${body.type}`);
  }

  command(
    equipment: string,
    operation: 'open' | 'close',
    key = `key-${equipment}-${operation}`,
  ): RequestReply {
    return this.ask({ type: 'command', idempotencyKey: key, equipment, operation });
  }

  decide(decision: 'approveAll' | 'approveStep' | 'hold' | 'abort' | 'liftBlocks'): RequestReply {
    const { id, planVersion, planHash } = this.incident;
    return this.ask({ type: 'decide', incident: id, decision, planVersion, planHash });
  }

  /** Books something for later. */
  protected in(ms: number, run: () => void): void {
    this.#tasks.push({ due: this.#now + ms, run });
    this.#tasks.sort((a, b) => a.due - b.due);
  }
}
