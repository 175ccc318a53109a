import { opcUaSwitchServer } from '../../../packages/gateway-opcua/src/testing/opcua-switch-server.ts';
import type { DeviceUnderTest } from '../../../packages/gateway/src/testing/conformance-rig.ts';
import { FaultProxy, sockets } from '../../../simulators/rtu/src/index.ts';
import type { Network } from '../../../simulators/rtu/src/index.ts';

export interface OpcUaDevice extends DeviceUnderTest {
  exceptionBased(): Promise<readonly boolean[]>;
}

/** The load break switch `L1` of the conformance suite, as an OPC UA server behind a wire. */
export async function opcUaDevice(network: Network): Promise<OpcUaDevice> {
  const listens = network === sockets;
  const server = await opcUaSwitchServer({ listens });
  // The library listens at sockets itself; elsewhere its connections are handed in.
  const place = { host: '127.0.0.1', port: server.port };
  const listen = () => network.listen(place, (socket) => server.serve(socket));
  let listener = listens ? null : await listen();
  const proxy = new FaultProxy(() => server.port, 1, network);
  await proxy.open();
  const point = (signal: string): object => ({
    id: `L1.${signal}`,
    rtu: 'R1',
    equipment: 'L1',
    signal,
    nodeId: `ns=1;s=L1.${signal}`,
  });
  const command = {
    object: 'ns=1;s=L1',
    select: 'ns=1;s=L1.Select',
    operate: 'ns=1;s=L1.Operate',
    cancel: 'ns=1;s=L1.Cancel',
  };
  return {
    ...(network === sockets ? {} : { dial: (place) => network.connect(place) }),
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
      points: [{ ...point('position'), command }, point('localRemote'), point('current_A')],
    },
    set: (signal, value) => server.set(signal, value),
    invalidate: () => server.invalidate(),
    writes: server.writes,
    freeze: () => proxy.set({ blackHole: true }),
    thaw: () => proxy.set({ blackHole: false }),
    reset: () => proxy.reset(),
    cutAfterNextOperate: () => server.afterNextOperate(() => proxy.reset()),
    refuseNextOperate: () => server.refuseNextOperate(),
    exceptionBased: () => server.exceptionBased(),
    async stop() {
      await proxy.close();
      await server.close();
      await listener?.close();
    },
    async start() {
      await server.open();
      if (!listens) listener = await listen();
      await proxy.open();
    },
  };
}
