import type { Misbehaviour, PointListFile } from '@relight/contract';
import { misbehave } from '@relight/plant';
import { assert, fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { Behaviour, modbusOnly } from './behaviour.ts';
import type { FieldWorld } from './field-world.ts';
import { findFreePorts } from './free-ports.ts';
import { FieldDevice } from './modbus/field-device.ts';
import { ModbusServer } from './modbus/server.ts';
import { StationServer, type StationAccess } from './opcua/station-server.ts';
import { generatePointList, type Endpoint } from './point-list.ts';
import { layOutRtus, type RtuLayout } from './rtu-layout.ts';

const HOST = '127.0.0.1';
const UNIT = 1;
const MOST_PORT_ATTEMPTS = 5;

/** Why a wish to misbehave is refused. */
type MisbehaviourRefusal =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'notHere'; readonly message: string };

interface ModbusRtu {
  readonly device: FieldDevice;
  readonly server: ModbusServer;
}

/** Every RTU of a grid on its socket. */
export class SimulatedField {
  readonly #world: FieldWorld;
  readonly #layouts: readonly RtuLayout[];
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #devices = new Map<string, ModbusRtu>();
  readonly #stations = new Map<string, StationServer>();
  readonly #pkiFolder: string;
  /** Restarts that are under way. */
  readonly #restarts = new Set<Promise<void>>();
  #stopping = false;

  readonly #access: StationAccess | null;

  constructor(world: FieldWorld, pkiFolder: string, seed: number, access: StationAccess | null) {
    this.#access = access;
    this.#world = world;
    this.#layouts = layOutRtus(world.plant.network.grid);
    this.#pkiFolder = pkiFolder;
    for (const { id } of this.#layouts) this.#behaviours.set(id, new Behaviour(id, seed));
  }

  #behaviourOf(rtu: RtuLayout): Behaviour {
    const behaviour = this.#behaviours.get(rtu.id);
    assert(behaviour !== undefined, `${rtu.id} has a behaviour`);
    return behaviour;
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
      const behaviour = this.#behaviourOf(rtu);
      const device = new FieldDevice(this.#world, rtu, behaviour);
      const server = new ModbusServer({ device, behaviour, name: rtu.id, host: HOST, unit: UNIT });
      this.#devices.set(rtu.id, { device, server });
    }
    await Promise.all([...this.#devices.values()].map(({ server }) => server.start()));
  }

  /** A station needs its port beforehand; where somebody was faster, it tries another. */
  async #startStation(rtu: RtuLayout, order: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const [port = 0] = await findFreePorts(1);
      const place = {
        port,
        pkiFolder: `${this.#pkiFolder}/${order}`,
        access: this.#access,
      };
      const station = new StationServer(this.#world, rtu, this.#behaviourOf(rtu), place);
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
    this.#stopping = true;
    await Promise.all(this.#restarts);
    const devices = [...this.#devices.values()].map(({ server }) => server);
    const servers = [...devices, ...this.#stations.values()];
    await Promise.all(servers.map((server) => server.stop()));
  }

  /** What a gateway needs to reach all of it. */
  pointList(): PointListFile {
    const endpoints = new Map<string, Endpoint>();
    for (const [id, { server }] of this.#devices) {
      endpoints.set(id, { host: server.host, port: server.port });
    }
    for (const [id, { endpoint }] of this.#stations) endpoints.set(id, { endpoint });
    const { grid } = this.#world.plant.network;
    return generatePointList(grid, endpoints, this.#access?.user ?? null);
  }

  /** Stations report by exception: what the plant changed goes out. */
  publish(): void {
    for (const station of this.#stations.values()) station.publish();
  }

  /**
   * Makes a switch or pole indicator, or its RTU, misbehave; an RTU id stands for all of its
   * equipment. Of a station `vanish` and `refuse` of one device concern that device alone: bad
   * quality, no answer.
   */
  async misbehave(id: string, wanted: Misbehaviour): Promise<Result<'done', MisbehaviourRefusal>> {
    const rtu = this.#layouts.find((each) => each.id === id || devicesOf(each).includes(id));
    const refused = rtu?.protocol === 'opcua' ? modbusOnly(wanted) : null;
    if (refused !== null) {
      return fail({ kind: 'notHere', message: `${refused}: an OPC UA station has no such thing` });
    }
    const known = misbehave(this.#world.plant, id, wanted);
    if (rtu === undefined) return known ? ok('done') : fail({ kind: 'unknown' });
    const devices = rtu.id === id || rtu.protocol === 'modbus-tcp' ? devicesOf(rtu) : [id];
    for (const device of devices) {
      setMember(this.#world.refusing, device, wanted.refuse);
      setMember(this.#world.vanished, device, wanted.vanish);
    }
    this.#behaviourOf(rtu).take(wanted);
    const field = this.#devices.get(rtu.id);
    if (field !== undefined) await this.#misbehaveField(field, wanted);
    const station = this.#stations.get(rtu.id);
    if (station !== undefined) await this.#misbehaveStation(station, wanted);
    return ok('done');
  }

  async #misbehaveField({ device, server }: ModbusRtu, wanted: Misbehaviour): Promise<void> {
    if (wanted.vanish === true) await server.stop();
    if (wanted.vanish === false) await server.start();
    if (wanted.cut !== undefined) server.cut(wanted.cut);
    if (wanted.halfOpen === true) server.forget();
    if (wanted.host !== undefined) {
      await server.stop();
      await server.start(wanted.host);
    }
    const { restart } = wanted;
    if (restart === undefined) return;
    await server.stop();
    device.restarted(restart.losesEvents ?? false);
    this.#later(restart.down_ms, () => server.start());
  }

  async #misbehaveStation(station: StationServer, wanted: Misbehaviour): Promise<void> {
    station.adapt();
    if (wanted.cut !== undefined) station.cut(wanted.cut);
    if (wanted.halfOpen === true) station.forget();
    if (wanted.host !== undefined) await station.move(wanted.host);
    const { restart } = wanted;
    if (restart === undefined) return;
    await station.stop();
    this.#later(restart.down_ms, () => station.start());
  }

  /** Brings an RTU back after its time off; it must not outlive the simulation. */
  #later(down_ms: number, start: () => Promise<void>): void {
    const until = performance.now() + down_ms;
    const run = async (): Promise<void> => {
      while (performance.now() < until && !this.#stopping) {
        const left_ms = until - performance.now();
        await new Promise((resolve) => setTimeout(resolve, Math.min(left_ms, 50)));
      }
      if (!this.#stopping) await start();
    };
    const restart = run().catch((error: unknown) => {
      process.stderr.write(`an RTU did not come back: ${String(error)}\n`);
    });
    this.#restarts.add(restart);
    void restart.then(() => this.#restarts.delete(restart));
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
