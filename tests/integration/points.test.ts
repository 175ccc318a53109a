import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PointListFile } from '@relight/contract';
import { parseGridText } from '@relight/grid';
import { afterAll, expect, test } from 'vitest';
import { generatePointList, startSimulation } from '../../simulators/rtu/src/index.ts';
import { layOutRtus } from '../../simulators/rtu/src/rtu-layout.ts';
import { GatewayRig } from '../kit/gateway-rig.ts';
import { relight, relightJson } from './run-relight.ts';

const folder = mkdtempSync(join(tmpdir(), 'relight-points-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function townList(): PointListFile {
  const parsed = parseGridText(readFileSync('seeds/grids/demo-town.json', 'utf8'));
  if (!parsed.ok) throw new Error('demo-town is refused');
  const { grid } = parsed.value;
  const endpoints = layOutRtus(grid).map((rtu, order) => {
    const where =
      rtu.protocol === 'opcua'
        ? { endpoint: `opc.tcp://127.0.0.1:${4_840 + order}` }
        : { host: '127.0.0.1', port: 1_000 + order };
    return [rtu.id, where] as const;
  });
  return generatePointList(grid, new Map(endpoints));
}

test('the point list of demo-town goes to CSV and back unchanged, and both forms belong to the grid', async () => {
  const list = townList();
  const json = join(folder, 'town.json');
  const csv = join(folder, 'town.csv');
  writeFileSync(json, JSON.stringify(list));
  expect(await relight('points', 'convert', json, '--to', 'csv', '--out', csv)).toMatchObject({
    code: 0,
  });
  const { stdout } = await relight('points', 'convert', csv, '--to', 'json');
  expect(PointListFile.parse(JSON.parse(stdout))).toEqual(list);
  for (const file of [json, csv]) {
    const { code, document } = await relightJson('points', 'check', file, '--grid', 'demo-town');
    expect(code).toBe(0);
    expect(document).toMatchObject({
      valid: true,
      counts: { rtus: list.rtus.length, points: list.points.length },
    });
  }
});

test('a clash in a CSV list is named by its line, RTU, point and address, and nothing is converted', async () => {
  const file = join(folder, 'clash.csv');
  const rows = [
    'relight-points/1,town',
    '#rtu,id,protocol,host,port',
    'rtu,R1,modbus-tcp,10.0.0.1,502',
    '#point,id,rtu,equipment,signal,table,address',
    'point,p1,R1,S1,position,inputRegister,3',
    'point,p2,R9,S1,lockout,inputRegister,4',
    'point,p3,R1,S1,lockout,inputRegister,3',
  ];
  writeFileSync(file, rows.join('\n'));
  for (const verb of [['check'], ['convert', '--to', 'json']]) {
    const { code, stdout, stderr } = await relight('points', ...verb, file);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('RL-030');
    expect(stderr).toContain(
      'line 6: points.1.rtu (RTU R9, point p2, inputRegister 4): unknown RTU',
    );
    expect(stderr).toContain(
      'line 7: points.2.address (RTU R1, point p3, inputRegister 3): lies on',
    );
  }
});

/** What `docs/integrators.md` shows in a block of this language, the first one. */
function shown(language: string): string {
  const text = readFileSync('docs/integrators.md', 'utf8');
  const block = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`no ${language} in docs/integrators.md`);
  return block.replace(/^ {3}/gm, '');
}

test('the grid and the list of "An RTU in ten minutes" are sound, and read the simulated recloser', async () => {
  const [grid, csv, json] = ['grid.json', 'list.csv', 'list.json'].map((name) => {
    return join(folder, name);
  }) as [string, string, string];
  writeFileSync(grid, shown('json'));
  const parsed = parseGridText(shown('json'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const simulation = await startSimulation({ grid: parsed.value.grid });
  try {
    const device = simulation.points.rtus.find(({ id }) => id === 'RTU-471-58');
    writeFileSync(csv, shown('csv').replace(',502,', `,${device?.port},`));
    expect(await relight('points', 'check', csv, '--grid', grid)).toMatchObject({ code: 0 });
    const converted = await relight('points', 'convert', csv, '--to', 'json', '--out', json);
    expect(converted).toMatchObject({ code: 0 });
    const list = PointListFile.parse(JSON.parse(readFileSync(json, 'utf8')));
    const rig = await GatewayRig.start(list);
    await rig.ready();
    expect(rig.newest.get('471-58.position')?.value).toBe('closed');
    expect(rig.newest.get('471-58.localRemote')?.value).toBe(true);
    expect(rig.newest.get('471-58.current_A')?.value).toBeGreaterThan(10);
    await rig.stop();
  } finally {
    await simulation.stop();
  }
});
