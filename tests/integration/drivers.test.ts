import { createModbusDriver } from '../../packages/gateway-modbus/src/modbus-driver.ts';
import { modbusDevice } from '../../packages/gateway-modbus/src/testing/modbus-device.ts';
import { describeDriver } from '../../packages/gateway/src/testing/driver-conformance.ts';

describeDriver({
  name: 'Modbus TCP',
  sourceTime: true,
  device: modbusDevice,
  driver(rtu, points, dependencies) {
    if (rtu.protocol !== 'modbus-tcp') throw new Error(`${rtu.id} is no Modbus device`);
    return createModbusDriver(rtu, points, dependencies);
  },
});
