import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader, encodeRequest } from './answer-reader.ts';

test('answers come whole out of the stream, however it is cut', () => {
  const law = fc.property(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 253 }), { maxLength: 20 }),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
    (pdus, cuts) => {
      const stream = Buffer.concat(
        pdus.map((pdu, order) => encodeRequest(order + 1_000, 7, Buffer.from(pdu))),
      );
      const reader = new AnswerReader();
      const found: number[][] = [];
      for (let at = 0, cut = 0; at < stream.length; cut++) {
        const end = at + (cuts[cut % cuts.length] ?? 1);
        const { frames, broken } = reader.take(stream.subarray(at, end));
        expect(broken).toBeNull();
        for (const { transaction, unit, pdu } of frames) found.push([transaction, unit, ...pdu]);
        at = end;
      }
      expect(found).toEqual(pdus.map((pdu, order) => [order + 1_000, 7, ...pdu]));
    },
  );
  fc.assert(law, { numRuns: 200 });
});

test('a stream of another protocol, or of frames of impossible length, is given up', () => {
  const broken = (...header: number[]) => {
    return new AnswerReader().take(Buffer.from([0, 1, ...header, 1, 3, 0])).broken;
  };
  expect(broken(0, 1, 0, 3)).toBe('an answer of protocol 1, not 0');
  expect(broken(0, 0, 0, 1)).toBe('an answer of 1 bytes');
  expect(broken(0, 0, 0, 255)).toBe('an answer of 255 bytes');
  expect(broken(0, 0, 0, 3)).toBeNull();
});
