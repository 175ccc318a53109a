import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { POSITION_CODES, TRIP_FUNCTIONS } from '@relight/contract';
import type { PointValue, Signal } from '@relight/contract';
import type { Result } from '@relight/foundation';
import { read, reportedOf, type PlantChange, type Reading } from '@relight/plant';
import type { BaseNode, Namespace, UAObject, UAVariable } from 'node-opcua-address-space';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua-secure-channel';
import { DataValue } from 'node-opcua-data-value';
import { OPCUAServer } from 'node-opcua-server';
import { StatusCodes, type StatusCode } from 'node-opcua-status-code';
import { DataType, Variant } from 'node-opcua-variant';
import type { Behaviour } from '../behaviour.ts';
import type { FieldWorld } from '../field-world.ts';
import { nodeIds, signalsOfRtu } from '../point-list.ts';
import type { RtuLayout } from '../rtu-layout.ts';
import { FaultProxy } from '../wire/fault-proxy.ts';
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

/** The only user of a station, who has to come over an encrypted channel. */
export interface StationAccess {
  readonly user: string;
  readonly password: string;
  /** Folder with the certificates of the masters to be let in; absent: any certificate will do. */
  readonly trustedCertificates?: string;
}

/** Where a station listens, and what it keeps. */
interface StationPlace {
  /** A free port on the loopback interface, for the server itself. */
  readonly port: number;
  /** Of this server alone; keys and certificate are made there. */
  readonly pkiFolder: string;
  /** Absent: anybody may connect, encrypted or not. */
  readonly access: StationAccess | null;
}

/**
 * The OPC UA server of one station RTU, behind a wire of its own that can misbehave: masters
 * connect to the wire.
 */
export class StationServer {
  readonly #world: FieldWorld;
  readonly #rtu: RtuLayout;
  readonly #behaviour: Behaviour;
  readonly #place: StationPlace;
  readonly #wire: FaultProxy;
  readonly #served: Served[] = [];
  #server: OPCUAServer | null = null;
  #host = '127.0.0.1';

  constructor(world: FieldWorld, rtu: RtuLayout, behaviour: Behaviour, place: StationPlace) {
    this.#world = world;
    this.#rtu = rtu;
    this.#behaviour = behaviour;
    this.#place = place;
    this.#wire = new FaultProxy(() => place.port);
  }

  #create(): OPCUAServer {
    const { port, pkiFolder, access } = this.#place;
    const { None, SignAndEncrypt } = MessageSecurityMode;
    const { Basic256Sha256 } = SecurityPolicy;
    return new OPCUAServer({
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      port,
      advertisedEndpoints: this.endpoint,
      allowAnonymous: access === null,
      securityModes: access === null ? [None, SignAndEncrypt] : [SignAndEncrypt],
      securityPolicies: access === null ? [SecurityPolicy.None, Basic256Sha256] : [Basic256Sha256],
      userManager: {
        isValidUser: (user: string, password: string) =>
          access !== null && user === access.user && password === access.password,
      },
      serverCertificateManager: new OPCUACertificateManager({
        rootFolder: pkiFolder,
        automaticallyAcceptUnknownCertificate: access?.trustedCertificates === undefined,
        disableFileWatchers: true,
      }),
      serverInfo: {
        applicationUri: `urn:relight:simulator:${this.#rtu.id}`,
        productUri: 'urn:relight:simulator',
      },
      serverCapabilities: CAPABILITIES,
    });
  }

  get endpoint(): string {
    const host = this.#host.includes(':') ? `[${this.#host}]` : this.#host;
    return `opc.tcp://${host}:${this.#wire.port}`;
  }

  async start(): Promise<void> {
    // The wire comes first: what the server says of itself names the wire's port.
    await this.#wire.open(this.#host);
    await this.#startServer();
  }

  async stop(): Promise<void> {
    await this.#wire.close();
    const server = this.#server;
    this.#server = null;
    await server?.shutdown(0);
  }

  /** What the behaviour asks of the wire. */
  adapt(): void {
    const { delay_ms, silent, corrupt } = this.#behaviour;
    this.#wire.set({ latency_ms: delay_ms, blackHole: silent, corrupt });
  }

  cut(how: 'reset' | 'end'): void {
    if (how === 'reset') this.#wire.reset();
    else this.#wire.end();
  }

  forget(): void {
    this.#wire.forget();
  }

  /** Listens at another loopback address, on the same port. */
  async move(host: string): Promise<void> {
    await this.#wire.close();
    this.#host = host;
    await this.#wire.open(host);
  }

  async #startServer(): Promise<void> {
    const { access, pkiFolder } = this.#place;
    if (access?.trustedCertificates !== undefined) {
      await cp(access.trustedCertificates, join(pkiFolder, 'trusted/certs'), { recursive: true });
    }
    const server = this.#create();
    this.#server = server;
    await server.initialize();
    const addressSpace = server.engine.addressSpace;
    if (addressSpace === null) throw new Error('OPC UA address space was not built');
    this.#served.length = 0;
    this.#setClock(addressSpace.findNode('i=2258'));
    this.#build(addressSpace.getOwnNamespace(), addressSpace.rootFolder.objects);
    this.publish();
    await server.start();
  }

  /** What `Server.ServerStatus.CurrentTime` shows is the station's own clock, right or wrong. */
  #setClock(node: BaseNode | null): void {
    const variable = node as UAVariable | null;
    if (variable === null) return;
    let shown = new Date();
    // The library binds this variable to the machine's clock for good; what is read is ours.
    variable.readValue = () => {
      const { freeze } = this.#behaviour;
      if (!freeze) shown = new Date(Math.floor(this.#behaviour.clockAt(this.#world.now_ms())));
      return new DataValue({
        value: new Variant({ dataType: DataType.DateTime, value: shown }),
        sourceTimestamp: shown,
      });
    };
  }

  /** Brings the variables up to what the plant shows now; only changes are written. */
  publish(): void {
    if (this.#behaviour.freeze) return;
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
      served.lastGone = gone;
      this.#write(served, reading);
    }
  }

  #write(served: Served, reading: Reading): void {
    served.last = reading;
    served.variable.setValueFromSource(
      toVariant(served.signal, reading.value),
      statusOf(reading, served.lastGone),
      new Date(Math.floor(this.#behaviour.stamp(reading.at_ms))),
    );
  }

  /** A change is written when it happens, so that none between two looks is lost. */
  #listen(served: Served): void {
    const reported = reportedOf(this.#world.plant, served.equipment, served.signal);
    if (reported === undefined) return;
    this.#world.listeners.set(reported, ({ value, at_ms }: PlantChange) => {
      const now = read(this.#world.plant, served.equipment, served.signal);
      if (this.#behaviour.freeze || now === undefined) return;
      this.#write(served, { value, at_ms, valid: now.valid });
    });
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
      const served = { equipment, signal, variable, last: null, lastGone: false };
      this.#served.push(served);
      this.#listen(served);
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
