import type { PointListFile } from '@relight/contract';
import { describe, expect, test } from 'vitest';
import { readPointListCsv, writePointListCsv } from './point-list-csv.ts';
import { formatPointListProblem, parsePointList } from './point-list.ts';

const LIST: PointListFile = {
  format: 'relight-points/1',
  grid: 'town',
  rtus: [
    {
      id: 'RTU-471-58',
      protocol: 'modbus-tcp',
      host: '10.1.2.3',
      port: 502,
      unitId: 7,
      timeout_ms: 800,
      pollClasses: { fast: { period_ms: 250 }, slow: { period_ms: 1_000 } },
      clock: { table: 'inputRegister', address: 0 },
      events: { address: 10, capacity: 64, newest: { table: 'inputRegister', address: 107 } },
    },
    {
      id: 'RTU-PT',
      substation: 'PT',
      protocol: 'opcua',
      endpoint: 'opc.tcp://pt.example:4840',
      security: 'SignAndEncrypt/Basic256Sha256',
      user: 'relight',
    },
  ],
  points: [
    {
      id: '471-58.position',
      rtu: 'RTU-471-58',
      equipment: '471-58',
      signal: 'position',
      table: 'inputRegister',
      address: 4,
      invert: false,
      eventCode: 0,
      command: { arm: 0, operate: 2 },
    },
    {
      id: 'dòng "A", pha 1',
      rtu: 'RTU-471-58',
      equipment: '471-58',
      signal: 'current_A',
      table: 'inputRegister',
      address: 124,
      type: 'float32',
      wordOrder: 'CDAB',
      scale: 0.1,
      offset: -2.5,
      deadband: 0.5,
      pollClass: 'slow',
      maxAge_ms: 3_000,
    },
    {
      id: 'PT.471.position',
      rtu: 'RTU-PT',
      equipment: 'PT.471',
      signal: 'position',
      nodeId: 'ns=1;s=PT.471.position',
      command: {
        object: 'ns=1;s=PT.471',
        select: 'ns=1;s=PT.471.Select',
        operate: 'ns=1;s=PT.471.Operate',
        cancel: 'ns=1;s=PT.471.Cancel',
      },
    },
  ],
};

function jsonOf(text: string): unknown {
  const read = readPointListCsv(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.json;
}

function problemsOf(text: string): readonly string[] {
  const read = readPointListCsv(text);
  if (!read.ok) return read.error.map(({ line, message }) => `line ${line}: ${message}`);
  const parsed = parsePointList(read.value.json);
  if (parsed.ok) return [];
  return parsed.error.map((one) => {
    return `line ${read.value.lineOf(one.path)}: ${formatPointListProblem(one)}`;
  });
}

describe('a point list as CSV', () => {
  test('comes back as it was, quotes, commas and accents included', () => {
    expect(jsonOf(writePointListCsv(LIST))).toEqual(LIST);
    expect(problemsOf(writePointListCsv(LIST))).toEqual([]);
  });

  test('may come from a spreadsheet in Vietnamese: semicolons, decimal commas, a byte order mark', () => {
    const text = [
      '\uFEFFrelight-points/1;town',
      '#rtu;id;protocol;host;port',
      'rtu;R1;modbus-tcp;10.0.0.1;502;;',
      ';;;;',
      '#point;signal;id;rtu;equipment;table;address;type;scale',
      'point;current_A;p1;R1;471-58;holdingRegister;3;int16;0,1',
    ].join('\r\n');
    expect(problemsOf(text)).toEqual([]);
    expect(jsonOf(text)).toMatchObject({
      rtus: [{ id: 'R1', port: 502 }],
      points: [{ id: 'p1', scale: 0.1, address: 3 }],
    });
  });

  test('is refused with the line of everything that cannot be read', () => {
    expect(problemsOf('id,rtu\n1,2')).toEqual([
      'line 1: the first line is not "relight-points/1,GRID"',
    ]);
    expect(problemsOf('relight-points/1,town\n\npoint,p1\nbox,1\n#rtu,id,colour,id\n')).toEqual([
      'line 3: no line of columns, #point, stands before',
      'line 4: "box" is none of #rtu, rtu, #point, point',
      'line 5: a rtu has no column "colour"',
      'line 5: column "id" stands twice',
    ]);
    expect(problemsOf('relight-points/1,town\n#rtu,id\nrtu,"R1')).toEqual([
      'line 3: a quote is never closed',
    ]);
    expect(problemsOf('relight-points/1,town\n#rtu,id\nrtu,R1,surplus')).toEqual([
      'line 3: "surplus" stands under no column',
    ]);
  });

  test('names line, RTU, point and address of a clash and of a cell that is no number', () => {
    const text = [
      'relight-points/1,town',
      '#rtu,id,protocol,host,port',
      'rtu,R1,modbus-tcp,10.0.0.1,502',
      '#point,id,rtu,equipment,signal,table,address',
      'point,p1,R1,S1,position,inputRegister,3',
      'point,p2,R1,S1,lockout,inputRegister,3',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      'line 6: points.1.address (RTU R1, point p2, inputRegister 3): lies on the address of point p1 (address 3)',
    ]);
    const [problem] = problemsOf(
      text.replace('lockout,inputRegister,3', 'lockout,inputRegister,x'),
    );
    expect(problem).toContain('line 6: points.1.address (RTU R1, point p2, x)');
  });
});
