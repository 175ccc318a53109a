import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModbusDriver } from '@relight/gateway-modbus';
import { createOpcUaDriver } from '@relight/gateway-opcua';
import { afterAll, beforeAll } from 'vitest';
import type { ConformanceSubject } from '../../../packages/gateway/src/testing/conformance-rig.ts';
import type { Network } from '../../../simulators/rtu/src/index.ts';
import { modbusDevice } from './modbus-device.ts';
import { opcUaDevice } from './opcua-device.ts';

/**
 * Both drivers for the conformance suite, with the real bytes of their protocols.
 * @param make - The network under each device.
 */
export function bothDrivers(make: () => Network): readonly ConformanceSubject[] {
  let pkiFolder = '';
  beforeAll(async () => {
    pkiFolder = await mkdtemp(join(tmpdir(), 'relight-pki-'));
  });
  afterAll(() => rm(pkiFolder, { recursive: true, force: true }));

  return [
    {
      name: 'Modbus TCP',
      sourceTime: true,
      readsBackOnSelect: true,
      device: () => modbusDevice(make()),
      driver(rtu, points, dependencies) {
        if (rtu.protocol !== 'modbus-tcp') throw new Error(`${rtu.id} is no Modbus device`);
        return createModbusDriver(rtu, points, dependencies);
      },
    },
    {
      name: 'OPC UA',
      sourceTime: true,
      readsBackOnSelect: false,
      device: () => opcUaDevice(make()),
      driver(rtu, points, dependencies) {
        if (rtu.protocol !== 'opcua') throw new Error(`${rtu.id} is no OPC UA server`);
        return createOpcUaDriver(rtu, points, { ...dependencies, pkiFolder });
      },
    },
  ];
}
