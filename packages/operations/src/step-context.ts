import type {
  Bilingual,
  ControlOrder,
  EarthView,
  EnteredView,
  EventView,
  InputRecord,
  JournalRecord,
  Quality,
  TagView,
} from '@relight/contract';
import type { Engine } from './engine.ts';
import { engineOf } from './normal-state/effective-engine.ts';
import type { OperationsState } from './state.ts';
import type { RequestReply } from './step-result.ts';

/** Switch that changed from one good position to another in this step. */
export interface Movement {
  readonly switchIndex: number;
  readonly to: number;
  /** Wall time by its source, else by receipt. */
  readonly at_ms: number;
}

/** What one step has decided so far. Lives for one step only. */
export interface StepContext {
  /** With the normal state that is in force; see `engineOf`. */
  readonly engine: Engine;
  /** With the normal state of the grid file. */
  readonly fileEngine: Engine;
  readonly state: OperationsState;
  /** Number of the input record. */
  readonly input: number;
  /** Wall time, for records only. */
  readonly at_ms: number;
  /** The time every deadline counts on. */
  readonly now_ms: number;
  readonly journal: JournalRecord[];
  readonly orders: ControlOrder[];
  readonly polls: { requestId: string; rtus: readonly string[] }[];
  readonly replies: RequestReply[];
  readonly movements: Movement[];
  /** Switches whose trip signal came up in this step. */
  readonly tripSignals: number[];
  /** Load-shedding signals read in this step, in their order. */
  readonly sheddingSignals: { readonly point: number; readonly isOn: boolean }[];
  /** Switches of which something was read that may show an older trip. */
  readonly firstSeen: number[];
  /** Alarms that began to ring in this step, by id. */
  readonly ringing: Set<string>;
  /** Sections that were dead when they were first seen, in this step. */
  readonly foundDead: number[];
  /** A meter or voltage detector was read in this step. */
  supplyRead: boolean;
  positionsChanged: boolean;
  /** A position or a link changed in this step. */
  pictureChanged: boolean;
  /** Earliest monotonic time something wants to be woken. */
  deadline_ms: number | null;
  readonly touched: Touched;
}

/** What the console has to hear about. */
export interface Touched {
  readonly points: Set<number>;
  readonly switches: Set<number>;
  readonly sections: Set<number>;
  readonly feeders: Set<number>;
  readonly incidents: Set<string>;
  readonly earthFaults: Set<string>;
  readonly alarms: Set<string>;
  readonly commands: Set<string>;
  readonly links: Set<number>;
  readonly tags: Set<string>;
  readonly removedTags: TagView[];
  readonly earths: Set<string>;
  readonly removedEarths: EarthView[];
  /** Devices whose entered position changed. */
  readonly entered: Set<string>;
  readonly removedEntered: EnteredView[];
  readonly approvals: Set<string>;
  readonly sheddingLists: Set<string>;
  readonly modes: Set<string>;
  readonly events: EventView[];
  summary: boolean;
}

export function openContext(
  fileEngine: Engine,
  state: OperationsState,
  record: InputRecord,
): StepContext {
  return {
    get engine() {
      return engineOf(fileEngine, state);
    },
    fileEngine,
    state,
    input: record.sequence,
    at_ms: record.at_ms,
    now_ms: record.monotonic_ms,
    journal: [],
    orders: [],
    polls: [],
    replies: [],
    movements: [],
    tripSignals: [],
    sheddingSignals: [],
    firstSeen: [],
    ringing: new Set(),
    foundDead: [],
    supplyRead: false,
    positionsChanged: false,
    pictureChanged: false,
    deadline_ms: null,
    touched: {
      points: new Set(),
      switches: new Set(),
      sections: new Set(),
      feeders: new Set(),
      incidents: new Set(),
      earthFaults: new Set(),
      alarms: new Set(),
      commands: new Set(),
      links: new Set(),
      tags: new Set(),
      removedTags: [],
      earths: new Set(),
      removedEarths: [],
      entered: new Set(),
      removedEntered: [],
      approvals: new Set(),
      sheddingLists: new Set(),
      modes: new Set(),
      events: [],
      summary: false,
    },
  };
}

/** Asks to be woken at a monotonic time; the earliest wish counts. */
export function wakeAt(context: StepContext, at_ms: number): void {
  if (context.deadline_ms === null || at_ms < context.deadline_ms) context.deadline_ms = at_ms;
}

/** Adds a journal record and returns its sequence. */
export function record(
  context: StepContext,
  kind: JournalRecord['kind'],
  by: string,
  about: string | null,
  body: Record<string, unknown>,
): number {
  context.state.journalSequence += 1;
  context.journal.push({
    sequence: context.state.journalSequence,
    at_ms: context.at_ms,
    input: context.input,
    kind,
    by,
    about,
    body,
  });
  return context.state.journalSequence;
}

/** Requests for readings remembered; an answer to an older one is no proof of when it was made. */
const READINGS_KEPT = 200;

/** Asks the gateway for a fresh reading of the RTUs, given by id. */
export function requestReading(
  context: StepContext,
  rtus: readonly string[],
): { readonly requestId: string; readonly rtus: string[] } {
  const requestId = `poll-${context.state.run}-${context.state.nextPoll}`;
  context.state.nextPoll += 1;
  const { askedReadings } = context.state;
  askedReadings.set(requestId, context.now_ms);
  for (const old of askedReadings.keys()) {
    if (askedReadings.size <= READINGS_KEPT) break;
    askedReadings.delete(old);
  }
  const sorted = rtus.toSorted();
  context.polls.push({ requestId, rtus: sorted });
  return { requestId, rtus: sorted.slice() };
}

const EVENTS_KEPT = 500;

/** Adds a line to the sequence of events. */
export function addEvent(
  context: StepContext,
  event: {
    readonly equipment: string;
    readonly text: Bilingual;
    readonly sourceTime_ms?: number | null;
    readonly receiveTime_ms?: number;
    readonly quality?: Quality;
  },
): void {
  const { state } = context;
  const view: EventView = {
    id: `E${state.nextEvent}`,
    sequence: state.nextEvent,
    sourceTime_ms: event.sourceTime_ms ?? null,
    receiveTime_ms: event.receiveTime_ms ?? context.at_ms,
    equipment: event.equipment,
    text: event.text,
    quality: event.quality ?? 'good',
  };
  state.nextEvent += 1;
  state.events.push(view);
  if (state.events.length > EVENTS_KEPT) state.events.shift();
  context.touched.events.push(view);
}
