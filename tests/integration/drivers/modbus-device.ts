import { POSITION_CODES } from '@relight/contract';
import {
  ModbusException,
  ModbusServer,
} from '../../../packages/gateway-modbus/src/testing/modbus-server.ts';
import type { DeviceUnderTest } from '../../../packages/gateway/src/testing/conformance-rig.ts';
import { FaultProxy, sockets } from '../../../simulators/rtu/src/index.ts';
import type { Network } from '../../../simulators/rtu/src/index.ts';

/** Input registers: 0 position, 1 its quality, 2–5 its time, 6 local/remote, 8–9 current, 10 its quality. */
const CURRENT = 8;
/** Holding registers: 0–1 arm, 2 operate. */
const OPERATE = 2;

/** The load break switch `L1` of the conformance suite, as a Modbus device behind a wire. */
export async function modbusDevice(network: Network): Promise<DeviceUnderTest> {
  const inputs = new Uint16Array(16);
  const holdings = new Uint16Array(4);
  const words = new DataView(new ArrayBuffer(8));
  let armedWith: number | null = null;
  let cut = false;
  let refuse = false;
  const writes: { operation: string; token: number }[] = [];

  const setPosition = (position: string): void => {
    inputs[0] = POSITION_CODES.findIndex((name) => name === position);
    words.setBigUint64(0, BigInt(Date.now()));
    for (let i = 0; i < 4; i++) inputs[2 + i] = words.getUint16(2 * i);
  };
  const setCurrent = (ampere: number): void => {
    words.setFloat32(0, ampere);
    inputs[CURRENT] = words.getUint16(0);
    inputs[CURRENT + 1] = words.getUint16(2);
  };
  setPosition('open');
  setCurrent(100);
  inputs[6] = 1;

  const server = new ModbusServer({
    readRegister(table, address) {
      const value = (table === 'inputRegister' ? inputs : holdings)[address];
      if (value === undefined) throw new ModbusException(2);
      return value;
    },
    readBit() {
      throw new ModbusException(2);
    },
    writeRegisters(address, values) {
      if (address === 0 && values.length === 2) {
        armedWith = (values[0] ?? 0) * 65_536 + (values[1] ?? 0);
        return;
      }
      if (address !== OPERATE) throw new ModbusException(2);
      const operation = ['', 'open', 'close'][values[0] ?? 0] ?? '';
      if (operation === '' || armedWith === null) throw new ModbusException(3);
      writes.push({ operation, token: armedWith });
      armedWith = null;
      if (refuse) {
        refuse = false;
        throw new ModbusException(6);
      }
      setPosition(operation === 'close' ? 'closed' : 'open');
      if (cut) {
        cut = false;
        proxy.reset();
      }
    },
  });
  const home = { host: '127.0.0.1', port: 0 };
  const listen = () => network.listen(home, (socket) => server.serve(socket));
  let listener = await listen();
  const proxy = new FaultProxy(() => listener.port, 1, network);
  await proxy.open();
  const inputs32 = { table: 'inputRegister', rtu: 'R1', equipment: 'L1' };
  return {
    ...(network === sockets ? {} : { dial: (place) => network.connect(place) }),
    pointList: {
      format: 'relight-points/1',
      grid: 'conformance',
      rtus: [
        {
          id: 'R1',
          protocol: 'modbus-tcp',
          host: '127.0.0.1',
          port: proxy.port,
          timeout_ms: 800,
          pollClasses: { fast: { period_ms: 200 } },
        },
      ],
      points: [
        {
          ...inputs32,
          id: 'L1.position',
          signal: 'position',
          address: 0,
          qualityAddress: 1,
          timeAddress: 2,
          command: { arm: 0, operate: OPERATE },
        },
        { ...inputs32, id: 'L1.localRemote', signal: 'localRemote', address: 6 },
        {
          ...inputs32,
          id: 'L1.current_A',
          signal: 'current_A',
          address: CURRENT,
          type: 'float32',
          qualityAddress: 10,
        },
      ],
    },
    set(signal, value) {
      if (signal === 'position') setPosition(String(value));
      else if (signal === 'current_A') setCurrent(Number(value));
      else inputs[6] = value === true ? 1 : 0;
    },
    invalidate() {
      inputs[10] = 0x80;
    },
    writes,
    freeze: () => proxy.set({ blackHole: true }),
    thaw: () => proxy.set({ blackHole: false }),
    reset: () => proxy.reset(),
    cutAfterNextOperate() {
      cut = true;
    },
    refuseNextOperate() {
      refuse = true;
    },
    async stop() {
      await proxy.close();
      await Promise.all([server.close(), listener.close()]);
    },
    async start() {
      listener = await listen();
      await proxy.open();
    },
  };
}
