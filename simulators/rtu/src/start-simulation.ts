import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlantTruth, PointListFile, WireRecord } from '@relight/contract';
import type { Grid } from '@relight/grid';
import {
  createPlant,
  operateSwitch,
  placeFault,
  read,
  repairFault,
  type Plant,
} from '@relight/plant';
import { createControlApi } from './control-api.ts';
import { catchUp, type FieldWorld } from './field-world.ts';
import type { ScenarioEvent, ScenarioFile } from './scenario.ts';
import type { StationAccess } from './opcua/station-server.ts';
import { SimulatedField } from './simulated-field.ts';
import { TruthJudge } from './truth-judge.ts';
import { WireLog } from './wire-log.ts';

/** The plant is brought up to date, and stations report, this often. */
const TICK_MS = 50;

export interface SimulationOptions {
  readonly grid: Grid;
  readonly seed?: number;
  /** Hour of the day at the start. */
  readonly hour?: number;
  /** Divides drive, protection and reclosing times. */
  readonly speed?: number;
  readonly recloseShots?: number;
  readonly scenario?: ScenarioFile;
  /** Stations are reached encrypted and by this user alone; absent: by anybody. */
  readonly stationAccess?: StationAccess;
  /** Port of the control API; 0 or absent: a free one. */
  readonly controlPort?: number;
}

export interface RunningSimulation {
  /** Base address of the control API. */
  readonly control: string;
  readonly token: string;
  readonly points: PointListFile;
  readonly rtus: number;
  /** The physical truth itself, brought up to now at each call. */
  readonly plant: () => Plant;
  /** A command at the device itself, as by its own push button. @returns false if it refuses. */
  readonly operate: (switchId: string, operation: 'open' | 'close') => boolean;
  /** What the device's own indication shows. */
  readonly position: (switchId: string) => unknown;
  /** As `GET /truth`. */
  readonly truth: () => Promise<PlantTruth>;
  /** Writes as they arrived, from number `since` on. */
  readonly wire: (since?: number) => readonly WireRecord[];
  readonly stop: () => Promise<void>;
}

/** Starts plant, RTUs and control API, all on the loopback interface; resolves once all listen. */
export async function startSimulation(options: SimulationOptions): Promise<RunningSimulation> {
  const { grid, seed = 1, hour, speed, recloseShots, scenario, controlPort = 0 } = options;
  const start_ms = Date.now();
  const started = performance.now();
  const plant = createPlant({
    grid,
    seed,
    start_ms,
    ...(hour === undefined ? {} : { hour }),
    ...(speed === undefined ? {} : { speed }),
    ...(recloseShots === undefined ? {} : { recloseShots }),
  });
  const world: FieldWorld = {
    plant,
    wireLog: new WireLog(),
    refusing: new Set(),
    vanished: new Set(),
    listeners: new Map(),
    now_ms: () => start_ms + (performance.now() - started),
  };
  const pkiFolder = await mkdtemp(join(tmpdir(), 'relight-pki-'));
  const field = new SimulatedField(world, pkiFolder, seed, options.stationAccess ?? null);
  const judge = new TruthJudge(world);
  const token = randomBytes(24).toString('base64url');
  const api = createControlApi(world, field, judge, token);
  let ticking: NodeJS.Timeout | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(ticking);
    await api.close();
    await judge.stop();
    await field.stop();
    await rm(pkiFolder, { recursive: true, force: true });
  };

  try {
    await field.start();
    const control = await api.listen({ host: '127.0.0.1', port: controlPort });
    const pending = [...(scenario?.events ?? [])].sort((a, b) => a.at_s - b.at_s);
    const scenarioStart_ms = world.now_ms();
    ticking = setInterval(() => {
      catchUp(world);
      const elapsed_s = (world.now_ms() - scenarioStart_ms) / 1e3;
      while (pending[0] !== undefined && pending[0].at_s <= elapsed_s) {
        void carryOut(world, field, pending.shift()!);
      }
      field.publish();
    }, TICK_MS);
    return {
      control,
      token,
      points: field.pointList(),
      rtus: field.rtuCount,
      plant: () => {
        catchUp(world);
        return plant;
      },
      operate: (switchId, operation) => {
        catchUp(world);
        const device = plant.devices[plant.network.index.switch.get(switchId) ?? -1];
        return device !== undefined && operateSwitch(plant, device, operation).ok;
      },
      position: (switchId) => {
        catchUp(world);
        return read(plant, switchId, 'position')?.value;
      },
      truth: () => {
        catchUp(world);
        return judge.truth();
      },
      wire: (since = 0) => world.wireLog.since(since),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function carryOut(
  world: FieldWorld,
  field: SimulatedField,
  event: ScenarioEvent,
): Promise<void> {
  let known = true;
  if ('fault' in event) known = placeFault(world.plant, event.fault).ok;
  else if ('repair' in event) known = repairFault(world.plant, event.repair);
  else known = (await field.misbehave(event.device, event.misbehaviour)).ok;
  if (!known) process.stderr.write(`scenario: nothing to act on in ${JSON.stringify(event)}\n`);
}
