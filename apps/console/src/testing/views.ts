import type { AlarmView, Snapshot } from '@relight/contract';

/** What the server says first of a grid in which nothing is. */
export function snapshotWith(change: Partial<Snapshot>): Snapshot {
  return {
    type: 'snapshot',
    protocol: 1,
    sequence: 7,
    serverTime_ms: 1_000,
    grid: 'demo-town',
    user: 'demo',
    simulation: true,
    switches: [],
    measurements: [],
    sections: [],
    feeders: [],
    incidents: [],
    alarms: [],
    events: [],
    commands: [],
    links: [],
    tags: [],
    earths: [],
    approvals: [],
    sheddingLists: [],
    modes: [],
    summary: {
      customers: 6000,
      customersOut: 0,
      incidentsOpen: 0,
      rtus: 2,
      rtusUp: 2,
      automation: 'automatic',
    },
    ...change,
  };
}

/** An alarm that nobody has acknowledged, of priority 2, on the device of its id. */
export function alarmWith(id: string, change: Partial<AlarmView> = {}): AlarmView {
  return {
    id,
    priority: 2,
    state: 'unacknowledged',
    raisedAt_ms: 1_000,
    equipment: id,
    place: { vi: '', en: '' },
    text: { vi: '', en: '' },
    incident: null,
    count: 1,
    acknowledgedBy: null,
    acknowledgedAt_ms: null,
    ...change,
  };
}
