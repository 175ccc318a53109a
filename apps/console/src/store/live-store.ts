import type {
  AlarmView,
  ApprovalView,
  CommandView,
  Delta,
  EarthFaultView,
  EarthView,
  EnteredView,
  EventView,
  FeederView,
  IncidentView,
  LinkHealth,
  MeasurementView,
  ScopeMode,
  SectionView,
  SheddingListView,
  Snapshot,
  SummaryView,
  SwitchView,
  TagView,
} from '@relight/contract';

/** How much we may believe of what is shown. */
export type LinkStatus = 'connecting' | 'live' | 'lost';

/** The live picture, as the server last told it. */
export interface LiveState {
  readonly status: LinkStatus;
  /** Server time of the last word heard, and our own clock at that moment; null before the first. */
  readonly heard: { readonly server_ms: number; readonly local_ms: number } | null;
  readonly sequence: number;
  readonly user: string;
  readonly simulation: boolean;
  readonly switches: ReadonlyMap<string, SwitchView>;
  /** By `equipment signal`. */
  readonly measurements: ReadonlyMap<string, MeasurementView>;
  readonly sections: ReadonlyMap<string, SectionView>;
  readonly feeders: ReadonlyMap<string, FeederView>;
  readonly incidents: ReadonlyMap<string, IncidentView>;
  readonly alarms: ReadonlyMap<string, AlarmView>;
  /** Newest last; no more than MOST_EVENTS. */
  readonly events: readonly EventView[];
  readonly commands: ReadonlyMap<string, CommandView>;
  readonly links: ReadonlyMap<string, LinkHealth>;
  /** Tags and earths that stand. */
  readonly tags: ReadonlyMap<string, TagView>;
  readonly earths: ReadonlyMap<string, EarthView>;
  /** Positions people entered, by device. */
  readonly entered: ReadonlyMap<string, EnteredView>;
  readonly approvals: ReadonlyMap<string, ApprovalView>;
  /** Earth faults of networks that run on with one, those that are over included. */
  readonly earthFaults: ReadonlyMap<string, EarthFaultView>;
  readonly sheddingLists: ReadonlyMap<string, SheddingListView>;
  /** Modes set wider or narrower than a feeder; what is not here is automatic. */
  readonly modes: ReadonlyMap<string, ScopeMode>;
  readonly summary: SummaryView | null;
  /** False where the server says that its alarms do not work. */
  readonly alarmsWork: boolean;
  /** Its heartbeat has not been heard for longer than it may be silent, although it answers. */
  readonly silent: boolean;
}

const MOST_EVENTS = 20_000;

const EMPTY: LiveState = {
  status: 'connecting',
  heard: null,
  sequence: -1,
  user: '',
  simulation: false,
  switches: new Map(),
  measurements: new Map(),
  sections: new Map(),
  feeders: new Map(),
  incidents: new Map(),
  alarms: new Map(),
  events: [],
  commands: new Map(),
  links: new Map(),
  tags: new Map(),
  earths: new Map(),
  entered: new Map(),
  approvals: new Map(),
  earthFaults: new Map(),
  sheddingLists: new Map(),
  modes: new Map(),
  summary: null,
  alarmsWork: true,
  silent: false,
};

function keyed<T>(rows: readonly T[], key: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [key(row), row]));
}

/** The old map itself where nothing changed, so that readers can compare by identity. */
function upserted<T>(
  old: ReadonlyMap<string, T>,
  rows: readonly T[] | undefined,
  key: (row: T) => string,
): ReadonlyMap<string, T> {
  if (rows === undefined || rows.length === 0) return old;
  const next = new Map(old);
  for (const row of rows) next.set(key(row), row);
  return next;
}

/** Without what has been taken away; the old map itself where nothing was. */
function standing<T extends { readonly removedAt_ms: number | null }>(
  rows: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  if (![...rows.values()].some(({ removedAt_ms }) => removedAt_ms !== null)) return rows;
  return new Map([...rows].filter(([, { removedAt_ms }]) => removedAt_ms === null));
}

const id = (row: { readonly id: string }): string => row.id;
const ofEquipment = (row: MeasurementView): string => `${row.equipment} ${row.signal}`;
const rtu = (row: LinkHealth): string => row.rtu;

/** The state a snapshot stands for. */
export function fromSnapshot(snapshot: Snapshot, local_ms: number): LiveState {
  return {
    status: 'live',
    heard: { server_ms: snapshot.serverTime_ms, local_ms },
    sequence: snapshot.sequence,
    user: snapshot.user,
    simulation: snapshot.simulation,
    switches: keyed(snapshot.switches, id),
    measurements: keyed(snapshot.measurements, ofEquipment),
    sections: keyed(snapshot.sections, id),
    feeders: keyed(snapshot.feeders, id),
    incidents: keyed(snapshot.incidents, id),
    alarms: keyed(snapshot.alarms, id),
    events: [...snapshot.events].sort((a, b) => a.sequence - b.sequence).slice(-MOST_EVENTS),
    commands: keyed(snapshot.commands, id),
    links: keyed(snapshot.links, rtu),
    tags: keyed(snapshot.tags, id),
    earths: keyed(snapshot.earths, id),
    entered: keyed(snapshot.entered ?? [], id),
    approvals: keyed(snapshot.approvals, id),
    earthFaults: keyed(snapshot.earthFaults ?? [], id),
    sheddingLists: keyed(snapshot.sheddingLists, id),
    modes: keyed(snapshot.modes, id),
    summary: snapshot.summary,
    alarmsWork: true,
    silent: false,
  };
}

/** The state after a delta; null where its number shows that one before it is missing. */
export function withDelta(state: LiveState, delta: Delta, local_ms: number): LiveState | null {
  if (delta.sequence !== state.sequence + 1) return null;
  return {
    ...state,
    status: 'live',
    heard: { server_ms: delta.serverTime_ms, local_ms },
    sequence: delta.sequence,
    switches: upserted(state.switches, delta.switches, id),
    measurements: upserted(state.measurements, delta.measurements, ofEquipment),
    sections: upserted(state.sections, delta.sections, id),
    feeders: upserted(state.feeders, delta.feeders, id),
    incidents: upserted(state.incidents, delta.incidents, id),
    alarms: upserted(state.alarms, delta.alarms, id),
    events:
      delta.events === undefined || delta.events.length === 0
        ? state.events
        : [...state.events, ...delta.events].slice(-MOST_EVENTS),
    commands: upserted(state.commands, delta.commands, id),
    links: upserted(state.links, delta.links, rtu),
    tags: standing(upserted(state.tags, delta.tags, id)),
    earths: standing(upserted(state.earths, delta.earths, id)),
    entered: standing(upserted(state.entered, delta.entered, id)),
    approvals: upserted(state.approvals, delta.approvals, id),
    earthFaults: upserted(state.earthFaults, delta.earthFaults, id),
    sheddingLists: upserted(state.sheddingLists, delta.sheddingLists, id),
    modes: upserted(state.modes, delta.modes, id),
    summary: delta.summary ?? state.summary,
  };
}

/** Holds the live picture outside React; readers subscribe and compare parts by identity. */
export class LiveStore {
  #state: LiveState = EMPTY;
  readonly #listeners = new Set<() => void>();

  get = (): LiveState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** The picture stays, but is marked as no longer current. */
  lose(): void {
    if (this.#state.status !== 'lost') this.set({ ...this.#state, status: 'lost' });
  }

  /** Server time now, by the last word heard and our own clock; it stands still while the server is lost. */
  serverNow_ms(): number | null {
    const { heard, status } = this.#state;
    if (heard === null) return null;
    return status === 'lost' ? heard.server_ms : heard.server_ms + (Date.now() - heard.local_ms);
  }
}
