import { assert, RandomStream } from '@relight/foundation';
import type { Grid } from '@relight/grid';
import { solveLoadFlow } from '@relight/powerflow';
import { compileNetwork, energise, normalPositions } from '@relight/topology';
import { loadsAt, REFERENCE_HOUR } from './day-load.ts';
import { fallBack, finishMoving } from './drives.ts';
import { settle, stepLoads } from './electrical.ts';
import { clearFault } from './faults.ts';
import { resetIndicators } from './indicators.ts';
import {
  endSequence,
  feedFaults,
  loseSource,
  operateOverload,
  operateRelay,
  reclose,
  watchOverload,
} from './protection.ts';
import type { Indicator, Plant, PlantEvent, Reported, SwitchDevice } from './state.ts';
import { plantTimes, type PlantTimes } from './times.ts';
import { Timeline } from './timeline.ts';

export interface PlantOptions {
  readonly grid: Grid;
  /** Of all chance in the plant: relay delays, reactance errors, drive times, kind of fault. */
  readonly seed: number;
  /** The plant's clock at the start, ms since 1970 UTC. */
  readonly start_ms: number;
  /** Hour of the day at the start; default `REFERENCE_HOUR`, where the file's loads hold. */
  readonly hour?: number;
  /** Divides drive, protection and reclosing times; default 1. */
  readonly speed?: number;
  /** Automatic recloses before lockout: 0, 1 (default) or 2. */
  readonly recloseShots?: number;
}

/** A plant in its normal state: every switch as designed, no fault. */
export function createPlant(options: PlantOptions): Plant {
  const { grid, seed, start_ms, hour = REFERENCE_HOUR, speed = 1, recloseShots = 1 } = options;
  assert(speed > 0 && Number.isFinite(speed), `speed must be positive, got ${speed}`);
  const network = compileNetwork(grid);
  const positions = normalPositions(network);
  const energisation = energise(network, positions);
  const times = plantTimes(speed, recloseShots);
  const loads = loadsAt(grid, hour);
  const plant: Plant = {
    network,
    times,
    start_ms,
    startHour: hour,
    chance: {
      relay: new RandomStream(seed, 'relay'),
      reactance: new RandomStream(seed, 'reactance'),
      fault: new RandomStream(seed, 'fault'),
    },
    timeline: new Timeline<PlantEvent>(),
    devices: createDevices(grid, times, seed, start_ms),
    poleIndicators: grid.faultIndicators.map(() => createIndicator(start_ms)),
    poleIndicatorIndex: new Map(grid.faultIndicators.map(({ id }, index) => [id, index])),
    faults: [],
    protectionLog: [],
    changes: [],
    lostSources: new Set(),
    sourcesTripping: new Set(),
    liveAtStart: Uint8Array.from(energisation.nodeSource, (source) => (source === -1 ? 0 : 1)),
    wentDark: new Uint8Array(network.nodeCount),
    now_ms: start_ms,
    positions,
    energisation,
    loads,
    loadsAtOutage: null,
    loadFlow: solveLoadFlow({ network, positions, energisation, loads, generators: true }),
    loadFlowAt_ms: start_ms,
    mostLoops: 0,
    faultedEnergisedAfterTrip: false,
    faultsPlaced: 0,
  };
  settle(plant);
  watchOverload(plant);
  plant.timeline.book(start_ms + times.loadStep_ms, { kind: 'loadStep' });
  return plant;
}

/**
 * Lets the plant live until `to_ms` of its clock; what falls due on the way happens in order and
 * at its own time, so that the length of the caller's tick changes nothing. A moment that has
 * passed already is taken as now.
 */
export function advance(plant: Plant, to_ms: number): void {
  for (;;) {
    const next = plant.timeline.takeNext(to_ms);
    if (next === undefined) break;
    plant.now_ms = Math.max(plant.now_ms, next.at_ms);
    happen(plant, next.event);
    feedFaults(plant);
    watchOverload(plant);
  }
  plant.now_ms = Math.max(plant.now_ms, to_ms);
}

function happen(plant: Plant, event: PlantEvent): void {
  switch (event.kind) {
    case 'loadStep':
      stepLoads(plant);
      resetIndicators(plant);
      plant.timeline.book(plant.now_ms + plant.times.loadStep_ms, event);
      return;
    case 'sourceLost':
      loseSource(plant, event.source);
      return;
    case 'arcOut': {
      const fault = plant.faults.find((each) => each.id === event.fault && !each.cleared);
      if (fault?.deadSince_ms === event.deadSince_ms) clearFault(plant, fault);
      return;
    }
    case 'relay':
      operateRelay(plant, plant.devices[event.switch]!);
      return;
    case 'overload':
      operateOverload(plant, plant.devices[event.switch]!, event.since_ms);
      return;
    case 'contact':
    case 'fallBack':
    case 'reclose':
    case 'reclaimed': {
      const device = plant.devices[event.switch]!;
      if (device.generation !== event.generation) return;
      if (event.kind === 'contact') finishMoving(plant, device);
      else if (event.kind === 'fallBack') fallBack(plant, device);
      else if (event.kind === 'reclose') reclose(plant, device);
      else endSequence(plant, device);
    }
  }
}

function createDevices(
  grid: Grid,
  times: PlantTimes,
  seed: number,
  start_ms: number,
): readonly SwitchDevice[] {
  const chance = new RandomStream(seed, 'drives');
  const heads = new Set(grid.feeders.map((feeder) => feeder.head));
  const reported = <Value>(value: Value): Reported<Value> => ({ value, changedAt_ms: start_ms });
  return grid.switches.map((each, index) => {
    const motor_ms = chance.between(...times.motor_ms);
    const sprung = each.kind === 'breaker' || each.kind === 'recloser';
    const recloses = each.kind === 'recloser' || (each.kind === 'breaker' && heads.has(index));
    return {
      id: each.id,
      index,
      recloses,
      drive_ms: sprung ? times.breaker_ms : motor_ms,
      position: reported<'open' | 'closed' | 'intermediate'>(each.normallyOpen ? 'open' : 'closed'),
      reclosing: reported(recloses),
      reclosingInProgress: reported(false),
      protectionTrip: reported(false),
      tripFunction: reported<SwitchDevice['tripFunction']['value']>('none'),
      lockout: reported(false),
      faultReactance_ohm: reported(0),
      voltagePresent: reported(false),
      indicator: createIndicator(start_ms),
      stuck: false,
      sticks: 'free',
      fallBackAfter_ms: 0,
      failed: false,
      moving: null,
      phase: 'idle',
      shotsDone: 0,
      finalTrip: false,
      relayBooked: false,
      overloadSince_ms: null,
      closedByCommandAt_ms: null,
      generation: 0,
    };
  });
}

function createIndicator(start_ms: number): Indicator {
  return {
    shows: { value: false, changedAt_ms: start_ms },
    mode: 'normal',
    liveSince_ms: start_ms,
  };
}
