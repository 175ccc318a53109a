import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { POSITION_CODES } from '@relight/contract';
import type { PointValue } from '@relight/contract';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { DataType, StatusCodes } from 'node-opcua-client';
import type { StatusCode } from 'node-opcua-client';
import { OPCUAServer } from 'node-opcua-server';

/** A server that does not listen still has to name one. */
const UNUSED_PORT = 4_840;

type SignalName = 'position' | 'localRemote' | 'current_A';

interface Variable {
  setValueFromSource(value: { dataType: DataType; value: unknown }, status?: StatusCode): void;
}

/** What is looked at inside the server, to see how it was asked to sample. */
interface ServerSession {
  readonly publishEngine: {
    readonly subscriptions: readonly {
      applyOnMonitoredItem(
        visit: (item: { readonly isExceptionBased: boolean }) => Promise<void>,
      ): Promise<void>;
    }[];
  };
}

/** The listener inside an endpoint; node-opcua offers no way to hand it a connection. */
interface Inside {
  readonly _server: Server;
}

/** The load break switch `L1` as an OPC UA server: object `L1`, variables and methods `L1.NAME`. */
export interface OpcUaSwitchServer {
  readonly port: number;
  set(signal: SignalName, value: PointValue): void;
  /** The current is reported with a bad status from now on. */
  invalidate(): void;
  /** Operate calls that were carried out or refused, in order. */
  readonly writes: readonly { readonly operation: string; readonly token: number }[];
  /** Run after the next Operate has moved the switch, before its answer. */
  afterNextOperate(task: () => void): void;
  refuseNextOperate(): void;
  /** For each monitored item: true if a change is reported as it happens, without sampling. */
  exceptionBased(): Promise<readonly boolean[]>;
  /** Ends the server; `open` starts another one, on another port, with the same values. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** Answers on a connection that stands, whatever carries it. */
  serve(socket: Socket): void;
}

/**
 * Starts the server on a free port of loopback.
 * @param listens - False: no socket is opened; `serve` is the only way in.
 */
export async function opcUaSwitchServer({ listens = true } = {}): Promise<OpcUaSwitchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'relight-opcua-server-'));
  const values: Record<SignalName, PointValue> = {
    position: 'open',
    localRemote: true,
    current_A: 100,
  };
  const variables = new Map<SignalName, Variable>();
  const writes: { operation: string; token: number }[] = [];
  let selected: { number: number; operation: number } | null = null;
  let afterOperate: (() => void) | null = null;
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

  const operate = (number: number, operation: number): StatusCode => {
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
    afterOperate?.();
    afterOperate = null;
    return StatusCodes.Good;
  };

  const listen = async (): Promise<void> => {
    port = listens ? await freePort() : UNUSED_PORT;
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
    const methods: Record<string, (number: number, operation: number) => StatusCode> = {
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
        callback(null, { statusCode });
      });
    }
    if (!listens) {
      for (const { _server } of insides()) {
        _server.listen = (...args: unknown[]) => {
          const told = args.findLast((one) => typeof one === 'function');
          if (told !== undefined) queueMicrotask(() => told());
          return _server;
        };
      }
    }
    await server.start();
  };
  const insides = (): readonly Inside[] => {
    return (server?.endpoints ?? []) as unknown as readonly Inside[];
  };

  await listen();
  return {
    get port() {
      return port;
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
    afterNextOperate(task) {
      afterOperate = task;
    },
    refuseNextOperate() {
      refuse = true;
    },
    async exceptionBased() {
      const items: boolean[] = [];
      for (const channel of server?.endpoints ?? []) {
        for (const one of channel.getChannels()) {
          const sessions: unknown = one.sessionTokens;
          for (const session of Object.values(sessions as Record<string, ServerSession>)) {
            for (const subscription of session.publishEngine.subscriptions) {
              await subscription.applyOnMonitoredItem(async (item) => {
                items.push(item.isExceptionBased);
              });
            }
          }
        }
      }
      return items;
    },
    async close() {
      await server?.shutdown(0);
      server = null;
      await rm(folder, { recursive: true, force: true });
    },
    open: listen,
    serve(socket) {
      // As after an accept of its own: paused, until the endpoint is ready for the first byte.
      socket.pause();
      for (const { _server } of insides()) _server.emit('connection', socket);
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
