import { createServer, type Server, type Socket } from 'node:net';
import type { Behaviour } from '../behaviour.ts';
import { encodeAnswer, FrameReader, type Frame } from './frame.ts';
import { answerRequest, MODBUS_EXCEPTIONS, type ModbusDevice } from './request.ts';

/** More masters at once than this are turned away, as small RTUs do. */
const MOST_CONNECTIONS = 16;
/** A master that says nothing for so long is gone; ms. */
const IDLE_LIMIT_MS = 120_000;
/** Answers one connection may have under way, where they are delayed. */
const MOST_DELAYED = 1_000;

/**
 * A Modbus TCP server of one device. Requests of one connection are answered in order; every
 * connection has its own name, so that the device can tell masters apart. What it sends is up to
 * its behaviour.
 */
export class ModbusServer {
  readonly #device: ModbusDevice;
  readonly #behaviour: Behaviour;
  readonly #name: string;
  readonly #unit: number;
  readonly #sockets = new Set<Socket>();
  /** Connections that were forgotten: they stand, and nobody is behind them. */
  readonly #forgotten = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #host: string;
  #server: Server | null = null;
  #port = 0;
  #connections = 0;

  constructor(options: {
    readonly device: ModbusDevice;
    readonly behaviour: Behaviour;
    readonly name: string;
    readonly host: string;
    readonly unit: number;
  }) {
    this.#device = options.device;
    this.#behaviour = options.behaviour;
    this.#name = options.name;
    this.#host = options.host;
    this.#unit = options.unit;
  }

  /** The port it listens on, or did last; 0 before the first start. */
  get port(): number {
    return this.#port;
  }

  get host(): string {
    return this.#host;
  }

  /** Listens; on a free port the first time, on the same one ever after. */
  async start(host = this.#host): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    this.#host = host;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Stops listening and cuts every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const socket of [...this.#sockets, ...this.#forgotten]) socket.destroy();
    this.#sockets.clear();
    if (server === null) return;
    this.#server = null;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Ends every connection; new ones are taken. */
  cut(how: 'reset' | 'end'): void {
    for (const socket of this.#sockets) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.end();
    }
  }

  /** Forgets every connection without a word. */
  forget(): void {
    for (const socket of this.#sockets) {
      this.#forgotten.add(socket);
      socket.removeAllListeners('data');
      socket.resume();
      socket.once('close', () => this.#forgotten.delete(socket));
    }
    this.#sockets.clear();
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= MOST_CONNECTIONS) {
      socket.destroy();
      return;
    }
    this.#connections += 1;
    const connection = `${this.#name}#${this.#connections}@${socket.remotePort}`;
    const reader = new FrameReader();
    const delayed = { until: 0, count: 0 };
    this.#sockets.add(socket);
    socket.setTimeout(IDLE_LIMIT_MS, () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    // A reset by the peer is an everyday event; 'close' follows and tidies up.
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      if (this.#behaviour.silent) return;
      const { frames, broken } = reader.read(bytes);
      for (const frame of frames) this.#serve(socket, connection, frame, delayed);
      if (broken) socket.destroy();
    });
  }

  #serve(
    socket: Socket,
    connection: string,
    frame: Frame,
    delayed: { until: number; count: number },
  ): void {
    const answer = this.#answer(connection, frame);
    if (answer === null) return;
    const { delay_ms } = this.#behaviour;
    if (delay_ms === 0 && delayed.count === 0) {
      socket.write(answer);
      return;
    }
    if (delayed.count >= MOST_DELAYED) {
      socket.destroy();
      return;
    }
    delayed.count += 1;
    delayed.until = Math.max(delayed.until, performance.now() + delay_ms);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      delayed.count -= 1;
      if (!socket.destroyed) socket.write(answer);
    }, delayed.until - performance.now());
    this.#timers.add(timer);
  }

  /** What leaves for a request; null: nothing. */
  #answer(connection: string, frame: Frame): Buffer | null {
    const behaviour = this.#behaviour;
    const answer = encodeAnswer(frame, this.#answerPdu(connection, frame));
    if (behaviour.happens(behaviour.dropReplies)) return null;
    if (behaviour.wrongUnit) answer.writeUInt8((frame.unit + 1) % 256, 6);
    if (behaviour.wrongTransaction) {
      // The low byte stays: masters that count to 256 take it for theirs.
      answer.writeUInt16BE((frame.transaction + 256) % 0x1_0000, 0);
    }
    if (behaviour.happens(behaviour.corrupt)) {
      const at = behaviour.chance.integer(0, answer.length - 1);
      answer[at] = answer[at]! ^ behaviour.chance.integer(1, 255);
    }
    return answer;
  }

  #answerPdu(connection: string, frame: Frame): Buffer {
    const { exception } = this.#behaviour;
    const code = frame.pdu.readUInt8(0) | 0x80;
    if (frame.unit !== this.#unit) return Buffer.from([code, MODBUS_EXCEPTIONS.noTarget]);
    if (exception > 0) return Buffer.from([code, exception]);
    return answerRequest(this.#device, connection, frame.pdu);
  }
}
