import { POSITION_CODES, TRIP_FUNCTIONS } from '@relight/contract';
import type { PointValue, Signal } from '@relight/contract';
import type { Result } from '@relight/foundation';
import { read, type Reading } from '@relight/plant';
import type { Namespace, UAObject, UAVariable } from 'node-opcua-address-space';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua-secure-channel';
import { OPCUAServer } from 'node-opcua-server';
import { StatusCodes, type StatusCode } from 'node-opcua-status-code';
import { DataType, Variant } from 'node-opcua-variant';
import type { FieldWorld } from '../field-world.ts';
import { nodeIds, signalsOfRtu } from '../point-list.ts';
import type { RtuLayout } from '../rtu-layout.ts';
import { SwitchControl, type ControlRefusal } from './switch-control.ts';

/** Limits that keep one greedy client from eating the machine. */
const CAPABILITIES = {
  maxSessions: 20,
  maxSubscriptions: 100,
  maxMonitoredItems: 20_000,
};

const REFUSALS: Record<ControlRefusal, StatusCode> = {
  badOperation: StatusCodes.BadInvalidArgument,
  notSelected: StatusCodes.BadInvalidState,
  busy: StatusCodes.BadResourceUnavailable,
  refusedByDevice: StatusCodes.BadRequestNotAllowed,
  noCommunication: StatusCodes.BadNoCommunication,
};

interface Served {
  readonly equipment: string;
  readonly signal: Signal;
  readonly variable: UAVariable;
  last: Reading | null;
  lastGone: boolean;
}

/** The OPC UA server of one station RTU. */
export class StationServer {
  readonly #world: FieldWorld;
  readonly #rtu: RtuLayout;
  readonly #server: OPCUAServer;
  readonly #port: number;
  readonly #served: Served[] = [];

  /**
   * @param port - A free one on the loopback interface.
   * @param pkiFolder - Of this server alone; keys and certificate are made there.
   */
  constructor(world: FieldWorld, rtu: RtuLayout, port: number, pkiFolder: string) {
    this.#world = world;
    this.#rtu = rtu;
    this.#port = port;
    this.#server = new OPCUAServer({
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      port,
      allowAnonymous: true,
      securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
      securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
      serverCertificateManager: new OPCUACertificateManager({
        rootFolder: pkiFolder,
        automaticallyAcceptUnknownCertificate: true,
        disableFileWatchers: true,
      }),
      serverInfo: {
        applicationUri: `urn:relight:simulator:${rtu.id}`,
        productUri: 'urn:relight:simulator',
      },
      serverCapabilities: CAPABILITIES,
    });
  }

  get endpoint(): string {
    return `opc.tcp://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    await this.#server.initialize();
    const addressSpace = this.#server.engine.addressSpace;
    if (addressSpace === null) throw new Error('OPC UA address space was not built');
    this.#build(addressSpace.getOwnNamespace(), addressSpace.rootFolder.objects);
    this.publish();
    await this.#server.start();
  }

  async stop(): Promise<void> {
    await this.#server.shutdown(0);
  }

  /** Brings the variables up to what the plant shows now; only changes are written. */
  publish(): void {
    const { plant, vanished } = this.#world;
    for (const served of this.#served) {
      const reading = read(plant, served.equipment, served.signal);
      const gone = vanished.has(served.equipment);
      if (reading === undefined) continue;
      const { last } = served;
      const same =
        last?.value === reading.value && last.valid === reading.valid && served.lastGone === gone;
      // A status change is news even where the value is the same; a measurement only by its value.
      if (same && (typeof reading.value === 'number' || last?.at_ms === reading.at_ms)) continue;
      served.last = reading;
      served.lastGone = gone;
      served.variable.setValueFromSource(
        toVariant(served.signal, reading.value),
        statusOf(reading, gone),
        new Date(Math.floor(reading.at_ms)),
      );
    }
  }

  #build(namespace: Namespace, objects: UAObject): void {
    const { grid } = this.#world.plant.network;
    const station = namespace.addObject({ browseName: this.#rtu.id, organizedBy: objects });
    const folders = new Map<string, UAObject>();
    for (const { equipment, signal } of signalsOfRtu(grid, this.#rtu)) {
      let folder = folders.get(equipment);
      if (folder === undefined) {
        const nodeId = nodeIds.object(equipment);
        folder = namespace.addObject({ browseName: equipment, nodeId, componentOf: station });
        folders.set(equipment, folder);
      }
      const variable = namespace.addVariable({
        componentOf: folder,
        browseName: signal,
        nodeId: nodeIds.variable(equipment, signal),
        dataType: dataTypeOf(signal),
        accessLevel: 'CurrentRead',
        userAccessLevel: 'CurrentRead',
        minimumSamplingInterval: 0,
      });
      this.#served.push({ equipment, signal, variable, last: null, lastGone: false });
    }
    for (const id of this.#rtu.switches) {
      const folder = folders.get(id);
      if (folder !== undefined) this.#addControl(namespace, folder, id);
    }
  }

  #addControl(namespace: Namespace, folder: UAObject, id: string): void {
    const control = new SwitchControl(this.#world, this.#rtu.id, id);
    const { select, operate, cancel } = nodeIds.command(id);
    const controlNumber = { name: 'controlNumber', dataType: DataType.UInt32 };
    const operation = { name: 'operation', dataType: DataType.UInt16 };
    const add = (
      browseName: string,
      nodeId: string,
      inputArguments: (typeof controlNumber)[],
      act: (session: string, values: number[]) => Result<'done', ControlRefusal>,
    ): void => {
      const method = namespace.addMethod(folder, { browseName, nodeId, inputArguments });
      method.bindMethod((inputs, context, answer) => {
        const session = context.session?.getSessionId().toString() ?? 'none';
        const outcome = act(
          session,
          inputs.map((input) => Number(input.value)),
        );
        const statusCode = outcome.ok ? StatusCodes.Good : REFUSALS[outcome.error];
        answer(null, { statusCode, outputArguments: [] });
      });
    };
    add('Select', select, [controlNumber, operation], (session, [number = 0, code = 0]) =>
      control.select(session, number, code),
    );
    add('Operate', operate, [controlNumber, operation], (session, [number = 0, code = 0]) =>
      control.operate(session, number, code),
    );
    add('Cancel', cancel, [controlNumber], (session, [number = 0]) =>
      control.cancel(session, number),
    );
  }
}

const CODED: readonly Signal[] = ['position', 'tripFunction'];
const ANALOG = /_(A|kV|kW|kvar|ohm)$/;

function dataTypeOf(signal: Signal): DataType {
  if (CODED.includes(signal)) return DataType.UInt16;
  return ANALOG.test(signal) ? DataType.Double : DataType.Boolean;
}

function toVariant(signal: Signal, value: PointValue): Variant {
  const dataType = dataTypeOf(signal);
  if (signal === 'position') {
    return new Variant({ dataType, value: POSITION_CODES.findIndex((each) => each === value) });
  }
  if (signal === 'tripFunction') {
    return new Variant({ dataType, value: TRIP_FUNCTIONS.findIndex((each) => each === value) });
  }
  return new Variant({ dataType, value });
}

function statusOf(reading: Reading, gone: boolean): StatusCode {
  if (gone) return StatusCodes.BadNoCommunication;
  return reading.valid ? StatusCodes.Good : StatusCodes.BadSensorFailure;
}
