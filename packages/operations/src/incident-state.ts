import type {
  Bilingual,
  EvidenceView,
  IncidentState,
  Plan,
  PointValue,
  RepairView,
  StepState,
} from '@relight/contract';
import type { FaultLocation } from '@relight/flisr';
import type { Positions } from '@relight/topology';
import type { DeclaredTrial } from './declared-trial.ts';
import type { Person } from './people.ts';

/** One protective device that opened by itself, from its first opening on. */
export interface Trip {
  readonly switchIndex: number;
  /** open: dead time or waiting for lockout · reclosed: closed again, not yet proved to hold. */
  phase: 'open' | 'reclosed' | 'lockedOut' | 'held';
  /** Monotonic time of the last change of phase. */
  since_ms: number;
  /** Wall time of the first opening, by its source where it gave one. */
  readonly firstAt_ms: number;
  /** Wall time of the lockout; null before. */
  lockedOutAt_ms: number | null;
  /** What its protection reported while it was open; kept when a close resets the relay. */
  said: TripReport[];
  /** Its fault had been located before another trip came: it is no evidence for that one. */
  settled: boolean;
  /** The device has been closed since: what it says of a trip from then on is another one. */
  over: boolean;
  /** Unit protection opened it: the fault lies in the equipment it guards, not beyond it. */
  unit: boolean;
}

/** One report of a tripped device's protection. */
export interface TripReport {
  readonly point: number;
  readonly at_ms: number;
  readonly value: PointValue;
  readonly quality: 'good' | 'stale' | 'invalid';
}

/** What one indicator said about this fault; null: no evidence (stale, invalid, too old). */
export interface Indication {
  readonly value: PointValue | null;
  readonly at_ms: number;
}

/** The way back to the normal state that a person has asked for. */
export interface WayBack {
  /** As it is shown. */
  readonly by: string;
  readonly reason: string;
  readonly at_ms: number;
  readonly mayInterrupt: boolean;
  /** Switches that were to move back when it was last planned, ascending. */
  switches: readonly number[];
}

/** The plan an incident follows, with its references resolved. */
export interface IncidentPlan {
  readonly document: Plan;
  /** Switch index of each step. */
  readonly switches: readonly number[];
  readonly staysDark: readonly { readonly section: number; readonly why: Bilingual }[];
  /** Feeder indices. */
  readonly helpingFeeders: readonly number[];
  /** Devices that carry a close and have their reclosing off meanwhile, by switch index. */
  readonly reclosingOff: readonly number[];
  /** Whether it was made with a forecast, and why not. */
  readonly forecast: NonNullable<RepairView['forecast']>;
}

export interface StepProgress {
  state: StepState;
  at_ms: number | null;
  reason: Bilingual | null;
}

/** A protective device tripped upon a close of the plan, and what is done about it. */
export interface GuardTrip {
  /** Switch that the plan had just closed. */
  readonly closed: number;
  /** Protective device through which it was supplied: with it the helping feeder is dark. */
  readonly tripped: number;
  /** Sections that the close had made live, ascending. */
  readonly transferred: readonly number[];
  /** The plan went by itself, and this is the first such trip of the incident. */
  readonly automatic: boolean;
  /** What the incident tells of it, among `mustAsk`: no reason against restoring the helper. */
  readonly told: Bilingual[];
  /**
   * opening: the switch is to be opened again · opened: it is confirmed open · restored: the helper
   * is back · asks: a person decides.
   */
  phase: 'opening' | 'opened' | 'restored' | 'asks';
  /** The switch has been opened again and was confirmed open, whatever came later. */
  opened: boolean;
  /** The fault lies in what was transferred, by the evidence as it is now. */
  cameWithClose: boolean;
  /** Command that opens the switch; null: not sent. */
  command: string | null;
  /** Monotonic time of the last reading asked for, to see whether its line is dead. */
  asked_ms: number | null;
}

/** Where the carrying out of a plan stands; see STATE-MACHINE.md. */
export interface PlanProgress {
  steps: StepProgress[];
  /** Index of the step at work or next. */
  at: number;
  /** Steps up to here (count) a person or the mode has released. */
  released: number;
  /** Command in flight for a step or for a reclosing device. */
  command: string | null;
  /** Monotonic end of the guard time after the last close; null when none runs. */
  guardUntil_ms: number | null;
  /** Monotonic time until which the last open has to stand before the next step; null: none has. */
  standUntil_ms: number | null;
  /** Switch whose close the guard time watches. */
  guarded: number | null;
}

export interface Incident {
  readonly id: string;
  state: IncidentState;
  trips: Trip[];
  /** Feeders that lost supply, ascending. */
  feeders: number[];
  readonly openedAt_ms: number;
  closedAt_ms: number | null;
  /** Monotonic time from which the outage counts (cold load). */
  readonly opened_ms: number;
  /** State before the first trip. */
  readonly before: Positions;
  /** State before a trip that came after the plan had moved something; null: none did. */
  beforeLast: Positions | null;
  /** Loads that were live before and dark after the trip, ascending. */
  outLoads: number[];
  /** Sections that were live before and dead after the trip, ascending. */
  outSections: number[];
  /** Fresh reading asked for at lockout, and the RTUs that still owe their answer. */
  poll: { readonly requestId: string; readonly rtus: string[] } | null;
  /** Monotonic end of the evidence window; null outside it. */
  windowUntil_ms: number | null;
  location: FaultLocation | null;
  /** Sections an earlier location put the fault in, before another trip: they stay dead. */
  located: number[];
  /** Sections unit protection condemned: never energised until lifted, ascending. */
  condemned: number[];
  /** What the location was computed from; a different text means new evidence. */
  locatedFrom: string;
  /** Last reading of each indicator that counts as evidence, by point index. */
  indications: Map<number, Indication>;
  evidence: EvidenceView[];
  plan: IncidentPlan | null;
  planVersion: number;
  planHash: string | null;
  /** Who has agreed to this plan for their own area only, while that of another is still to come. */
  agreed: { readonly person: Person; readonly planHash: string | null }[];
  /** Monotonic time the plan was made. */
  planned_ms: number;
  /** Positions of the switches in the plan's scope when it was made. */
  scope: string;
  progress: PlanProgress | null;
  /** Why a person must release it, or why it stopped; for the screen. */
  reasons: Bilingual[];
  /** Reasons from what has happened; they stay for every later plan. */
  mustAsk: Bilingual[];
  /** Carries out its plan by itself. */
  automatic: boolean;
  /** Keys of what was told once. */
  told: string[];
  /** A person asked for the plan to wait. */
  held: boolean;
  /** Id of the incident whose plan must be done first; null: none. */
  waitsFor: string | null;
  /** Nothing that may still come changes that there is no plan (kind of trip, mode). */
  final: boolean;
  /** Switches its plans have moved or tried to move, by index. */
  moved: number[];
  /** Switches that did not obey, by index. */
  stuck: number[];
  /** Plans made by itself after a failure. */
  replans: number;
  /** The last trip upon a close of its plan; null: none. */
  guardTrip: GuardTrip | null;
  /** What went against the plan while it was carried out; null: nothing. */
  surprise: Bilingual | null;
  /** Devices whose reclosing this incident switched off and owes to switch on again. */
  reclosingOff: number[];
  /** Sections that a person declared repaired and clear, ascending. */
  liftedSections: number[];
  /** That is all of them: nothing is kept dead any more. */
  lifted: boolean;
  /** The last trial close a person declared; null: none. */
  trial: DeclaredTrial | null;
  /** Sets of sections that a trial close has energised, as keys: none is tried twice. */
  tried: string[];
  /** The way back that is under way, or has left something; null: nobody has asked, or it is over. */
  wayBack: WayBack | null;
  /** What the console knows of the way back, as one text. */
  wayBackShown: string;
  /** The journal says that its way back is owed. */
  wayBackOnRecord: boolean;
  /** Ids of the sections it keeps dead, as the journal has them. */
  keptOnRecord: readonly string[];
  /** When a person expects the repair to be done, monotonic and wall time; null: nobody said. */
  repair: {
    readonly until_ms: number;
    readonly dueAt_ms: number;
    readonly byName: string;
  } | null;
}

/** `SC-0007`: numbered through over all runs of one journal. */
export function incidentId(number: number): string {
  return `SC-${String(number).padStart(4, '0')}`;
}

/** A fresh incident, in which nothing has been found out yet. */
export function newIncident(
  known: Pick<Incident, 'id' | 'openedAt_ms' | 'opened_ms' | 'before'>,
): Incident {
  return {
    id: known.id,
    state: 'reclosing',
    trips: [],
    feeders: [],
    openedAt_ms: known.openedAt_ms,
    closedAt_ms: null,
    opened_ms: known.opened_ms,
    before: known.before,
    beforeLast: null,
    outLoads: [],
    outSections: [],
    poll: null,
    windowUntil_ms: null,
    location: null,
    located: [],
    condemned: [],
    locatedFrom: '',
    indications: new Map(),
    evidence: [],
    plan: null,
    planVersion: 0,
    planHash: null,
    agreed: [],
    planned_ms: 0,
    scope: '',
    progress: null,
    reasons: [],
    mustAsk: [],
    automatic: false,
    told: [],
    held: false,
    waitsFor: null,
    final: false,
    moved: [],
    stuck: [],
    replans: 0,
    guardTrip: null,
    surprise: null,
    reclosingOff: [],
    liftedSections: [],
    lifted: false,
    trial: null,
    tried: [],
    wayBack: null,
    wayBackShown: '',
    wayBackOnRecord: false,
    keptOnRecord: [],
    repair: null,
  };
}

/** No more work of the engine is outstanding. */
export function isClosed(incident: Incident): boolean {
  return incident.closedAt_ms !== null;
}
