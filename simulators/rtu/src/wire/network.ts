import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A place on a network. Port 0, where one listens: a free one. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionOptions {
  /** The own direction stays open when the peer ends its own. */
  readonly allowHalfOpen?: boolean;
}

/** A place that is listened at. */
export interface Listener {
  readonly port: number;
  /** Listens no more; resolves once every connection it has accepted is gone. */
  close(): Promise<void>;
}

/** What carries connections: `sockets`, or a `MemoryNetwork`. */
export interface Network {
  /** @throws With `code` EADDRINUSE where somebody listens already. */
  listen(
    place: Place,
    accept: (socket: Socket) => void,
    options?: ConnectionOptions,
  ): Promise<Listener>;
  /** Begins to connect; what became of it the socket's events tell: `connect`, or `error`. */
  connect(place: Place, options?: ConnectionOptions): Socket;
}

/** TCP, as the operating system has it. */
export const sockets: Network = {
  async listen({ host, port }, accept, options = {}) {
    const server = createServer({ noDelay: true, ...options }, accept);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : port,
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
  connect: (place, options = {}) => connect({ ...place, ...options }),
};
