import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';

/** Exception codes of the Modbus application protocol that these devices use. */
export const MODBUS_EXCEPTIONS = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  busy: 6,
  /** The unit id addresses nothing behind this address. */
  noTarget: 11,
} as const;
export type ModbusException = (typeof MODBUS_EXCEPTIONS)[keyof typeof MODBUS_EXCEPTIONS];

/** One master's write: which connection, and which function it used. */
export interface WriteOrigin {
  readonly connection: string;
  readonly functionCode: number;
}

/** What a device makes of reads and writes; tables and addresses as in the standard, from 0. */
export interface ModbusDevice {
  readBits(
    table: 'coil' | 'discreteInput',
    address: number,
    count: number,
  ): Result<readonly boolean[], ModbusException>;
  readRegisters(
    table: 'holdingRegister' | 'inputRegister',
    address: number,
    count: number,
  ): Result<readonly number[], ModbusException>;
  writeCoils(
    origin: WriteOrigin,
    address: number,
    values: readonly boolean[],
  ): Result<'done', ModbusException>;
  writeRegisters(
    origin: WriteOrigin,
    address: number,
    values: readonly number[],
  ): Result<'done', ModbusException>;
}

const MOST_BITS = 2_000;
const MOST_REGISTERS = 125;
const MOST_WRITTEN_BITS = 1_968;
const MOST_WRITTEN_REGISTERS = 123;

/**
 * Answers one request PDU: function codes 1, 2, 3, 4, 5, 6, 15 and 16, strictly: a length or
 * quantity that does not fit is exception 3, an unknown function exception 1.
 */
export function answerRequest(device: ModbusDevice, connection: string, pdu: Buffer): Buffer {
  const functionCode = pdu.readUInt8(0);
  const answer = dispatch(device, { connection, functionCode }, pdu);
  if (answer.ok) return answer.value;
  return Buffer.from([functionCode | 0x80, answer.error]);
}

type Answer = Result<Buffer, ModbusException>;

function dispatch(device: ModbusDevice, origin: WriteOrigin, pdu: Buffer): Answer {
  switch (origin.functionCode) {
    case 1:
      return readBits(device, 'coil', pdu);
    case 2:
      return readBits(device, 'discreteInput', pdu);
    case 3:
      return readRegisters(device, 'holdingRegister', pdu);
    case 4:
      return readRegisters(device, 'inputRegister', pdu);
    case 5:
      return writeOneCoil(device, origin, pdu);
    case 6:
      return writeOneRegister(device, origin, pdu);
    case 15:
      return writeManyCoils(device, origin, pdu);
    case 16:
      return writeManyRegisters(device, origin, pdu);
    default:
      return fail(MODBUS_EXCEPTIONS.illegalFunction);
  }
}

const illegalValue = fail(MODBUS_EXCEPTIONS.illegalValue);

/** Address and quantity of a read, or why not. */
function readRange(
  pdu: Buffer,
  most: number,
): Result<{ readonly address: number; readonly count: number }, ModbusException> {
  if (pdu.length !== 5) return illegalValue;
  const address = pdu.readUInt16BE(1);
  const count = pdu.readUInt16BE(3);
  if (count < 1 || count > most) return illegalValue;
  if (address + count > 0x1_0000) return fail(MODBUS_EXCEPTIONS.illegalAddress);
  return ok({ address, count });
}

function readBits(device: ModbusDevice, table: 'coil' | 'discreteInput', pdu: Buffer): Answer {
  const range = readRange(pdu, MOST_BITS);
  if (!range.ok) return range;
  const bits = device.readBits(table, range.value.address, range.value.count);
  if (!bits.ok) return bits;
  const packed = Buffer.alloc(Math.ceil(bits.value.length / 8));
  bits.value.forEach((bit, position) => {
    if (bit) packed[position >> 3]! |= 1 << (position & 7);
  });
  return ok(Buffer.concat([Buffer.from([pdu.readUInt8(0), packed.length]), packed]));
}

function readRegisters(
  device: ModbusDevice,
  table: 'holdingRegister' | 'inputRegister',
  pdu: Buffer,
): Answer {
  const range = readRange(pdu, MOST_REGISTERS);
  if (!range.ok) return range;
  const registers = device.readRegisters(table, range.value.address, range.value.count);
  if (!registers.ok) return registers;
  const answer = Buffer.alloc(2 + 2 * registers.value.length);
  answer.writeUInt8(pdu.readUInt8(0), 0);
  answer.writeUInt8(2 * registers.value.length, 1);
  registers.value.forEach((value, position) => answer.writeUInt16BE(value, 2 + 2 * position));
  return ok(answer);
}

function writeOneCoil(device: ModbusDevice, origin: WriteOrigin, pdu: Buffer): Answer {
  if (pdu.length !== 5) return illegalValue;
  const value = pdu.readUInt16BE(3);
  if (value !== 0 && value !== 0xff00) return illegalValue;
  const written = device.writeCoils(origin, pdu.readUInt16BE(1), [value !== 0]);
  return written.ok ? ok(Buffer.from(pdu)) : written;
}

function writeOneRegister(device: ModbusDevice, origin: WriteOrigin, pdu: Buffer): Answer {
  if (pdu.length !== 5) return illegalValue;
  const written = device.writeRegisters(origin, pdu.readUInt16BE(1), [pdu.readUInt16BE(3)]);
  return written.ok ? ok(Buffer.from(pdu)) : written;
}

function writeManyCoils(device: ModbusDevice, origin: WriteOrigin, pdu: Buffer): Answer {
  if (pdu.length < 6) return illegalValue;
  const count = pdu.readUInt16BE(3);
  const bytes = Math.ceil(count / 8);
  if (count < 1 || count > MOST_WRITTEN_BITS) return illegalValue;
  if (pdu.readUInt8(5) !== bytes || pdu.length !== 6 + bytes) return illegalValue;
  const values = Array.from({ length: count }, (_, position) => {
    return (pdu.readUInt8(6 + (position >> 3)) & (1 << (position & 7))) !== 0;
  });
  const written = device.writeCoils(origin, pdu.readUInt16BE(1), values);
  return written.ok ? ok(Buffer.from(pdu.subarray(0, 5))) : written;
}

function writeManyRegisters(device: ModbusDevice, origin: WriteOrigin, pdu: Buffer): Answer {
  if (pdu.length < 6) return illegalValue;
  const count = pdu.readUInt16BE(3);
  if (count < 1 || count > MOST_WRITTEN_REGISTERS) return illegalValue;
  if (pdu.readUInt8(5) !== 2 * count || pdu.length !== 6 + 2 * count) return illegalValue;
  const values = Array.from({ length: count }, (_, position) => pdu.readUInt16BE(6 + 2 * position));
  const written = device.writeRegisters(origin, pdu.readUInt16BE(1), values);
  return written.ok ? ok(Buffer.from(pdu.subarray(0, 5))) : written;
}
