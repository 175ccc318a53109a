import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A Modbus connection at the level of bytes, for what no library lets through. */
export class RawMaster {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #transaction = 0;
  ended = false;
  wasReset = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
    socket.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNRESET') this.wasReset = true;
    });
    socket.on('close', () => {
      this.ended = true;
    });
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RawMaster> {
    const socket = connect({ port, host });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawMaster(socket);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Sends a PDU to unit 1 without waiting. */
  send(...pdu: readonly number[]): void {
    this.#transaction += 1;
    const { length } = pdu;
    this.#socket.write(Buffer.from([0, this.#transaction, 0, 0, 0, length + 1, 1, ...pdu]));
  }

  /** All bytes of the answer to a PDU; null if none comes within `limit_ms`. */
  async ask(pdu: readonly number[], limit_ms = 2_000): Promise<Buffer | null> {
    this.#received = Buffer.alloc(0);
    this.send(...pdu);
    const end = performance.now() + limit_ms;
    while (performance.now() < end) {
      const length = this.#received.length >= 6 ? this.#received.readUInt16BE(4) : Infinity;
      if (this.#received.length >= 6 + length) return this.#received;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return null;
  }

  /** Registers of FC 3 or 4. */
  async registers(functionCode: 3 | 4, address: number, count: number): Promise<number[]> {
    const high = (value: number): number => Math.floor(value / 256);
    const answer = await this.ask([
      functionCode,
      high(address),
      address % 256,
      high(count),
      count % 256,
    ]);
    if (answer === null) throw new Error('no answer');
    return Array.from({ length: count }, (_, i) => answer.readUInt16BE(9 + 2 * i));
  }
}
