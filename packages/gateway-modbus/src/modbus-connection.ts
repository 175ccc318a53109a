import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Clock } from '@relight/foundation';
import { within } from '@relight/gateway';
import { AnswerReader, encodeRequest } from './answer-reader.ts';
import type { AnswerFrame } from './answer-reader.ts';
import type { Block } from './poll-plan.ts';
import { readRequest, writeRegisterRequest, writeUint32Request } from './request.ts';
import type { Request } from './request.ts';

/** What became of one request. */
export type RequestOutcome<Value> =
  | { readonly kind: 'answer'; readonly value: Value }
  /** The device refused, with a Modbus exception code. */
  | { readonly kind: 'exception'; readonly code: number }
  /** No answer, a broken connection or a malformed answer: the connection is gone. */
  | { readonly kind: 'lost'; readonly reason: string; readonly malformed: boolean };

type Answer =
  | Buffer
  | { readonly exception: number }
  | { readonly lost: string; readonly malformed: boolean };

interface Pending {
  readonly transaction: number;
  readonly functionCode: number;
  settle(answer: Answer): void;
}

/**
 * One TCP connection to one Modbus device, one request at a time. It is used until something goes
 * wrong and then thrown away as a whole: after a time-out nobody knows what the next bytes are an
 * answer to. Transaction numbers use all their 16 bits, so that an answer that comes hundreds of
 * requests late is a stray, and not taken for another's.
 */
export class ModbusConnection {
  readonly #socket: Socket;
  readonly #unit: number;
  readonly #clock: Clock;
  readonly #timeout_ms: number;
  readonly #reader = new AnswerReader();
  #transaction = 0;
  #pending: Pending | null = null;
  #strays = 0;
  #end = (): void => {};
  readonly #ended: Promise<void>;

  private constructor(socket: Socket, unit: number, clock: Clock, timeout_ms: number) {
    this.#socket = socket;
    this.#unit = unit;
    this.#clock = clock;
    this.#timeout_ms = timeout_ms;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('end', () => this.destroy());
    socket.on('close', () => this.#finish());
  }

  /** @returns The connection, or why there is none after `timeout_ms` at the latest. */
  static async open(
    place: { readonly host: string; readonly port: number; readonly unitId: number },
    clock: Clock,
    timeout_ms: number,
  ): Promise<ModbusConnection | string> {
    // A host name is resolved at every attempt, so a device that moved is found again.
    const socket = connect({ host: place.host, port: place.port, keepAlive: true, noDelay: true });
    const opened = new Promise<string | null>((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.on('error', (error) => resolve(error.message));
    });
    const outcome = await within(clock, timeout_ms, opened);
    if (outcome.late || outcome.value !== null) {
      socket.destroy();
      return outcome.late ? 'connecting timed out' : (outcome.value ?? '');
    }
    return new ModbusConnection(socket, place.unitId, clock, timeout_ms);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Resolves when the connection has ended, whoever ended it. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Answers that nobody had asked for. */
  get strays(): number {
    return this.#strays;
  }

  /** One number for each register, or 0 and 1 for each bit. */
  readBlock(block: Block): Promise<RequestOutcome<readonly number[]>> {
    return this.#request(readRequest(block));
  }

  /** FC 16, high word first. */
  writeUint32(address: number, value: number): Promise<RequestOutcome<unknown>> {
    return this.#request(writeUint32Request(address, value));
  }

  /** FC 6. */
  writeRegister(address: number, value: number): Promise<RequestOutcome<unknown>> {
    return this.#request(writeRegisterRequest(address, value));
  }

  destroy(): void {
    this.#socket.destroy();
    this.#finish();
  }

  #finish(): void {
    this.#pending?.settle({ lost: 'the peer closed the connection', malformed: false });
    this.#pending = null;
    this.#end();
  }

  async #request<Value>(request: Request<Value>): Promise<RequestOutcome<Value>> {
    if (!this.isOpen) return lost('the connection was closed');
    this.#transaction = (this.#transaction + 1) % 65_536;
    const answered = new Promise<RequestOutcome<Value>>((resolve) => {
      this.#pending = {
        transaction: this.#transaction,
        functionCode: request.pdu.readUInt8(0),
        settle: (answer) => resolve(outcomeOf(request, answer)),
      };
    });
    this.#socket.write(encodeRequest(this.#transaction, this.#unit, request.pdu));
    const outcome = await within(this.#clock, this.#timeout_ms, answered);
    this.#pending = null;
    const settled: RequestOutcome<Value> = outcome.late
      ? lost(`no answer within ${this.#timeout_ms} ms`)
      : outcome.value;
    if (settled.kind === 'lost') this.destroy();
    return settled;
  }

  #take(bytes: Buffer): void {
    const { frames, broken } = this.#reader.take(bytes);
    for (const frame of frames) this.#answer(frame);
    if (broken === null) return;
    this.#pending?.settle({ lost: broken, malformed: true });
    this.#pending = null;
    this.destroy();
  }

  #answer({ transaction, unit, pdu }: AnswerFrame): void {
    const pending = this.#pending;
    if (pending === null || transaction !== pending.transaction) {
      this.#strays += 1;
      return;
    }
    this.#pending = null;
    const functionCode = pdu.readUInt8(0);
    if (unit !== this.#unit) {
      const reason = `the answer comes from unit ${unit}, not ${this.#unit}`;
      pending.settle({ lost: reason, malformed: true });
    } else if (functionCode === (pending.functionCode | 0x80) && pdu.length === 2) {
      pending.settle({ exception: pdu.readUInt8(1) });
    } else if (functionCode !== pending.functionCode) {
      pending.settle({ lost: `the answer is to function ${functionCode}`, malformed: true });
    } else {
      pending.settle(pdu.subarray(1));
    }
  }
}

function outcomeOf<Value>(request: Request<Value>, answer: Answer): RequestOutcome<Value> {
  if ('exception' in answer) return { kind: 'exception', code: answer.exception };
  if ('lost' in answer) return lost(answer.lost, answer.malformed);
  const decoded = request.decode(answer);
  if (typeof decoded === 'string') return lost(decoded, true);
  return { kind: 'answer', value: decoded.value };
}

function lost(reason: string, malformed = false): Extract<RequestOutcome<never>, { kind: 'lost' }> {
  return { kind: 'lost', reason, malformed };
}
