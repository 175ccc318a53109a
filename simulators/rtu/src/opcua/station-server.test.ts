import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PointFile } from '@relight/contract';
import { placeFault } from '@relight/plant';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import type { ClientSession, OPCUAClient } from 'node-opcua-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulation, type RunningSimulation } from '../start-simulation.ts';
import { smallStation } from '../testing/small-station.ts';

// One import costs a second: only where it is needed.
const opcua = createRequire(import.meta.url)(
  'node-opcua-client',
) as typeof import('node-opcua-client');

let simulation: RunningSimulation;
let pkiFolder: string;
let client: OPCUAClient;
let session: ClientSession;
beforeAll(async () => {
  simulation = await startSimulation({ grid: smallStation(), speed: 20 });
  pkiFolder = await mkdtemp(join(tmpdir(), 'relight-client-pki-'));
  client = opcua.OPCUAClient.create({
    endpointMustExist: false,
    clientCertificateManager: new OPCUACertificateManager({
      rootFolder: pkiFolder,
      disableFileWatchers: true,
    }),
  });
  await client.connect(simulation.points.rtus.find((rtu) => rtu.id === 'RTU-S')?.endpoint ?? '');
  session = await client.createSession();
});
afterAll(async () => {
  await session.close();
  await client.disconnect();
  await simulation.stop();
  await rm(pkiFolder, { recursive: true });
});

function point(id: string): PointFile {
  const found = simulation.points.points.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no point ${id}`);
  return found;
}

async function read(id: string) {
  const { value, statusCode, sourceTimestamp } = await session.read({
    nodeId: point(id).nodeId ?? '',
  });
  return { value: value.value as unknown, status: statusCode.name, at: sourceTimestamp };
}

async function call(method: 'select' | 'operate' | 'cancel', ...args: readonly number[]) {
  const { command } = point('S.471.position');
  if (command === undefined || !('object' in command)) throw new Error('no methods');
  const types = [opcua.DataType.UInt32, opcua.DataType.UInt16];
  const result = await session.call({
    objectId: command.object,
    methodId: command[method],
    inputArguments: args.map((value, index) => ({ dataType: types[index]!, value })),
  });
  return result.statusCode.name;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error('it did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a station over OPC UA', () => {
  test('shows every point of the list with status and source time', async () => {
    const own = simulation.points.points.filter((each) => each.rtu === 'RTU-S');
    expect(own.length).toBeGreaterThan(10);
    for (const { id } of own) expect((await read(id)).status).toBe('Good');
    expect((await read('S.471.position')).value).toBe(2);
    expect((await read('S.bus.voltage_kV')).value).toBe(22);
    const { value, at } = await read('S.471.activePower_kW');
    expect(Math.abs(Number(value) - 3_000)).toBeLessThan(30);
    expect(Math.abs(Date.now() - (at?.getTime() ?? 0))).toBeLessThan(10_000);
  });

  test('moves on select and operate with the same number, once', async () => {
    expect(await call('operate', 41, 1)).toBe('BadInvalidState');
    expect(await call('select', 41, 1)).toBe('Good');
    expect(await call('operate', 42, 1)).toBe('BadInvalidState');
    expect(await call('select', 41, 1)).toBe('Good');
    expect(await call('operate', 41, 1)).toBe('Good');
    expect(await call('operate', 41, 1)).toBe('BadInvalidState');
    await until(async () => (await read('S.471.position')).value === 1);
    expect(await call('select', 43, 2)).toBe('Good');
    expect(await call('operate', 43, 2)).toBe('Good');
    await until(async () => (await read('S.471.position')).value === 2);
    expect(simulation.wire().map(({ kind, token, value }) => [kind, token, value])).toEqual([
      ['operate', 41, 1],
      ['select', 41, 1],
      ['operate', 42, 1],
      ['select', 41, 1],
      ['operate', 41, 1],
      ['operate', 41, 1],
      ['select', 43, 2],
      ['operate', 43, 2],
    ]);
  });

  test('a cancelled selection cannot be operated, a strange operation not selected', async () => {
    expect(await call('select', 50, 1)).toBe('Good');
    expect(await call('cancel', 50)).toBe('Good');
    expect(await call('operate', 50, 1)).toBe('BadInvalidState');
    expect(await call('select', 51, 9)).toBe('BadInvalidArgument');
  });

  test('another session cannot take a selection over', async () => {
    const other = await client.createSession();
    const { command } = point('S.471.position');
    if (command === undefined || !('object' in command)) throw new Error('no methods');
    expect(await call('select', 60, 1)).toBe('Good');
    const taken = await other.call({
      objectId: command.object,
      methodId: command.select,
      inputArguments: [
        { dataType: opcua.DataType.UInt32, value: 61 },
        { dataType: opcua.DataType.UInt16, value: 1 },
      ],
    });
    expect(taken.statusCode.name).toBe('BadResourceUnavailable');
    expect(await call('cancel', 60)).toBe('Good');
    await other.close();
  });

  test('reports a change by exception, dated by the device', async () => {
    const before_ms = Date.now();
    const seen: { value: unknown; at_ms: number }[] = [];
    const subscription = await session.createSubscription2({
      requestedPublishingInterval: 50,
      publishingEnabled: true,
    });
    const item = await subscription.monitor(
      { nodeId: point('S.471.lockout').nodeId ?? '', attributeId: opcua.AttributeIds.Value },
      { samplingInterval: 0, queueSize: 5, discardOldest: true },
      opcua.TimestampsToReturn.Both,
    );
    item.on('changed', (data) => {
      const at_ms = data.sourceTimestamp?.getTime() ?? 0;
      seen.push({ value: data.value.value as unknown, at_ms });
    });
    placeFault(simulation.plant(), { equipment: 'L1' });
    await until(async () => seen.at(-1)?.value === true);
    expect(seen.at(-1)?.at_ms).toBeGreaterThanOrEqual(before_ms - 5);
    await subscription.terminate();
  });

  test('vanished, its values are bad and its methods refuse', async () => {
    const answer = await fetch(`${simulation.control}/devices/S.471/misbehaviour`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulation.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ vanish: true }),
    });
    expect(answer.status).toBe(200);
    await until(async () => (await read('S.471.position')).status === 'BadNoCommunication');
    expect((await read('S.bus.voltage_kV')).status).toBe('Good');
    expect(await call('select', 70, 1)).toBe('BadNoCommunication');
  });
});
