import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Clock } from '@relight/foundation';
import { within } from '@relight/gateway';
import type { Dial } from '@relight/gateway';
import modbusSerial from 'modbus-serial';
import { FrameCounter } from './frame-counter.ts';
import { isBitTable } from './poll-plan.ts';
import type { Block } from './poll-plan.ts';

type ModbusClient = InstanceType<typeof modbusSerial.default>;

/** What the library keeps for itself and we have to reach: see `ModbusConnection`. */
interface Inside {
  _transactions: Record<number, unknown>;
  readonly _port: { _transactionIdWrite: number };
}

/** What became of one request. */
export type RequestOutcome<Value> =
  | { readonly kind: 'answer'; readonly value: Value }
  /** The device refused, with a Modbus exception code. */
  | { readonly kind: 'exception'; readonly code: number }
  /** No answer, a broken connection or a malformed answer: the connection is gone. */
  | { readonly kind: 'lost'; readonly reason: string; readonly malformed: boolean };

/**
 * One TCP connection to one Modbus device, one request at a time. It is used until something goes
 * wrong and then thrown away as a whole, for reasons found in modbus-serial 8.0.25:
 * - its promises stay unsettled when the peer closes or the client is destroyed, so every request
 *   races against our own clock and the socket's end;
 * - after ECONNRESET it emits nothing, so the socket is ours and we watch it;
 * - its transaction ids count to 256 and are never forgotten, so an answer held back that long
 *   would be taken for that of another request: we number them ourselves with all 16 bits, keep
 *   one at a time, and after any time-out the connection is not used again;
 * - `close()` waits for a half-open peer for ever, so the socket is destroyed.
 */
export class ModbusConnection {
  readonly #client = new modbusSerial.default();
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #timeout_ms: number;
  readonly #frames = new FrameCounter();
  #asked = 0;
  #trouble: string | null = null;
  #end = (): void => {};
  /** Ends the request that is under way. */
  #breakOff = (): void => {};
  readonly #ended: Promise<void>;

  private constructor(socket: Socket, clock: Clock, timeout_ms: number) {
    this.#socket = socket;
    this.#clock = clock;
    this.#timeout_ms = timeout_ms;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    socket.on('data', (bytes) => this.#frames.take(bytes));
    socket.on('end', () => this.destroy());
    socket.on('close', () => this.#finish());
  }

  /** @returns The connection, or why there is none after `timeout_ms` at the latest. */
  static async open(
    place: { readonly host: string; readonly port: number; readonly unitId: number },
    clock: Clock,
    timeout_ms: number,
    dial: Dial = dialTcp,
  ): Promise<ModbusConnection | string> {
    const socket = dial({ host: place.host, port: place.port });
    const opened = new Promise<string | null>((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.on('error', (error) => resolve(error.message));
    });
    const outcome = await within(clock, timeout_ms, opened);
    if (outcome.late || outcome.value !== null) {
      socket.destroy();
      return outcome.late ? 'connecting timed out' : (outcome.value ?? '');
    }
    const connection = new ModbusConnection(socket, clock, timeout_ms);
    connection.#client.setID(place.unitId);
    await connection.#client.linkTCP(socket, { port: place.port });
    return connection;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable && this.#client.isOpen;
  }

  /** Resolves when the connection has ended, whoever ended it. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Why we gave it up; null while we have not. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Answers that nobody had asked for. */
  get strays(): number {
    return Math.max(0, this.#frames.frames - this.#asked);
  }

  /** One number for each register, or 0 and 1 for each bit. */
  readBlock(block: Block): Promise<RequestOutcome<readonly number[]>> {
    const { first, count, table } = block;
    return this.#request(async (client) => {
      if (isBitTable(table)) {
        const { data } =
          table === 'coil'
            ? await client.readCoils(first, count)
            : await client.readDiscreteInputs(first, count);
        expectAnswer(data.length === 8 * Math.ceil(count / 8), 'another number of bits');
        return data.slice(0, count).map(Number);
      }
      const { data } =
        table === 'holdingRegister'
          ? await client.readHoldingRegisters(first, count)
          : await client.readInputRegisters(first, count);
      // The client believes the byte count in the answer and reads on past its end.
      expectAnswer(data.length === count, 'another number of registers');
      return data;
    });
  }

  /** FC 16, high word first. */
  writeUint32(address: number, value: number): Promise<RequestOutcome<unknown>> {
    const words = [Math.floor(value / 65_536), value % 65_536];
    return this.#request(async (client) => {
      const echo = await client.writeRegisters(address, words);
      expectAnswer(echo.address === address && echo.length === 2, 'another write');
    });
  }

  /** FC 6. */
  writeRegister(address: number, value: number): Promise<RequestOutcome<unknown>> {
    return this.#request(async (client) => {
      const echo = await client.writeRegister(address, value);
      expectAnswer(echo.address === address && echo.value === value, 'another write');
    });
  }

  destroy(): void {
    this.#socket.destroy();
    this.#finish();
  }

  #finish(): void {
    this.#breakOff();
    this.#end();
  }

  /** The number of the next request, from 1 to 65,535 and round again. */
  #numberRequest(): void {
    const inside = this.#client as unknown as Inside;
    inside._transactions = {};
    inside._port._transactionIdWrite = 1 + (this.#asked % 65_535);
    this.#asked += 1;
  }

  async #request<Value>(
    send: (client: ModbusClient) => Promise<Value>,
  ): Promise<RequestOutcome<Value>> {
    if (!this.isOpen) return lost('the connection was closed');
    this.#numberRequest();
    const answered = send(this.#client).then(
      (value): RequestOutcome<Value> => ({ kind: 'answer', value }),
      (error: unknown): RequestOutcome<Value> => failure(error),
    );
    // Not `#ended.then`: what waits for that promise would pile up, request by request.
    const closed = new Promise<RequestOutcome<Value>>((resolve) => {
      this.#breakOff = () => resolve(lost('the peer closed the connection'));
    });
    const outcome = await within(this.#clock, this.#timeout_ms, Promise.race([answered, closed]));
    const settled: RequestOutcome<Value> = outcome.late
      ? lost(`no answer within ${this.#timeout_ms} ms`)
      : outcome.value;
    if (settled.kind === 'lost') {
      this.#trouble ??= settled.reason;
      this.destroy();
    }
    return settled;
  }
}

const dialTcp: Dial = (place) => connect({ ...place, keepAlive: true, noDelay: true });

function expectAnswer(right: boolean, about: string): void {
  if (!right) throw new Error(`the answer is about ${about}`);
}

function failure(error: unknown): Exclude<RequestOutcome<never>, { kind: 'answer' }> {
  if (typeof error === 'object' && error !== null && 'modbusCode' in error) {
    const code = error.modbusCode;
    if (typeof code === 'number') return { kind: 'exception', code };
  }
  return lost(error instanceof Error ? error.message : String(error), true);
}

function lost(reason: string, malformed = false): Extract<RequestOutcome<never>, { kind: 'lost' }> {
  return { kind: 'lost', reason, malformed };
}
