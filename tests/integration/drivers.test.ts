import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createModbusDriver } from '@relight/gateway-modbus';
import { modbusDevice } from './drivers/modbus-device.ts';
import { createOpcUaDriver } from '@relight/gateway-opcua';
import { opcUaDevice } from './drivers/opcua-device.ts';
import { describeDriver } from '../../packages/gateway/src/testing/driver-conformance.ts';

let pkiFolder = '';
beforeAll(async () => {
  pkiFolder = await mkdtemp(join(tmpdir(), 'relight-pki-'));
});
afterAll(() => rm(pkiFolder, { recursive: true, force: true }));

describeDriver({
  name: 'Modbus TCP',
  sourceTime: true,
  device: modbusDevice,
  driver(rtu, points, dependencies) {
    if (rtu.protocol !== 'modbus-tcp') throw new Error(`${rtu.id} is no Modbus device`);
    return createModbusDriver(rtu, points, dependencies);
  },
});

describeDriver({
  name: 'OPC UA',
  sourceTime: true,
  device: opcUaDevice,
  driver(rtu, points, dependencies) {
    if (rtu.protocol !== 'opcua') throw new Error(`${rtu.id} is no OPC UA server`);
    return createOpcUaDriver(rtu, points, { ...dependencies, pkiFolder });
  },
});
