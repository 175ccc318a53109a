import type {
  AdoptedPosition,
  AutomationMode,
  Bilingual,
  CommandView,
  ControlLockView,
  CoreConfiguration,
  EarthView,
  EnteredPosition,
  EventView,
  ForecastInForce,
  LinkHealth,
  PointValue,
  Quality,
  ScopeMode,
  SheddingListView,
  StandingEarth,
  StandingJoint,
  StandingTag,
  TagView,
} from '@relight/contract';
import type { Energisation, Positions } from '@relight/topology';
import type { Alarm } from './alarm.ts';
import type { Approval } from './approvals.ts';
import type { Command } from './command.ts';
import type { PortableEarth } from './earths.ts';
import type { EarthFault } from './earth-fault/earth-fault-state.ts';
import type { Incident } from './incident-state.ts';
import type { RequestReply } from './step-result.ts';
import type { Tag } from './tag.ts';

/** Last report of one point. */
export interface PointState {
  value: PointValue | null;
  quality: Quality;
  sourceTime_ms: number | null;
  receiveTime_ms: number;
  /** Sequence of the RTU; older ones are dropped. */
  sequence: number;
  /** Monotonic time of the last report that said good; null: none yet. */
  confirmed_ms: number | null;
  /** Wall time at which the value became what it is; null while it never changed before us. */
  changedAt_ms: number | null;
}

export interface RtuState {
  link: LinkHealth;
  /** Monotonic time of the last complete reading; null: none yet. */
  read_ms: number | null;
  /** Monotonic time at which the last complete reading that was answered had been asked for. */
  asked_ms: number | null;
}

/** An RTU that does not answer. */
export interface LinkLoss {
  readonly rtu: number;
  /** Monotonic time of the loss. */
  readonly lost_ms: number;
  /** Key of the alarm that speaks for all that were lost together. */
  group: string | null;
  /** The incident that had taken the supply from all its devices before. */
  readonly incident: string | null;
}

/** A switch that opened without a command of ours and has not yet said why. */
export interface PendingOpen {
  readonly switchIndex: number;
  readonly since_ms: number;
  readonly at_ms: number;
}

/** Power out of the station at a feeder's head. */
export interface HeadReading {
  readonly p_kW: number;
  /** Monotonic time of receipt. */
  readonly at_ms: number;
}

export interface FeederState {
  mode: AutomationMode;
  /** Why it is out of automatic and the key of the alarm whose acknowledgement ends that. */
  out: { readonly reason: Bilingual; readonly alarmKey: string } | null;
  /** Points whose load-shedding signal is on for it, ascending: no automation meanwhile. */
  shedding: number[];
  /** Newest reading at its head that has not been taken into the load estimate yet. */
  sample: HeadReading | null;
  /** Monotonic time at which what it supplies last changed. */
  changed_ms: number;
}

export type SectionCondition = 'live' | 'dead' | 'unknown';

export interface SectionState {
  condition: SectionCondition;
  feeder: number;
  deadSince_ms: number | null;
  restoredAt_ms: number | null;
  /** Monotonic time since which it is dead; null while it is not. */
  dead_ms: number | null;
  inLoop: boolean;
  /** It has been known to be live, or to be dead, at some time. */
  seen: boolean;
}

/** What an idempotency key stood for and what was answered. */
export interface RememberedRequest {
  /** SHA-256 of who asked for what. */
  readonly wish: string;
  /** Id of the command, tag, earth or list it made. */
  readonly made: string;
  /** How the command it made ended, once it is no longer among the commands. */
  command: CommandView | null;
}

/** A hold of an earlier run whose place the grid file no longer holds: only its record stands. */
export interface LostHold {
  readonly kind: 'tag' | 'earth';
  readonly standing: StandingTag | StandingEarth;
}

/** An answer that may be given only once the record it rests on is on disk. */
export interface HeldReply {
  readonly reply: RequestReply;
  readonly durableFrom: number;
  /**
   * Commands under way that what was asked for forbids: nobody may rely on a hold while one of them
   * may still move its device. Null: not looked at yet.
   */
  waitsFor: readonly string[] | null;
}

/**
 * The whole memory of the control centre. It is owned by `step`, which changes it in place;
 * nobody else writes to it, and a caller that needs an older one takes a `fork` first.
 */
export interface OperationsState {
  configuration: CoreConfiguration;
  /** Short mark of this run, part of every command id so that none is ever used twice. */
  run: string;
  points: PointState[];
  rtus: RtuState[];
  /** Present positions by switch index: OPEN, CLOSED, or UNKNOWN unless good. */
  positions: Positions;
  /** Last position that was good, by switch index. */
  lastGood: Positions;
  energisation: Energisation;
  /** Number of the input that last changed a position: a log folded up to it gives this topology. */
  topologyRevision: number;
  sections: SectionState[];
  feeders: FeederState[];
  /** Present share of each load's file value, by load index; dark loads keep their last. */
  loadScale: Float64Array;
  /** What plans know of load and generation ahead; null: nothing. Replaced as a whole. */
  forecast: ForecastInForce | null;
  pendingOpens: PendingOpen[];
  /** Devices that stand open and tripped without anybody having seen it happen. */
  foundTripped: { readonly switchIndex: number; readonly since_ms: number }[];
  /**
   * Switches that opened by themselves for another reason than a fault (load shedding, local,
   * undetermined): no plan moves them until somebody has closed them.
   */
  leftOpen: Set<number>;
  /** Silent devices that meters say have opened, and since when (monotonic), by switch. */
  lostSupply: Map<number, number>;
  /** Sections that were dead when first seen and have not been told of yet. */
  foundDead: { readonly section: number; readonly since_ms: number }[];
  earthFaults: EarthFault[];
  nextEarthFault: number;
  incidents: Incident[];
  commands: Map<string, Command>;
  /** Ids of commands that still wait for something, oldest first. */
  activeCommands: string[];
  requests: Map<string, RememberedRequest>;
  alarms: Map<string, Alarm>;
  /** Alarm id by key. */
  alarmKeys: Map<string, string>;
  /** Monotonic times at which alarms rang within the last ten minutes, oldest first. */
  alarmLoad: { rang_ms: number[]; floodSince_ms: number | null };
  linkLosses: LinkLoss[];
  /** Why nothing can be commanded, whoever asks; null: it can. */
  controlLock: ControlLockView | null;
  events: EventView[];
  /** Switches a person moved: out of automation until the alarm is acknowledged. */
  manual: Map<number, string>;
  /** Tags that stand, oldest first. */
  tags: Map<string, Tag>;
  /** Portable earths that people recorded, oldest first. */
  earths: Map<string, PortableEarth>;
  /** Normal positions that differ from the grid file, sorted by switch; replaced as a whole. */
  adopted: readonly AdoptedPosition[];
  /** Conductors that were joined, their phase order not confirmed, by the id of their section. */
  joints: Map<string, StandingJoint>;
  /** Confirmations whose record is not on disk yet: the joint still forbids. */
  confirmed: { readonly section: string; readonly durableFrom: number }[];
  /** Where each earthing switch stands: OPEN, CLOSED or UNKNOWN. */
  earthing: Uint8Array;
  /** By id: tags and earths that could not be kept. Two people take each off the record. */
  lostHolds: Map<string, LostHold>;
  /** Newest word of a person on each device that sends no position. */
  entered: Map<string, EnteredPosition>;
  /** Monotonic time until which each entered position counts. */
  enteredUntil: Map<string, number>;
  /** Devices whose entered position is too old: unknown until somebody confirms it. */
  doubtful: Set<string>;
  approvals: Map<string, Approval>;
  sheddingLists: Map<string, SheddingListView>;
  /** Modes set for the system, a substation or a device, by id. */
  modes: Map<string, ScopeMode>;
  /** Opens people asked for lately, for the bulk guard. */
  opens: { readonly user: string; readonly at_ms: number }[];
  /** Since when a switch closes a ring that is permitted for a while, monotonic, by its index. */
  parallels: Map<number, number>;
  /** Keys of the alarms of holds that are not kept, sorted. */
  heldAlarms: readonly string[];
  /** Tags and earths taken away whose record is not on disk yet: they still forbid. */
  leaving: {
    readonly tag: TagView | null;
    readonly earth: EarthView | null;
    readonly durableFrom: number;
  }[];
  heldReplies: HeldReply[];
  nextTag: number;
  nextEarth: number;
  nextApproval: number;
  nextSheddingList: number;
  nextCommand: number;
  nextIncident: number;
  nextAlarm: number;
  nextEvent: number;
  nextPoll: number;
  /** Monotonic time at which each of the last readings was asked for, by request. */
  askedReadings: Map<string, number>;
  /** Last journal sequence handed out, and the last one known to be on disk. */
  journalSequence: number;
  durable: number;
  journalFailure: string | null;
}
