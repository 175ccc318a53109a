import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, type MessagePort } from 'node:worker_threads';
import { createMessagePortBus, type GatewayBus } from '@relight/bus';
import type { GatewayMessage, GatewayRequest, PointListFile } from '@relight/contract';
import { assert, RandomStream } from '@relight/foundation';
import {
  createGateway,
  fileCommandStore,
  parsePointList,
  type Rtu,
  type Driver,
} from '@relight/gateway';
import { createModbusDriver } from '@relight/gateway-modbus';
import { createOpcUaDriver } from '@relight/gateway-opcua';
import { Authority } from '@relight/journal';
import { z } from 'zod';
import { SystemClock } from './system-clock.ts';

/** The first message to the gateway's thread: what it begins with. The point list was checked by the control centre. */
export interface GatewayStart {
  readonly points: PointListFile;
  /** Holds the command ids that were used and the OPC UA client's certificates. */
  readonly directory: string;
  /** Seed of the jitter of polls and back-off. */
  readonly seed: number;
  /** Memory of the `Authority` of this control centre. */
  readonly authority: SharedArrayBuffer;
}

/**
 * Passwords of the users of OPC UA servers, by RTU id, from `opcua-passwords.json` in the
 * gateway's folder. Read at every connection, so that a changed one needs no restart; they are
 * kept nowhere else.
 */
function passwordsIn(directory: string): Readonly<Record<string, string>> {
  try {
    const json: unknown = JSON.parse(readFileSync(join(directory, 'opcua-passwords.json'), 'utf8'));
    return z.record(z.string(), z.string()).parse(json);
  } catch {
    return {}; // Then the link says that there is no password.
  }
}

/** The gateway's thread: real sockets, real clock; everything else comes over the bus. */
async function run(start: GatewayStart, bus: GatewayBus): Promise<void> {
  const parsed = parsePointList(start.points);
  assert(parsed.ok, 'the control centre has checked the point list');
  const pointList = parsed.value;
  const clock = new SystemClock();
  mkdirSync(start.directory, { recursive: true });
  const driverFor = (rtu: Rtu): Driver => {
    const points = pointList.points.filter((point) => point.rtu === rtu.id);
    const dependencies = { clock, chance: new RandomStream(start.seed, rtu.id) };
    return rtu.protocol === 'opcua'
      ? createOpcUaDriver(rtu, points, {
          ...dependencies,
          pkiFolder: join(start.directory, 'pki'),
          passwordOf: (id) => passwordsIn(start.directory)[id],
        })
      : createModbusDriver(rtu, points, dependencies);
  };
  const authority = new Authority(start.authority);
  const gateway = createGateway({
    mayWrite: () => authority.holds,
    pointList,
    drivers: pointList.rtus.map(driverFor),
    clock,
    bus,
    commandStore: await fileCommandStore(join(start.directory, 'commands.jsonl')),
  });
  gateway.start();
}

/** Waits with everything loaded, so that a standby that takes over has only to connect. */
function awaitBegin(port: MessagePort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.once('message', (start: GatewayStart) => {
      // In the same turn: the next message is already one of the bus.
      const bus = createMessagePortBus<GatewayMessage, GatewayRequest>(port);
      run(start, bus).then(resolve, reject);
    });
  });
}

assert(parentPort !== null, 'the gateway runs in a worker thread');
await awaitBegin(parentPort);
