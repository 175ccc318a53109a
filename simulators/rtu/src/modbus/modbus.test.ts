import { fail, ok, RandomStream } from '@relight/foundation';
import { describe, expect, test } from 'vitest';
import { encodeAnswer, FrameReader } from './frame.ts';
import { answerRequest, type ModbusDevice } from './request.ts';

/** Transaction 7, unit 1: read two input registers from address 4. */
const READ = Buffer.from([0, 7, 0, 0, 0, 6, 1, 4, 0, 4, 0, 2]);

/** 200 bits and registers whose value is their address; writes are remembered. */
function countingDevice() {
  const written: unknown[] = [];
  const range = (address: number, count: number) =>
    Array.from({ length: count }, (_, offset) => address + offset);
  const device: ModbusDevice = {
    readBits: (_table, address, count) =>
      address + count > 200 ? fail(2) : ok(range(address, count).map((at) => at % 3 === 0)),
    readRegisters: (_table, address, count) =>
      address + count > 200 ? fail(2) : ok(range(address, count)),
    writeCoils: (origin, address, values) => {
      written.push([origin.functionCode, address, values]);
      return ok('done');
    },
    writeRegisters: (origin, address, values) => {
      written.push([origin.functionCode, address, values]);
      return ok('done');
    },
  };
  const ask = (...pdu: number[]) => [...answerRequest(device, 'c', Buffer.from(pdu))];
  return { written, ask };
}

describe('frames', () => {
  test('come whole out of any slicing of the stream', () => {
    for (let cut = 1; cut < READ.length; cut++) {
      const reader = new FrameReader();
      expect(reader.read(READ.subarray(0, cut)).frames).toEqual([]);
      const { frames, broken } = reader.read(Buffer.concat([READ.subarray(cut), READ]));
      expect(broken).toBe(false);
      expect(frames).toHaveLength(2);
      expect(frames[1]).toMatchObject({ transaction: 7, unit: 1 });
      expect([...(frames[0]?.pdu ?? [])]).toEqual([4, 0, 4, 0, 2]);
    }
  });

  test('of another protocol, or of an impossible length, end the stream', () => {
    const broken = (at: number, value: number): boolean => {
      const bytes = Buffer.from(READ);
      bytes[at] = value;
      return new FrameReader().read(bytes).broken;
    };
    expect(broken(3, 1)).toBe(true);
    expect(broken(5, 1)).toBe(true);
    expect(broken(4, 1)).toBe(true);
    expect(broken(5, 255)).toBe(true);
  });

  test('of an answer carry transaction and unit of the request', () => {
    const [frame] = new FrameReader().read(READ).frames;
    expect([...encodeAnswer(frame!, Buffer.from([4, 2, 1, 2]))]).toEqual([
      0, 7, 0, 0, 0, 5, 1, 4, 2, 1, 2,
    ]);
  });
});

describe('requests', () => {
  test('read bits packed from the lowest, and registers with the high byte first', () => {
    const { ask } = countingDevice();
    expect(ask(1, 0, 0, 0, 10)).toEqual([1, 2, 0b0100_1001, 0b0000_0010]);
    expect(ask(2, 0, 3, 0, 1)).toEqual([2, 1, 1]);
    expect(ask(3, 0, 100, 0, 2)).toEqual([3, 4, 0, 100, 0, 101]);
    expect(ask(4, 0, 0, 0, 1)).toEqual([4, 2, 0, 0]);
  });

  test('write one or many coils or registers and echo what was written', () => {
    const { ask, written } = countingDevice();
    expect(ask(5, 0, 9, 0xff, 0)).toEqual([5, 0, 9, 0xff, 0]);
    expect(ask(6, 0, 2, 0, 1)).toEqual([6, 0, 2, 0, 1]);
    expect(ask(15, 0, 0, 0, 3, 1, 0b101)).toEqual([15, 0, 0, 0, 3]);
    expect(ask(16, 0, 0, 0, 2, 4, 0, 1, 2, 3)).toEqual([16, 0, 0, 0, 2]);
    expect(written).toEqual([
      [5, 9, [true]],
      [6, 2, [1]],
      [15, 0, [true, false, true]],
      [16, 0, [1, 515]],
    ]);
  });

  test('an unknown function is exception 1', () => {
    const { ask } = countingDevice();
    expect(ask(7)).toEqual([0x87, 1]);
    expect(ask(43, 14, 1, 0)).toEqual([0xab, 1]);
  });

  test('an address the device has not is exception 2', () => {
    const { ask } = countingDevice();
    expect(ask(4, 0, 199, 0, 2)).toEqual([0x84, 2]);
    expect(ask(4, 0xff, 0xff, 0, 2)).toEqual([0x84, 2]);
  });

  test('a quantity, length or value that cannot be is exception 3, and nothing is written', () => {
    const { ask, written } = countingDevice();
    expect(ask(3, 0, 0, 0, 0)).toEqual([0x83, 3]);
    expect(ask(3, 0, 0, 0, 126)).toEqual([0x83, 3]);
    expect(ask(1, 0, 0, 0x07, 0xd1)).toEqual([0x81, 3]);
    expect(ask(3, 0, 0)).toEqual([0x83, 3]);
    expect(ask(5, 0, 0, 1, 0)).toEqual([0x85, 3]);
    expect(ask(16, 0, 0, 0, 2, 4, 0, 1)).toEqual([0x90, 3]);
    expect(ask(16, 0, 0, 0, 2, 3, 0, 1, 2)).toEqual([0x90, 3]);
    expect(ask(15, 0, 0, 0, 9, 1, 1)).toEqual([0x8f, 3]);
    expect(written).toEqual([]);
  });

  test('of 20,000 random ones each gets an answer of its function or an exception, none throws', () => {
    const { ask } = countingDevice();
    const chance = new RandomStream(4, 'frames');
    for (let round = 0; round < 20_000; round++) {
      // Half of them begin like a real request, so that the inner checks are reached.
      const functionCode = chance.next() < 0.5 ? chance.integer(1, 16) : chance.integer(0, 127);
      const length = chance.integer(0, 12);
      const data = Array.from({ length }, () =>
        chance.next() < 0.5 ? chance.integer(0, 3) : chance.integer(0, 255),
      );
      const answer = ask(functionCode, ...data);
      const isException = answer[0] === (functionCode | 0x80) && answer.length === 2;
      expect(isException || answer[0] === functionCode).toBe(true);
      expect(answer.length).toBeLessThanOrEqual(253);
    }
  });
});
