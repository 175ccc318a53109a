import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Modbus functions that write: single coil and register, several of each. */
const WRITES: ReadonlySet<number> = new Set([5, 6, 15, 16]);
const FUNCTION_AT = 7;

/** Where the next connection is to be cut. */
export interface Cut {
  /** Bytes to the RTU, or its answers. */
  readonly direction: 'request' | 'reply';
  /** Which write from now on: 1 is the next one (it arms), 2 the one after it (it operates). */
  readonly write: number;
  /** So many bytes of that write, or of the answer to it, still pass. */
  readonly after_bytes: number;
}

/** A wire between a gateway and one RTU that can be cut at any byte around a write. */
export class CutProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #armed: { readonly cut: Cut; left_bytes: number; writes: number } | null = null;
  /** Connections cut so far. */
  cuts = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(target: { readonly host: string; readonly port: number }): Promise<CutProxy> {
    const server = createServer();
    const proxy = new CutProxy(server);
    server.on('connection', (near) => proxy.#carry(near, connect(target.port, target.host)));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts there, once. */
  arm(cut: Cut): void {
    this.#armed = { cut, left_bytes: cut.after_bytes, writes: 0 };
  }

  /** Nothing more is cut. */
  disarm(): void {
    this.#armed = null;
  }

  #carry(near: Socket, far: Socket): void {
    for (const [from, to, direction] of [
      [near, far, 'request'],
      [far, near, 'reply'],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => this.#pass(chunk, direction, to, [near, far]));
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('error', () => to.destroy());
    }
  }

  #pass(chunk: Buffer, direction: Cut['direction'], to: Socket, both: readonly Socket[]): void {
    const armed = this.#armed;
    // A master asks one thing at a time, so that a chunk to the RTU is one frame.
    if (armed !== null && direction === 'request' && WRITES.has(chunk[FUNCTION_AT] ?? 0)) {
      armed.writes += 1;
    }
    if (armed === null || armed.writes < armed.cut.write || direction !== armed.cut.direction) {
      to.write(chunk);
      return;
    }
    if (chunk.length <= armed.left_bytes) {
      armed.left_bytes -= chunk.length;
      to.write(chunk);
      return;
    }
    this.#armed = null;
    this.cuts += 1;
    const last = chunk.subarray(0, armed.left_bytes);
    // What has passed must arrive before the reset; nothing of the rest ever does.
    to.write(last, () => {
      setTimeout(() => both.forEach((socket) => socket.resetAndDestroy()), 5);
    });
    both.forEach((socket) => socket.pause());
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
