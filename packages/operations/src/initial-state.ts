import type { CoreConfiguration } from '@relight/contract';
import { CLOSED, energise, OPEN, UNKNOWN } from '@relight/topology';
import type { Engine } from './engine.ts';
import type { OperationsState } from './state.ts';

/** A state before anything was read: every position unknown, nothing live. */
export function initialState(engine: Engine, configuration: CoreConfiguration): OperationsState {
  const positions = engine.normalPositions.slice();
  engine.grid.switches.forEach((_, index) => {
    // A switch without telemetry keeps the position the dispatcher's diagram gives it.
    if (engine.switchPoints[index]?.position !== undefined) positions[index] = UNKNOWN;
  });
  const energisation = energise(engine.network, positions);
  return {
    configuration,
    run: '0',
    points: engine.points.map(() => ({
      value: null,
      quality: 'notTopical',
      sourceTime_ms: null,
      receiveTime_ms: 0,
      sequence: -1,
      confirmed_ms: null,
      changedAt_ms: null,
    })),
    rtus: engine.rtus.map((rtu) => ({
      link: {
        rtu: rtu.id,
        state: 'connecting',
        since_ms: 0,
        roundTrip_ms: null,
        lastSuccess_ms: null,
        errors: 0,
        reconnects: 0,
      },
      read_ms: null,
      asked_ms: null,
    })),
    positions,
    lastGood: positions.slice(),
    energisation,
    topologyRevision: 0,
    sections: engine.sections.map((info) => ({
      condition: 'unknown',
      feeder: info.normalFeeder,
      deadSince_ms: null,
      restoredAt_ms: null,
      dead_ms: null,
      inLoop: false,
      seen: false,
    })),
    feeders: engine.grid.feeders.map((feeder) => ({
      mode: feeder.mode,
      out: null,
      shedding: [],
      sample: null,
      changed_ms: 0,
    })),
    loadScale: new Float64Array(engine.grid.loads.length).fill(1),
    forecast: null,
    pendingOpens: [],
    foundTripped: [],
    leftOpen: new Set(),
    lostSupply: new Map(),
    foundDead: [],
    earthFaults: [],
    nextEarthFault: 1,
    incidents: [],
    commands: new Map(),
    activeCommands: [],
    requests: new Map(),
    alarms: new Map(),
    alarmKeys: new Map(),
    alarmLoad: { rang_ms: [], floodSince_ms: null },
    linkLosses: [],
    controlLock: null,
    events: [],
    manual: new Map(),
    tags: new Map(),
    earths: new Map(),
    adopted: [],
    joints: new Map(),
    confirmed: [],
    earthing: Uint8Array.from(engine.grid.groundDisconnectors, (earth, index) =>
      engine.earthingPoints[index] === -1 ? (earth.closed ? CLOSED : OPEN) : UNKNOWN,
    ),
    lostHolds: new Map(),
    entered: new Map(),
    enteredUntil: new Map(),
    doubtful: new Set(),
    approvals: new Map(),
    sheddingLists: new Map(),
    modes: new Map(),
    opens: [],
    parallels: new Map(),
    heldAlarms: [],
    leaving: [],
    heldReplies: [],
    nextTag: 1,
    nextEarth: 1,
    nextApproval: 1,
    nextSheddingList: 1,
    nextCommand: 1,
    nextIncident: 1,
    nextAlarm: 1,
    nextEvent: 1,
    nextPoll: 1,
    askedReadings: new Map(),
    journalSequence: 0,
    durable: 0,
    journalFailure: null,
  };
}
