import type { Misbehaviour, PointListFile } from '@relight/contract';
import { misbehave } from '@relight/plant';
import type { FieldWorld } from './field-world.ts';
import { findFreePorts } from './free-ports.ts';
import { FieldDevice } from './modbus/field-device.ts';
import { ModbusServer } from './modbus/server.ts';
import { StationServer } from './opcua/station-server.ts';
import { generatePointList, type Endpoint } from './point-list.ts';
import { layOutRtus, type RtuLayout } from './rtu-layout.ts';

const HOST = '127.0.0.1';
const UNIT = 1;
const MOST_PORT_ATTEMPTS = 5;

/** Every RTU of a grid on its socket. */
export class SimulatedField {
  readonly #world: FieldWorld;
  readonly #layouts: readonly RtuLayout[];
  readonly #devices = new Map<string, ModbusServer>();
  readonly #stations = new Map<string, StationServer>();
  readonly #pkiFolder: string;

  constructor(world: FieldWorld, pkiFolder: string) {
    this.#world = world;
    this.#layouts = layOutRtus(world.plant.network.grid);
    this.#pkiFolder = pkiFolder;
  }

  get rtuCount(): number {
    return this.#layouts.length;
  }

  /** Resolves once every RTU listens. */
  async start(): Promise<void> {
    // Stations first: the devices take any free port, also one that a station was just promised.
    const stations = this.#layouts.filter((rtu) => rtu.protocol === 'opcua');
    await Promise.all(stations.map((rtu, order) => this.#startStation(rtu, order)));
    for (const rtu of this.#layouts) {
      if (rtu.protocol !== 'modbus-tcp') continue;
      const device = new FieldDevice(this.#world, rtu);
      const server = new ModbusServer({ device, name: rtu.id, host: HOST, unit: UNIT });
      this.#devices.set(rtu.id, server);
    }
    await Promise.all([...this.#devices.values()].map((server) => server.start()));
  }

  /** A station needs its port beforehand; where somebody was faster, it tries another. */
  async #startStation(rtu: RtuLayout, order: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const [port = 0] = await findFreePorts(1);
      const folder = `${this.#pkiFolder}/${order}`;
      const station = new StationServer(this.#world, rtu, port, folder);
      try {
        await station.start();
        this.#stations.set(rtu.id, station);
        return;
      } catch (error) {
        await station.stop().catch(() => {}); // It never listened; what it built goes with it.
        if (!isPortTaken(error) || attempt === MOST_PORT_ATTEMPTS) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    const servers = [...this.#devices.values(), ...this.#stations.values()];
    await Promise.all(servers.map((server) => server.stop()));
  }

  /** What a gateway needs to reach all of it. */
  pointList(): PointListFile {
    const endpoints = new Map<string, Endpoint>();
    for (const [id, { port }] of this.#devices) endpoints.set(id, { host: HOST, port });
    for (const [id, { endpoint }] of this.#stations) endpoints.set(id, { endpoint });
    return generatePointList(this.#world.plant.network.grid, endpoints);
  }

  /** Stations report by exception: what the plant changed goes out. */
  publish(): void {
    for (const station of this.#stations.values()) station.publish();
  }

  /**
   * Makes a switch or pole indicator, or its RTU, misbehave; an RTU id stands for all of its
   * equipment. Of a station only the device in question falls silent: bad quality, no answer.
   * @returns false if no such device or RTU is there.
   */
  async misbehave(id: string, wanted: Misbehaviour): Promise<boolean> {
    const rtu = this.#layouts.find((each) => each.id === id || devicesOf(each).includes(id));
    const known = misbehave(this.#world.plant, id, wanted);
    if (rtu === undefined) return known;
    const devices = rtu.id === id || rtu.protocol === 'modbus-tcp' ? devicesOf(rtu) : [id];
    for (const device of devices) {
      setMember(this.#world.refusing, device, wanted.refuse);
      setMember(this.#world.vanished, device, wanted.vanish);
    }
    const server = this.#devices.get(rtu.id);
    if (wanted.vanish === true) await server?.stop();
    if (wanted.vanish === false) await server?.start();
    return true;
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function devicesOf(rtu: RtuLayout): readonly string[] {
  return [...rtu.switches, ...rtu.poleIndicators, ...rtu.busbars, ...rtu.transformers];
}

function setMember(set: Set<string>, member: string, wanted: boolean | undefined): void {
  if (wanted === true) set.add(member);
  if (wanted === false) set.delete(member);
}
