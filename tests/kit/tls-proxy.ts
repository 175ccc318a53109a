import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';

const FOLDER = new URL('./tls/', import.meta.url);
/** Made for these tests, by nobody else's authority; its key is public. */
export const CERTIFICATE = readFileSync(new URL('certificate.pem', FOLDER), 'utf8');

export interface TlsProxy {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** What a proxy adds: the name it was asked by, that it came by TLS, and from whom. */
function forwarded({ headers, socket }: IncomingMessage): Record<string, string | string[]> {
  const before = headers['x-forwarded-for'];
  const from = socket.remoteAddress ?? '';
  return {
    ...(headers as Record<string, string | string[]>),
    'x-forwarded-proto': 'https',
    'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
  };
}

/**
 * A proxy that ends TLS before a control centre, as one in front of a production system does:
 * requests and upgrades go on unchanged but for the headers a proxy adds.
 */
export async function startTlsProxy(target: number): Promise<TlsProxy> {
  const server = createServer(
    { cert: CERTIFICATE, key: readFileSync(new URL('key.pem', FOLDER)) },
    (incoming, outgoing) => {
      const { method, url } = incoming;
      const asking = request(
        { host: '127.0.0.1', port: target, method, path: url, headers: forwarded(incoming) },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      asking.on('error', () => outgoing.destroy());
      incoming.pipe(asking);
    },
  );
  server.on('upgrade', (incoming, socket, head: Buffer) => {
    const onward = connect(target, '127.0.0.1', () => {
      const lines = Object.entries(forwarded(incoming)).map(
        ([name, value]) => `${name}: ${String(value)}`,
      );
      onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) {
      end.on('error', () => {
        onward.destroy();
        socket.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
