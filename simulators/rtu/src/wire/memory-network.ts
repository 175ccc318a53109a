import { Socket } from 'node:net';
import type { ConnectionOptions, Listener, Network, Place } from './network.ts';

/** Bytes that may wait for their reader before the sender has to wait, as a TCP window does. */
const WINDOW = 256 * 1024;
/** Ports given to those who ask for a free one, and to the near ends of connections. */
const FIRST_PORT = 49_152;

interface Listening {
  readonly accept: (socket: Socket) => void;
  readonly options: ConnectionOptions;
  readonly open: Set<MemorySocket>;
}

/**
 * Connections within this process, without a socket of the operating system: for everybody on it
 * they look like TCP, with orderly ends, resets, half-open peers and refused connections. Bytes
 * arrive in the order in which they were sent, each piece as a whole, one turn of the event loop
 * later. A host name is as good as any other: places differ by their port alone.
 */
export class MemoryNetwork implements Network {
  readonly #listening = new Map<number, Listening>();
  #lastPort = FIRST_PORT - 1;

  async listen(
    { port: wanted }: Place,
    accept: (socket: Socket) => void,
    options: ConnectionOptions = {},
  ): Promise<Listener> {
    const port = wanted === 0 ? this.#freePort() : wanted;
    if (this.#listening.has(port)) throw failure('EADDRINUSE', `listen: port ${port} is taken`);
    const listening: Listening = { accept, options, open: new Set() };
    this.#listening.set(port, listening);
    return {
      port,
      close: async () => {
        if (this.#listening.get(port) === listening) this.#listening.delete(port);
        await Promise.all([...listening.open].map((socket) => socket.gone));
      },
    };
  }

  connect({ port }: Place, options: ConnectionOptions = {}): Socket {
    const near = new MemorySocket(options, port);
    // Nothing happens before the caller has had time to listen to what happens.
    setImmediate(() => {
      const listening = this.#listening.get(port);
      if (listening === undefined) {
        near.destroy(failure('ECONNREFUSED', `connect: nobody listens at port ${port}`));
        return;
      }
      if (near.destroyed) return;
      const far = new MemorySocket(listening.options, this.#freePort());
      near.join(far);
      far.join(near);
      listening.open.add(far);
      void far.gone.then(() => listening.open.delete(far));
      listening.accept(far);
      near.emit('connect');
    });
    return near;
  }

  #freePort(): number {
    do {
      this.#lastPort += 1;
    } while (this.#listening.has(this.#lastPort));
    return this.#lastPort;
  }
}

/** One end of a connection in memory. It is a `Socket`, since libraries ask for one by its class. */
class MemorySocket extends Socket {
  override readonly remoteAddress = '127.0.0.1';
  override readonly remotePort: number;
  /** Resolves when it is closed. */
  readonly gone: Promise<void>;
  #peer: MemorySocket | null = null;
  /** What is held back: the sender's next piece, until this end has read; ours, until connected. */
  #room: (() => void) | null = null;
  #joined: (() => void) | null = null;
  /** Bytes sent to this end that have not arrived yet. */
  #onItsWay = 0;
  /** The peer sends no more. */
  #ended = false;

  constructor(options: ConnectionOptions, remotePort: number) {
    super({ allowHalfOpen: options.allowHalfOpen ?? false });
    this.remotePort = remotePort;
    this.gone = new Promise((resolve) => {
      this.once('close', () => resolve());
    });
  }

  join(peer: MemorySocket): void {
    this.#peer = peer;
    this.#joined?.();
    this.#joined = null;
  }

  /** Breaks the connection at both ends; what was on its way is lost. */
  override resetAndDestroy(): this {
    const peer = this.#peer;
    setImmediate(() => peer?.destroy(failure('ECONNRESET', 'read: reset by the peer')));
    return this.destroy();
  }

  override _write(
    piece: Buffer | string,
    encoding: BufferEncoding,
    done: (error?: Error) => void,
  ): void {
    const peer = this.#peer;
    if (peer === null) {
      this.#joined = () => this._write(piece, encoding, done);
      return;
    }
    if (peer.destroyed) {
      done(failure('EPIPE', 'write: the peer is gone'));
      return;
    }
    this.#notIdle();
    // A copy: the sender may use its bytes again.
    peer.arrives(typeof piece === 'string' ? Buffer.from(piece, encoding) : Buffer.from(piece));
    if (peer.readableLength + peer.#onItsWay < WINDOW) done();
    else peer.#room = done;
  }

  override _writev(
    pieces: { chunk: Buffer | string; encoding: BufferEncoding }[],
    done: (error?: Error) => void,
  ): void {
    const bytes = pieces.map(({ chunk, encoding }) =>
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
    );
    this._write(Buffer.concat(bytes), 'utf8', done);
  }

  override _read(): void {
    const room = this.#room;
    this.#room = null;
    room?.();
  }

  override _final(done: (error?: Error) => void): void {
    if (this.#peer === null) {
      this.#joined = () => this._final(done);
      return;
    }
    this.#peer.arrives(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#peer?.arrives(null);
    this._read();
    this.setTimeout(0);
    done(error);
    // As the class does for sockets of the system; for others it would leave the flag out.
    process.nextTick(() => this.emit('close', error !== null));
  }

  /** @param bytes - null: the peer sends no more. */
  arrives(bytes: Buffer | null): void {
    const length = bytes?.length ?? 0;
    this.#onItsWay += length;
    setImmediate(() => {
      this.#onItsWay -= length;
      if (this.destroyed || this.#ended) return;
      this.#ended = bytes === null;
      this.#notIdle();
      this.push(bytes);
    });
  }

  /** The limit set with `setTimeout` counts from the newest byte. */
  #notIdle(): void {
    if (this.timeout !== undefined && this.timeout > 0) this.setTimeout(this.timeout);
  }
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(`${code} ${message}`), { code });
}
