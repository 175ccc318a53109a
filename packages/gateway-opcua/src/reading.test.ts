import { createRequire } from 'node:module';
import { parsePointList } from '@relight/gateway';
import type { Point } from '@relight/gateway';
import { expect, test } from 'vitest';
import { readingOf } from './reading.ts';

const { DataValue, DataType, StatusCodes, Variant } = createRequire(import.meta.url)(
  'node-opcua-client',
) as typeof import('node-opcua-client');

function position(): Point {
  const list = parsePointList({
    format: 'relight-points/1',
    grid: 'g',
    rtus: [{ id: 'S', protocol: 'opcua', endpoint: 'opc.tcp://127.0.0.1:4840' }],
    points: [
      { id: '471.position', rtu: 'S', equipment: '471', signal: 'position', nodeId: 'ns=1;s=471' },
    ],
  });
  if (!list.ok) throw new Error(JSON.stringify(list.error));
  return list.value.points[0]!;
}

test.each([
  [new Variant({ dataType: DataType.UInt16, value: 9 }), 'holds 9'],
  [new Variant({ dataType: DataType.String, value: 'x'.repeat(99) }), `holds ${'x'.repeat(40)}…`],
  [new Variant({ dataType: DataType.Null }), 'holds undefined'],
])('a position that the server calls good and that cannot be is named: %#', (value, words) => {
  const problems: string[] = [];
  const reading = readingOf(position(), new DataValue({ value }), (one) => problems.push(one));
  expect(reading).toMatchObject({ value: null, quality: 'invalid' });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`point 471.position: ns=1;s=471 holds`);
  if (!words.includes('undefined')) expect(problems[0]).toContain(words);
});

test('a node the server does not have is named; a bad sensor is only a quality', () => {
  const problems: string[] = [];
  const read = (statusCode: typeof StatusCodes.BadNodeIdUnknown) =>
    readingOf(position(), new DataValue({ statusCode }), (one) => problems.push(one)).quality;
  expect(read(StatusCodes.BadSensorFailure)).toBe('invalid');
  expect(problems).toEqual([]);
  expect(read(StatusCodes.BadNodeIdUnknown)).toBe('invalid');
  expect(problems).toEqual(['point 471.position: ns=1;s=471 BadNodeIdUnknown']);
});
