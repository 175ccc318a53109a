import { createServer, type Server } from 'node:net';

/** So many ports of the loopback interface that nobody listened on a moment ago, all different. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const probes = await Promise.all(Array.from({ length: count }, openProbe));
  const ports = probes.map((probe) => {
    const address = probe.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(probes.map(closeProbe));
  return ports;
}

async function openProbe(): Promise<Server> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  return probe;
}

async function closeProbe(probe: Server): Promise<void> {
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}
