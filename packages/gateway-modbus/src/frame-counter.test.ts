import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameCounter } from './frame-counter.ts';

test('frames are counted whole, however the stream is cut', () => {
  const law = fc.property(
    fc.array(fc.integer({ min: 0, max: 260 }), { maxLength: 20 }),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
    (lengths, cuts) => {
      const stream = lengths.flatMap((length) => {
        const header = [0, 1, 0, 0, length >> 8, length & 255];
        return header.concat(Array.from({ length }, () => 7));
      });
      const counter = new FrameCounter();
      for (let at = 0, cut = 0; at < stream.length; cut++) {
        const end = at + (cuts[cut % cuts.length] ?? 1);
        counter.take(Uint8Array.from(stream.slice(at, end)));
        at = end;
      }
      expect(counter.frames).toBe(lengths.length);
    },
  );
  fc.assert(law, { numRuns: 200 });
});
