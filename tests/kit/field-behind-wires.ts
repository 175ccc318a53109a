import type { Misbehaviour, PointListFile } from '@relight/contract';
import { FaultProxy, startSimulation } from '../../simulators/rtu/src/index.ts';
import type { RunningSimulation } from '../../simulators/rtu/src/index.ts';
import { smallStation } from '../../simulators/rtu/src/testing/small-station.ts';
import { GatewayRig } from './gateway-rig.ts';

/** A small station and its field devices, simulated; a gateway; and between them a wire for each RTU. */
export class FieldBehindWires {
  readonly simulation: RunningSimulation;
  readonly rig: GatewayRig;
  readonly #wires: ReadonlyMap<string, FaultProxy>;

  private constructor(
    simulation: RunningSimulation,
    rig: GatewayRig,
    wires: ReadonlyMap<string, FaultProxy>,
  ) {
    this.simulation = simulation;
    this.rig = rig;
    this.#wires = wires;
  }

  /** Resolves once the gateway has read everything. */
  static async start(): Promise<FieldBehindWires> {
    const simulation = await startSimulation({ grid: smallStation(), speed: 50 });
    const wires = new Map<string, FaultProxy>();
    for (const { id, port, endpoint } of simulation.points.rtus) {
      const wire = new FaultProxy(() => port ?? Number(endpoint?.split(':').at(-1)));
      await wire.open();
      wires.set(id, wire);
    }
    const rig = await GatewayRig.start(behindWires(simulation.points, wires));
    await rig.ready();
    return new FieldBehindWires(simulation, rig, wires);
  }

  wire = (rtu: string): FaultProxy => {
    const wire = this.#wires.get(rtu);
    if (wire === undefined) throw new Error(`no RTU ${rtu}`);
    return wire;
  };

  /** Through the control API of the simulators, as anybody does it. */
  misbehave = async (rtu: string, wanted: Misbehaviour): Promise<void> => {
    const { control, token } = this.simulation;
    const response = await fetch(`${control}/devices/${rtu}/misbehaviour`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(wanted),
    });
    if (!response.ok) throw new Error(`${rtu}: ${await response.text()}`);
  };

  async stop(): Promise<void> {
    await this.rig.stop();
    for (const wire of this.#wires.values()) await wire.close();
    await this.simulation.stop();
  }
}

function behindWires(list: PointListFile, wires: ReadonlyMap<string, FaultProxy>): PointListFile {
  const rtus = list.rtus.map((rtu) => {
    const port = wires.get(rtu.id)?.port ?? 0;
    if (rtu.endpoint === undefined) return { ...rtu, port };
    return { ...rtu, endpoint: `opc.tcp://127.0.0.1:${port}` };
  });
  return { ...list, rtus };
}
