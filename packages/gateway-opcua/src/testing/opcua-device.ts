import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { POSITION_CODES } from '@relight/contract';
import type { PointValue } from '@relight/contract';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { DataType, StatusCodes } from 'node-opcua-client';
import type { StatusCode } from 'node-opcua-client';
import { OPCUAServer } from 'node-opcua-server';
import type { DeviceUnderTest } from '../../../gateway/src/testing/driver-conformance.ts';
import { TcpProxy } from '../../../gateway/src/testing/tcp-proxy.ts';

type SignalName = 'position' | 'localRemote' | 'current_A';

interface Variable {
  setValueFromSource(value: { dataType: DataType; value: unknown }, status?: StatusCode): void;
}

/** What is looked at inside the server, to see how it was asked to sample. */
interface ServerSession {
  readonly publishEngine: {
    readonly subscriptions: readonly {
      applyOnMonitoredItem(visit: (item: { readonly samplingInterval: number }) => void): void;
    }[];
  };
}

export interface OpcUaDevice extends DeviceUnderTest {
  /** Sampling intervals the server's monitored items run with now, ms. */
  samplingIntervals(): readonly number[];
}

/** The load break switch `L1` of the conformance suite, behind an OPC UA server. */
export async function opcUaDevice(): Promise<OpcUaDevice> {
  const folder = await mkdtemp(join(tmpdir(), 'relight-opcua-server-'));
  const values: Record<SignalName, PointValue> = {
    position: 'open',
    localRemote: true,
    current_A: 100,
  };
  const variables = new Map<SignalName, Variable>();
  const writes: { operation: string; token: number }[] = [];
  let selected: { number: number; operation: number } | null = null;
  let cut = false;
  let refuse = false;
  let server: OPCUAServer | null = null;
  let port = 0;

  const publish = (signal: SignalName): void => {
    const variable = variables.get(signal);
    const value = values[signal];
    if (signal === 'position') {
      const code = POSITION_CODES.findIndex((name) => name === value);
      variable?.setValueFromSource({ dataType: DataType.UInt16, value: code });
    } else if (signal === 'localRemote') {
      variable?.setValueFromSource({ dataType: DataType.Boolean, value: value === true });
    } else {
      variable?.setValueFromSource({ dataType: DataType.Double, value: Number(value) });
    }
  };

  const operate = (number: number, operation: number): StatusCode | null => {
    if (selected?.number !== number || selected.operation !== operation) {
      return StatusCodes.BadInvalidState;
    }
    selected = null;
    writes.push({ operation: operation === 2 ? 'close' : 'open', token: number });
    if (refuse) {
      refuse = false;
      return StatusCodes.BadRequestNotAllowed;
    }
    values.position = operation === 2 ? 'closed' : 'open';
    publish('position');
    if (!cut) return StatusCodes.Good;
    cut = false;
    proxy.reset();
    return null;
  };

  const listen = async (): Promise<void> => {
    port = await freePort();
    const manager = new OPCUACertificateManager({
      rootFolder: folder,
      disableFileWatchers: true,
    });
    server = new OPCUAServer({
      port,
      hostname: '127.0.0.1',
      serverCertificateManager: manager,
      allowAnonymous: true,
      skipOwnNamespace: false,
      serverInfo: { applicationName: { text: 'L1' } },
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    if (space === null) throw new Error('no address space');
    const namespace = space.getOwnNamespace();
    const device = namespace.addObject({
      organizedBy: space.rootFolder.objects,
      browseName: 'L1',
      nodeId: 's=L1',
    });
    const types = { position: 'UInt16', localRemote: 'Boolean', current_A: 'Double' } as const;
    for (const signal of ['position', 'localRemote', 'current_A'] as const) {
      const variable = namespace.addVariable({
        componentOf: device,
        browseName: signal,
        nodeId: `s=L1.${signal}`,
        dataType: types[signal],
        minimumSamplingInterval: 0,
      });
      variables.set(signal, variable);
      publish(signal);
    }
    const methods: Record<string, (number: number, operation: number) => StatusCode | null> = {
      Select(number, operation) {
        selected = { number, operation };
        return StatusCodes.Good;
      },
      Operate: operate,
      Cancel() {
        selected = null;
        return StatusCodes.Good;
      },
    };
    for (const [name, run] of Object.entries(methods)) {
      const names = name === 'Cancel' ? ['controlNumber'] : ['controlNumber', 'operation'];
      const method = namespace.addMethod(device, {
        browseName: name,
        nodeId: `s=L1.${name}`,
        inputArguments: names.map((argument) => ({
          name: argument,
          dataType: argument === 'operation' ? DataType.UInt16 : DataType.UInt32,
        })),
        outputArguments: [],
      });
      method.bindMethod((inputs, _context, callback) => {
        const [number = 0, operation = 0] = inputs.map((input) => Number(input.value));
        const statusCode = run(number, operation);
        callback(null, { statusCode: statusCode ?? StatusCodes.Good });
      });
    }
    await server.start();
  };

  const proxy = new TcpProxy(() => port);
  await listen();
  await proxy.open();
  const node = (name: string): string => `ns=1;s=L1.${name}`;
  return {
    pointList: {
      format: 'relight-points/1',
      grid: 'conformance',
      rtus: [
        {
          id: 'R1',
          protocol: 'opcua',
          endpoint: `opc.tcp://127.0.0.1:${proxy.port}`,
          timeout_ms: 1_000,
        },
      ],
      points: [
        {
          id: 'L1.position',
          rtu: 'R1',
          equipment: 'L1',
          signal: 'position',
          nodeId: node('position'),
          command: {
            object: 'ns=1;s=L1',
            select: node('Select'),
            operate: node('Operate'),
            cancel: node('Cancel'),
          },
        },
        {
          id: 'L1.localRemote',
          rtu: 'R1',
          equipment: 'L1',
          signal: 'localRemote',
          nodeId: node('localRemote'),
        },
        {
          id: 'L1.current_A',
          rtu: 'R1',
          equipment: 'L1',
          signal: 'current_A',
          nodeId: node('current_A'),
        },
      ],
    },
    set(signal, value) {
      values[signal] = value;
      publish(signal);
    },
    invalidate() {
      variables
        .get('current_A')
        ?.setValueFromSource({ dataType: DataType.Double, value: 0 }, StatusCodes.BadSensorFailure);
    },
    writes,
    freeze: () => proxy.freeze(),
    thaw: () => proxy.thaw(),
    reset: () => proxy.reset(),
    cutAfterNextOperate() {
      cut = true;
    },
    refuseNextOperate() {
      refuse = true;
    },
    samplingIntervals() {
      const intervals: number[] = [];
      for (const channel of server?.endpoints ?? []) {
        for (const one of channel.getChannels()) {
          const sessions: unknown = one.sessionTokens;
          for (const session of Object.values(sessions as Record<string, ServerSession>)) {
            for (const subscription of session.publishEngine.subscriptions) {
              subscription.applyOnMonitoredItem((item) => intervals.push(item.samplingInterval));
            }
          }
        }
      }
      return intervals;
    },
    async stop() {
      await proxy.close();
      await server?.shutdown(0);
      server = null;
      await rm(folder, { recursive: true, force: true });
    },
    async start() {
      await listen();
      await proxy.open();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
