import type { Dial } from '@relight/gateway';
import type { OPCUAClientOptions } from 'node-opcua-client';
import type { ISocketLike } from 'node-opcua-transport';

type TransportFactory = NonNullable<OPCUAClientOptions['transportFactory']>;

/**
 * Lets node-opcua speak over connections that `dial` makes. Its own way to take over a connection
 * that stands already, made for servers that call their clients (Part 6, 7.1.3), does the rest:
 * from the first byte on (HEL) it is the protocol as over TCP.
 * @param limit_ms - A connection that does not stand by then is given up.
 */
export async function dialedTransport(
  dial: Dial,
  endpoint: string,
  limit_ms: number,
): Promise<TransportFactory> {
  const { makeReverseClientTransportFactory, parseEndpointUrl } =
    await import('node-opcua-transport');
  const { hostname, port } = parseEndpointUrl(endpoint);
  return makeReverseClientTransportFactory(() => {
    const socket = dial({ host: hostname ?? '', port: Number(port) });
    const tooLate = (): unknown => socket.destroy(new Error('connecting timed out'));
    socket.setTimeout(limit_ms, tooLate);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.setTimeout(0).off('timeout', tooLate);
        resolve({ socket: socket as ISocketLike, serverUri: '', endpointUrl: endpoint });
      });
    });
  });
}
