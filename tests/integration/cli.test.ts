import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Plan } from '@relight/contract';
import { relight, relightJson } from './run-relight.ts';

const folder = mkdtempSync(join(tmpdir(), 'relight-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('help comes at once, because verbs load only what they use', async () => {
  const runs = [await relight('--help'), await relight('--help'), await relight('--help')];
  expect(runs[0]?.stdout).toContain('Usage: relight VERB');
  // Against a verb that loads the grid model and the load flow, best of three each: a busy
  // machine slows both.
  const loaded = [
    await relight('loadflow', 'demo-town'),
    await relight('loadflow', 'demo-town'),
    await relight('loadflow', 'demo-town'),
  ];
  const quickest = (of: typeof runs): number => Math.min(...of.map((run) => run.took_ms));
  expect(quickest(runs) / quickest(loaded)).toBeLessThan(0.6);
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync('apps/cli/package.json', 'utf8')) as {
    version: string;
  };
  expect(await relight('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test.each([
  [
    'an unknown verb',
    ['valdate', 'demo-town'],
    'RL-001: unknown verb "valdate"; did you mean "validate"?',
  ],
  [
    'an unknown option',
    ['loadflow', 'demo-town', '--opne', 'x'],
    'RL-001: relight loadflow knows no option --opne; did you mean --open?',
  ],
  ['a missing file', ['validate', 'no-such-grid.json'], 'RL-002: no grid file "no-such-grid.json"'],
  [
    'an unknown switch',
    ['loadflow', 'demo-town', '--open', 'pt.473'],
    'RL-005: --open: grid demo-town has no switch "pt.473"; did you mean "PT.473"?',
  ],
  [
    'an open and closed switch',
    ['loadflow', 'demo-town', '--open', 'PT.473', '--close', 'PT.473'],
    'RL-008: switch "PT.473" stands in both --open and --close',
  ],
  [
    'an unknown faulted line',
    ['plan', 'demo-town', '--fault', 'L-none'],
    'RL-005: --fault: grid demo-town has no equipment "L-none"',
  ],
  [
    'a fault and evidence together',
    ['plan', 'demo-town', '--fault', '471.L02', '--evidence', 'e.json'],
    'RL-008: ',
  ],
  ['a missing fault', ['plan', 'demo-town'], 'RL-001: '],
  ['half a verb', ['config'], 'RL-001: unknown verb "config"; did you mean "config check"?'],
  [
    'a journal folder that is a file',
    ['demo', '--journal', 'README.md'],
    'README.md" is not a folder',
  ],
  [
    'a point list that has no folder to stand in',
    ['simulate', 'demo-town', '--write-points', 'nowhere/points.json'],
    'nowhere" does not exist',
  ],
  ['a missing recording', ['replay', 'no-such-run'], 'RL-002: "no-such-run" does not exist'],
])('%s is answered with one clear line and exit code 2', async (_, args, line) => {
  const { code, stdout, stderr } = await relight(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).toContain(line);
});

test('with --json a refusal is the one document on standard output', async () => {
  const { code, document } = await relightJson<{ error: { code: string } }>('validate', 'nowhere');
  expect({ code, error: document.error.code }).toEqual({ code: 2, error: 'RL-002' });
});

test('a port that is in use gives one clear line and exit code 1, and nothing is started', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  try {
    const { code, stderr } = await relight('up', '--port', String(port));
    expect(code).toBe(1);
    expect(stderr).toBe(
      `RL-010: port ${port} on 127.0.0.1 is in use. ` +
        'Stop the other program or choose another port with `--port`.\n',
    );
  } finally {
    server.close();
  }
});

test('an address beyond this machine is refused before anything is started', async () => {
  const file = write('everywhere.yaml', 'server:\n  host: 0.0.0.0\n');
  const { code, stderr } = await relight('up', '--port', '0', '--config', file);
  expect(code).toBe(1);
  expect(stderr).toBe(
    'RL-011: refused to listen on 0.0.0.0. The demo profile serves loopback only; use 127.0.0.1.\n',
  );
});

/** Ten mistakes of ten kinds, each at a place of its own. */
const TEN_MISTAKES = {
  format: 'relight-grid/1',
  id: 'ten-mistakes',
  frequency_Hz: 'fifty',
  nodes: [
    { id: 'n1', nominalVoltage_kV: 22 },
    { id: 'n2', nominalVoltage_kV: 22 },
    { id: 'n2', nominalVoltage_kV: 22 },
    { id: 'n4' },
    { id: 'n5', nominalVoltage_kV: 22 },
  ],
  sources: [{ id: 's1', node: 'n1' }],
  lines: [
    { id: 'l1', from: 'n1', to: 'nowhere', r_ohm: 0.1, x_ohm: 0.1 },
    { id: 'l2', from: 'n1', to: 'n2', r_ohm: -0.1, x_ohm: 0.1 },
    { id: 'l3', from: 'n1', to: 'n2', r_ohm: 0.1, x_ohm: 0.1, rated_A: -300 },
    { id: 'l4', from: 'n1', to: 'n4', r_ohm: 0.1 },
  ],
  switches: [{ id: 'w1', kind: 'relay', from: 'n2', to: 'n4' }],
  loads: [
    { id: 'd1', node: 'n2', p_kW: 'much' },
    { id: 'd2', node: 'n5', p_kW: 10, priority: 'urgent' },
  ],
};

test('a grid file with ten mistakes yields ten messages, each with path and expectation', async () => {
  const file = write('ten.json', TEN_MISTAKES);
  const { code, document } = await relightJson<{
    valid: boolean;
    errors: { path: string; message: string }[];
  }>('validate', file);
  expect({ code, valid: document.valid }).toEqual({ code: 1, valid: false });
  const paths = document.errors.map((error) => error.path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'frequency_Hz',
      'nodes[2].id',
      'nodes[3].nominalVoltage_kV',
      'lines[0].to',
      'lines[1].r_ohm',
      'lines[2].rated_A',
      'lines[3].x_ohm',
      'switches[0].kind',
      'loads[0].p_kW',
      'loads[1].priority',
    ]),
  );
  for (const { message } of document.errors) expect(message).toMatch(/expected|must|no node/);
  // The same on the screen, and the other verbs refuse the file with the same list.
  const plan = await relight('plan', file, '--fault', 'l1');
  expect(plan.code).toBe(1);
  expect(plan.stderr).toContain('RL-004: ');
  for (const path of paths) expect(plan.stderr).toContain(`${path}: `);
});

test('text that is no JSON is refused with line and column', async () => {
  const file = write('comma.json', '{\n  "format": "relight-grid/1",,\n}');
  const { code, stdout } = await relight('validate', file);
  expect(code).toBe(1);
  expect(stdout).toContain('line 2, column 30');
});

test('demo-town is valid and has the size that was promised', async () => {
  const { code, document } = await relightJson<{
    valid: boolean;
    counts: Record<string, number>;
  }>('validate', 'demo-town');
  expect({ code, valid: document.valid }).toEqual({ code: 0, valid: true });
  expect(document.counts).toMatchObject({ substations: 2, feeders: 12 });
  expect(document.counts['remoteSwitches']).toBeGreaterThanOrEqual(60);
  expect(document.counts['customers']).toBeGreaterThan(35_000);
});

test('the load flow of demo-town solves, and a switch opened by hand darkens what is behind it', async () => {
  type View = { converged: boolean; deenergised: string[]; minVoltage_pu: number };
  const normal = await relightJson<View>('loadflow', 'demo-town');
  expect(normal).toMatchObject({ code: 0, document: { converged: true, deenergised: [] } });
  const opened = await relightJson<View>('loadflow', 'demo-town', '--open', 'PT.473');
  expect(opened.document.deenergised).toContain('473.N01');
  expect(opened.document.deenergised).not.toContain('471.N01');
});

test('the configuration in force is printed, and a wrong field is named with its path', async () => {
  const good = await relightJson<{ configuration: { server: { port: number } } }>(
    'config',
    'check',
  );
  expect(good).toMatchObject({ code: 0, document: { configuration: { server: { port: 7480 } } } });
  const file = write('wrong.yaml', 'server:\n  port: many\nsimulation:\n  sed: 4\n');
  const bad = await relight('config', 'check', file);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain('server.port');
  expect(bad.stderr).toContain('RL-012');
});

test('the way back opens the tie before it closes the section switch between two stations', async () => {
  const { code, document } = await relightJson<Plan>(
    ...['plan', 'demo-town', '--return', '--open', '473-57', '--close', '473-481-95'],
  );
  expect(code).toBe(0);
  expect(document.steps.map((step) => [step.action, step.switch, step.purpose])).toEqual([
    ['open', '473-481-95', 'return'],
    ['close', '473-57', 'return'],
  ]);
  expect(document.result.unrestored.customers).toBe(0);
});

test('from the normal state there is no step on the way back', async () => {
  const { code, document } = await relightJson<Plan>('plan', 'demo-town', '--return');
  expect([code, document.steps]).toEqual([0, []]);
});
