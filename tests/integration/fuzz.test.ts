import { expect, test } from 'vitest';
import { fuzzModbus, fuzzOpcUa } from '../kit/fuzz-drivers.ts';

// `npm run long -- fuzz-modbus` and `fuzz-opcua` do the same with 100,000.

test('two thousand damaged Modbus answers crash nothing and disturb no other RTU', async () => {
  const result = await fuzzModbus({ frames: 2_000, seed: 20 });
  expect(result).toMatchObject({ disturbed: 0 });
  expect(result.malformed).toBeGreaterThan(20);
  expect(result.heapGrowth_MB).toBeLessThan(100);
});

test('damaged pieces of an OPC UA stream crash nothing, disturb no other server, and broken links come back', async () => {
  const result = await fuzzOpcUa({ frames: 40, seed: 21 });
  expect(result).toMatchObject({ disturbed: 0 });
  expect(result.reconnects).toBeGreaterThan(0);
});
