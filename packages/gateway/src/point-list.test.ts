import type { Grid } from '@relight/grid';
import { expect, test } from 'vitest';
import { formatPointListProblem, parsePointList } from './point-list.ts';
import { pointValue } from './point-value.ts';

const rtu = { id: 'R1', protocol: 'modbus-tcp', host: '10.1.1.5', port: 502 };
const position = {
  id: '471-58.position',
  rtu: 'R1',
  equipment: '471-58',
  signal: 'position',
  table: 'inputRegister',
  address: 0,
  command: { arm: 0, operate: 2 },
};
const current = {
  id: '471-58.current_A',
  rtu: 'R1',
  equipment: '471-58',
  signal: 'current_A',
  table: 'inputRegister',
  address: 4,
  type: 'float32',
};
const list = (rtus: readonly object[], points: readonly object[]) => ({
  format: 'relight-points/1',
  grid: 'demo-town',
  rtus,
  points,
});

function problemsOf(json: unknown, grid?: Grid): readonly string[] {
  const parsed = parsePointList(json, grid);
  return parsed.ok ? [] : parsed.error.map((problem) => formatPointListProblem(problem));
}

test('a right list is taken, with its defaults: 500 ms, one second, unit 1, 2.5 s of age', () => {
  const parsed = parsePointList(list([rtu], [position, current]));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  expect(parsed.value.rtus).toMatchObject([
    { unitId: 1, timeout_ms: 1_000, periods_ms: { fast: 500 } },
  ]);
  expect(parsed.value.points[1]).toMatchObject({
    kind: 'analog',
    maxAge_ms: 2_500,
    modbus: { type: 'float32', wordOrder: 'ABCD' },
    command: null,
  });
  // Plain data: it crosses to a worker as it is.
  expect(structuredClone(parsed.value)).toEqual(parsed.value);
});

test.each([
  [
    'two values on one address',
    [position, { ...current, address: 0, type: 'uint16' }],
    /points\.1\.address \(RTU R1, point 471-58.current_A, inputRegister 0\): lies on the address of point 471-58.position/,
  ],
  [
    'a float over the start of another',
    [{ ...position, address: 5 }, current],
    /lies on the address/,
  ],
  ['a value beyond the last register', [{ ...current, address: 65_535 }], /end beyond 65535/],
  ['an unknown RTU', [{ ...position, rtu: 'R7' }], /unknown RTU "R7"/],
  [
    'a point id twice',
    [position, { ...current, id: position.id }],
    /point id is taken by points.0/,
  ],
  [
    'one signal of one switch twice',
    [position, { ...position, id: 'x', address: 9 }],
    /already reports position/,
  ],
  ['a missing address', [{ ...position, address: undefined }], /Modbus point names its address/],
  ['a missing table', [{ ...position, table: undefined }], /names its table/],
  ['a bit in a register', [{ ...position, type: 'bit' }], /bit does not fit into a inputRegister/],
  ['a class nobody polls', [{ ...position, pollClass: 'slow' }], /no poll class "slow"/],
  [
    'a command on a current',
    [{ ...current, command: { arm: 0, operate: 2 } }],
    /belongs to a position or reclosing/,
  ],
  [
    'operate inside arm',
    [{ ...position, command: { arm: 4, operate: 5 } }],
    /lies in the two registers/,
  ],
  [
    'command registers of two switches on each other',
    [
      position,
      { ...position, id: 'y', equipment: '471-74', address: 9, command: { arm: 1, operate: 9 } },
    ],
    /lies on the address of point 471-58.position/,
  ],
  [
    'OPC UA methods on Modbus',
    [{ ...position, command: { object: 'a', select: 'b', operate: 'c', cancel: 'd' } }],
    /OPC UA methods on a Modbus point/,
  ],
  ['a scale of nought', [{ ...current, scale: 0 }], /every reading the same/],
  [
    'an unknown signal',
    [{ ...position, signal: 'colour' }],
    /points\.0\.signal \(RTU R1, point 471-58.position, 0\)/,
  ],
])('%s is refused by name', (_, points, expected) => {
  expect(problemsOf(list([rtu], points)).join('\n')).toMatch(expected);
});

test.each([
  ['no host', { ...rtu, host: undefined }, /rtus\.0\.host \(RTU R1\): missing endpoint/],
  ['no port', { ...rtu, port: undefined }, /missing endpoint: no port/],
  ['no endpoint', { id: 'R1', protocol: 'opcua' }, /endpoint \(RTU R1\): missing/],
  ['a wrong endpoint', { id: 'R1', protocol: 'opcua', endpoint: 'http://x' }, /not opc\.tcp/],
  [
    'a wrong security',
    { id: 'R1', protocol: 'opcua', endpoint: 'opc.tcp://x:1', security: 'TLS' },
    /"TLS" is none of/,
  ],
])('an RTU with %s is refused by name', (_, file, expected) => {
  expect(problemsOf(list([file], [])).join('\n')).toMatch(expected);
});

test('two RTUs of one name, or at one place, are refused', () => {
  expect(problemsOf(list([rtu, rtu], []))).toHaveLength(2);
  expect(problemsOf(list([rtu, { ...rtu, id: 'R2' }], [])).join()).toMatch(
    /10.1.1.5:502 unit 1 is already the place of RTU R1/,
  );
  expect(problemsOf(list([rtu, { ...rtu, id: 'R2', unitId: 2 }], []))).toEqual([]);
});

test('a node id that is missing, wrong or used twice is refused', () => {
  const station = { id: 'R1', protocol: 'opcua', endpoint: 'opc.tcp://127.0.0.1:4840' };
  const point = { id: 'a', rtu: 'R1', equipment: 'PT.471', signal: 'position' };
  const points = [
    point,
    { ...point, id: 'b', signal: 'lockout', nodeId: 'PT.471' },
    { ...point, id: 'c', signal: 'current_A', nodeId: 'ns=1;s=PT.471' },
    { ...point, id: 'd', signal: 'gasLow', nodeId: 'ns=1;s=PT.471' },
  ];
  expect(problemsOf(list([station], points))).toEqual([
    expect.stringMatching(/points\.0\.nodeId .*missing/),
    expect.stringMatching(/points\.1\.nodeId .*no node id such as/),
    expect.stringMatching(/points\.3\.nodeId .*taken by point c/),
  ]);
});

test('a list that does not belong to the grid names what is missing on either side', () => {
  const node = { remote: false } as const;
  const grid = {
    id: 'demo-town',
    ...Object.fromEntries(
      [
        'substations',
        'connectivityNodes',
        'sources',
        'transformers',
        'lines',
        'faultIndicators',
        'groundDisconnectors',
        'loads',
        'shunts',
        'generators',
        'feeders',
      ].map((name) => [name, []]),
    ),
    switches: [
      { ...node, id: '471-58', remote: true },
      { ...node, id: '471-74', remote: true },
      { ...node, id: '471-90' },
    ],
  } as unknown as Grid;
  const points = [
    { ...position, command: undefined },
    { ...position, id: 'f', equipment: '471-90', address: 8 },
    { ...current, equipment: '471-85' },
  ];
  const problems = problemsOf(list([rtu], points), grid);
  expect(problems).toEqual([
    expect.stringMatching(/points\.1\.command .*471-90 is no remote switch/),
    expect.stringMatching(/points\.2\.equipment .*"471-85" is not in the grid/),
    expect.stringMatching(/points\.0\.command .*missing; the switch is remote/),
    expect.stringMatching(/remote switch 471-74 has no position point/),
  ]);
});

test('what is no point list at all is refused with a path', () => {
  expect(problemsOf(null).join()).toMatch(/^\$/);
  expect(problemsOf({ format: 'relight-points/2' }).join('\n')).toMatch(/^format/);
});

test('positions, trip functions, flags and analogs are decoded by their kind', () => {
  const pointWith = (changes: object) => {
    const parsed = parsePointList(list([rtu], [{ ...current, type: undefined, ...changes }]));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const point = parsed.value.points[0];
    if (point === undefined) throw new Error('no point');
    return point;
  };
  const decoded = (changes: object, raw: number | boolean) => pointValue(pointWith(changes), raw);
  const bit = { table: 'discreteInput', signal: 'position' };
  expect([0, 1, 2, 3, 4].map((raw) => decoded({ signal: 'position' }, raw))).toEqual([
    'intermediate',
    'open',
    'closed',
    'bad',
    null,
  ]);
  expect([0, 1].map((raw) => decoded(bit, raw))).toEqual(['open', 'closed']);
  expect([0, 1].map((raw) => decoded({ ...bit, invert: true }, raw))).toEqual(['closed', 'open']);
  expect(decoded({ signal: 'tripFunction' }, 5)).toBe('51N');
  expect(decoded({ signal: 'tripFunction' }, 99)).toBe(null);
  expect(decoded({ signal: 'lockout' }, 1)).toBe(true);
  expect(decoded({ signal: 'lockout', invert: true }, true)).toBe(false);
  expect(decoded({ scale: 0.1, offset: -5 }, 1_000)).toBe(95);
  expect(decoded({}, Number.NaN)).toBe(null);
});

test('a ring of events must be in reach, on its own registers, and name each point once', () => {
  const ring = { ...rtu, events: { address: 10, capacity: 4 } };
  const code = (point: object, eventCode: number) => ({ ...point, eventCode });
  expect(problemsOf(list([ring], [code(position, 0), code(current, 1)]))).toEqual([]);
  expect(problemsOf(list([rtu], [code(position, 0)]))).toEqual([
    expect.stringMatching(/points\.0\.eventCode .*: RTU R1 has no ring of events/),
  ]);
  expect(problemsOf(list([ring], [code(position, 5), code(current, 5)]))).toEqual([
    expect.stringMatching(/points\.1\.eventCode .*: code 5 is that of point 471-58.position/),
  ]);
  const inside = { ...current, table: 'holdingRegister', address: 57 };
  expect(problemsOf(list([ring], [position, inside]))).toEqual([
    expect.stringMatching(/points\.1\.address .*: lies in the ring of events \(10 to 57\)/),
  ]);
  const beyond = { ...rtu, events: { address: 65_000, capacity: 64 } };
  expect(problemsOf(list([beyond], [position]))).toEqual([
    expect.stringMatching(/rtus\.0\.events .*: its 64 slots end beyond 65535/),
  ]);
});

test('a user is refused where the password would travel in the clear', () => {
  const station = { id: 'R2', protocol: 'opcua', endpoint: 'opc.tcp://10.1.1.6:4840', user: 'u' };
  expect(problemsOf(list([station], []))).toEqual([
    expect.stringMatching(/rtus\.0\.user \(RTU R2\): a password needs a channel/),
  ]);
  expect(problemsOf(list([{ ...station, security: 'SignAndEncrypt' }], []))).toEqual([]);
  expect(problemsOf(list([{ ...rtu, user: 'u' }], []))).toEqual([
    expect.stringMatching(/rtus\.0\.user .*: Modbus knows no users/),
  ]);
});

test('a field nobody knows is named: it may be a slip of a known one', () => {
  const [problem] = problemsOf(list([rtu], [{ ...position, deadbnd: 2 }]));
  expect(problem).toMatch(/points\.0 \(RTU R1, point 471-58.position, 0\): .*deadbnd/);
});
