import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A Modbus exception to be answered. */
export class ModbusException extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`Modbus exception ${code}`);
    this.code = code;
  }
}

/** What a test's device answers; a `ModbusException` thrown becomes the answer. */
export interface RegisterBank {
  readRegister(table: 'holdingRegister' | 'inputRegister', address: number): number;
  readBit(table: 'coil' | 'discreteInput', address: number): boolean;
  writeRegisters(address: number, values: readonly number[]): void;
}

/** How a frame is answered, for devices that misbehave: bytes to send instead; null for silence. */
export type Tamper = (answer: Buffer) => Buffer | null;

/**
 * A Modbus TCP server for tests, written from the specification and sharing nothing with the
 * driver: FC 1, 2, 3, 4, 6 and 16, any number of connections, one unit id.
 */
export class ModbusServer {
  readonly #bank: RegisterBank;
  readonly #unitId: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  /** Every request as it arrived: function code, first address, count or value. */
  readonly requests: { readonly code: number; readonly address: number; readonly count: number }[] =
    [];
  tamper: Tamper = (answer) => answer;
  onRequest = (): void => {};
  /** Connections that have ended. */
  ended = 0;

  constructor(bank: RegisterBank, unitId = 1) {
    this.#bank = bank;
    this.#unitId = unitId;
  }

  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async open(port = 0): Promise<number> {
    const server = createServer((socket) => this.serve(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  /** Cuts every connection with a TCP reset. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Answers on a connection that stands, whatever carries it. */
  serve(socket: Socket): void {
    this.#sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.setNoDelay();
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended += 1;
      this.#sockets.delete(socket);
    });
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 6) {
        const end = 6 + received.readUInt16BE(4);
        if (received.length < end) break;
        this.onRequest();
        const answer = this.#answer(received.subarray(0, end));
        received = received.subarray(end);
        const sent = answer === null ? null : this.tamper(answer);
        if (sent !== null && !socket.destroyed) socket.write(sent);
      }
    });
  }

  #answer(frame: Buffer): Buffer | null {
    const unit = frame[6];
    const code = frame[7] ?? 0;
    if (frame.length < 12 || unit !== this.#unitId) return null;
    const address = frame.readUInt16BE(8);
    const count = frame.readUInt16BE(10);
    this.requests.push({ code, address, count });
    let body: Buffer;
    try {
      body = Buffer.concat([Buffer.from([code]), this.#serve(frame, code, address, count)]);
    } catch (error) {
      if (!(error instanceof ModbusException)) throw error;
      body = Buffer.from([code | 0x80, error.code]);
    }
    const answer = Buffer.concat([frame.subarray(0, 7), body]);
    answer.writeUInt16BE(1 + body.length, 4);
    return answer;
  }

  #serve(frame: Buffer, code: number, address: number, count: number): Buffer {
    const range = Array.from({ length: count }, (_, i) => address + i);
    switch (code) {
      case 1:
      case 2: {
        const bits = Buffer.alloc(1 + Math.ceil(count / 8));
        bits[0] = bits.length - 1;
        const table = code === 1 ? 'coil' : 'discreteInput';
        for (const [i, one] of range.entries()) {
          const byte = 1 + Math.floor(i / 8);
          if (this.#bank.readBit(table, one)) bits[byte] = (bits[byte] ?? 0) | (1 << (i % 8));
        }
        return bits;
      }
      case 3:
      case 4: {
        if (count < 1 || count > 125) throw new ModbusException(3);
        const words = Buffer.alloc(1 + 2 * count);
        words[0] = 2 * count;
        const table = code === 3 ? 'holdingRegister' : 'inputRegister';
        for (const [i, one] of range.entries()) {
          words.writeUInt16BE(this.#bank.readRegister(table, one), 1 + 2 * i);
        }
        return words;
      }
      case 6:
        this.#bank.writeRegisters(address, [count]);
        return Buffer.from(frame.subarray(8, 12));
      case 16: {
        const values = range.map((_, i) => frame.readUInt16BE(13 + 2 * i));
        this.#bank.writeRegisters(address, values);
        return Buffer.from(frame.subarray(8, 12));
      }
      default:
        throw new ModbusException(1);
    }
  }
}
