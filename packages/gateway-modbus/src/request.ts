import type { ModbusTable } from '@relight/contract';
import type { Block } from './poll-plan.ts';
import { isBitTable } from './poll-plan.ts';

/** Function codes of reads (Modbus Application Protocol 1.1b3, section 6). */
const READ_CODES: Readonly<Record<ModbusTable, number>> = {
  coil: 1,
  discreteInput: 2,
  holdingRegister: 3,
  inputRegister: 4,
};

/** What is asked, and how the data of its answer is read. */
export interface Request<Value> {
  readonly pdu: Buffer;
  /** @returns The value, or in words why this is no answer to the request. */
  decode(data: Buffer): { readonly value: Value } | string;
}

/** One number for each register, or 0 and 1 for each bit. */
export function readRequest({ table, first, count }: Block): Request<readonly number[]> {
  const bits = isBitTable(table);
  const bytes = bits ? Math.ceil(count / 8) : 2 * count;
  return {
    pdu: words(READ_CODES[table], [first, count]),
    decode(data) {
      if (data.length !== 1 + bytes || data[0] !== bytes) {
        return `the answer is about another number of ${bits ? 'bits' : 'registers'}`;
      }
      const value = Array.from({ length: count }, (_, i) =>
        bits ? ((data[1 + (i >> 3)] ?? 0) >> (i & 7)) & 1 : data.readUInt16BE(1 + 2 * i),
      );
      return { value };
    },
  };
}

/** FC 16, two registers, high word first. */
export function writeUint32Request(address: number, value: number): Request<null> {
  const high = Math.floor(value / 65_536);
  const head = words(16, [address, 2]);
  const pdu = Buffer.concat([head, Buffer.from([4]), words(0, [high, value % 65_536]).subarray(1)]);
  return { pdu, decode: echoOf(head) };
}

/** FC 6. */
export function writeRegisterRequest(address: number, value: number): Request<null> {
  const pdu = words(6, [address, value]);
  return { pdu, decode: echoOf(pdu) };
}

function echoOf(head: Buffer): (data: Buffer) => { readonly value: null } | string {
  return (data) => {
    return data.equals(head.subarray(1)) ? { value: null } : 'the answer is about another write';
  };
}

function words(functionCode: number, values: readonly number[]): Buffer {
  const pdu = Buffer.alloc(1 + 2 * values.length);
  pdu.writeUInt8(functionCode, 0);
  values.forEach((value, i) => pdu.writeUInt16BE(value, 1 + 2 * i));
  return pdu;
}
