/** A thread with one OPC UA server for the benches: so many variables, some of which change. */
import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { OPCUAServer } from 'node-opcua-server';

const asked = workerData as {
  readonly variables: number;
  readonly changesPerSecond: number;
  readonly pkiFolder: string;
};
/** Changes are written this often, ms. */
const TICK_ms = 50;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const port = await freePort();
const server = new OPCUAServer({
  host: '127.0.0.1',
  hostname: '127.0.0.1',
  port,
  serverCertificateManager: new OPCUACertificateManager({
    rootFolder: asked.pkiFolder,
    disableFileWatchers: true,
  }),
  serverCapabilities: { maxMonitoredItems: 2 * asked.variables },
});
await server.initialize();
const space = server.engine.addressSpace;
if (space === null) throw new Error('no address space');
const namespace = space.getOwnNamespace();
const folder = namespace.addObject({ browseName: 'bench', organizedBy: space.rootFolder.objects });
const variables = Array.from({ length: asked.variables }, (_, order) => {
  const variable = namespace.addVariable({
    componentOf: folder,
    browseName: String(order),
    nodeId: `ns=1;s=${order}`,
    dataType: 'Double',
    minimumSamplingInterval: 0,
  });
  variable.setValueFromSource({ dataType: 'Double', value: order });
  return variable;
});
await server.start();
let next = 0;
let written = 0;
setInterval(() => {
  for (let i = 0; i < (asked.changesPerSecond * TICK_ms) / 1_000; i++) {
    variables[next]?.setValueFromSource({ dataType: 'Double', value: Date.now() });
    next = (next + 1) % variables.length;
    written += 1;
  }
  parentPort?.postMessage({ written });
}, TICK_ms);
parentPort?.postMessage({ port });
