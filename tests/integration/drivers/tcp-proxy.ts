import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A wire that can be frozen, cut and taken away, between a gateway and a device on loopback. */
export class TcpProxy {
  readonly #target: () => number;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #server: Server | null = null;
  #port = 0;
  #frozen = false;

  /** @param target - Port of the device, asked for at each connection. */
  constructor(target: () => number) {
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; on the same port again after `close`. */
  async open(): Promise<void> {
    // Half-open allowed: an end is passed on like any byte, and held back while frozen.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) =>
      this.#join(near),
    );
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Connections stay up, new ones are accepted, and nothing passes. */
  freeze(): void {
    this.#frozen = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** What was held back passes now. */
  thaw(): void {
    this.#frozen = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** Cuts every connection with a TCP reset. */
  reset(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
    this.#pairs.clear();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.thaw();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#pairs.clear();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #join(near: Socket): void {
    const far = connect({ port: this.#target(), host: '127.0.0.1', allowHalfOpen: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay();
      from.on('data', (bytes) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('error', () => {});
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      if (this.#frozen) from.pause();
      else from.resume();
    }
  }
}
