import { createServer, type Server, type Socket } from 'node:net';
import { encodeAnswer, FrameReader, type Frame } from './frame.ts';
import { answerRequest, MODBUS_EXCEPTIONS, type ModbusDevice } from './request.ts';

/** More masters at once than this are turned away, as small RTUs do. */
const MOST_CONNECTIONS = 16;
/** A master that says nothing for so long is gone; ms. */
const IDLE_LIMIT_MS = 120_000;

/**
 * A Modbus TCP server of one device. Requests of one connection are answered in order; every
 * connection has its own name, so that the device can tell masters apart.
 */
export class ModbusServer {
  readonly #device: ModbusDevice;
  readonly #name: string;
  readonly #host: string;
  readonly #unit: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;
  #connections = 0;

  constructor(options: {
    readonly device: ModbusDevice;
    readonly name: string;
    readonly host: string;
    readonly unit: number;
  }) {
    this.#device = options.device;
    this.#name = options.name;
    this.#host = options.host;
    this.#unit = options.unit;
  }

  /** The port it listens on, or did last; 0 before the first start. */
  get port(): number {
    return this.#port;
  }

  /** Listens; on a free port the first time, on the same one ever after. */
  async start(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#host, () => {
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
    if (server === null) return;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= MOST_CONNECTIONS) {
      socket.destroy();
      return;
    }
    this.#connections += 1;
    const connection = `${this.#name}#${this.#connections}@${socket.remotePort}`;
    const reader = new FrameReader();
    this.#sockets.add(socket);
    socket.setTimeout(IDLE_LIMIT_MS, () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    // A reset by the peer is an everyday event; 'close' follows and tidies up.
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      const { frames, broken } = reader.read(bytes);
      for (const frame of frames) socket.write(this.#answer(connection, frame));
      if (broken) socket.destroy();
    });
  }

  #answer(connection: string, frame: Frame): Buffer {
    const pdu =
      frame.unit === this.#unit
        ? answerRequest(this.#device, connection, frame.pdu)
        : Buffer.from([frame.pdu.readUInt8(0) | 0x80, MODBUS_EXCEPTIONS.noTarget]);
    return encodeAnswer(frame, pdu);
  }
}
