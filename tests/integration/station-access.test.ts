import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PointListFile } from '@relight/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../packages/gateway/src/testing/until.ts';
import { GatewayRig } from '../kit/gateway-rig.ts';
import { relight } from './run-relight.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const USER = { user: 'dieu-do', password: 'mật khẩu 1' };
const STATION = 'RTU-PT';
const POINT = 'PT.471.position';

let folder: string;
const at = (...parts: readonly string[]): string => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relight-station-access-'));
  await mkdir(at('masters'));
  await mkdir(at('pki', 'trusted', 'certs'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** `relight simulate` as an integrator runs it; the station's part of the point list it wrote. */
async function simulate(): Promise<PointListFile> {
  const points = at('points.json');
  const access = at('access.json');
  const options = ['--station-access', access, '--write-points', points, '--json'];
  const child: ChildProcess = spawn(
    join(ROOT, 'node_modules/.bin/relight'),
    ['simulate', 'demo-town', ...options],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  ends.push(async () => {
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`relight simulate ended with ${code}`)));
  });
  const list = PointListFile.parse(JSON.parse(await readFile(points, 'utf8')));
  return {
    ...list,
    rtus: list.rtus.filter(({ id }) => id === STATION),
    points: list.points.filter(({ rtu }) => rtu === STATION),
  };
}

async function gatewayTo(list: PointListFile, passwordOf: () => string): Promise<GatewayRig> {
  const rig = await GatewayRig.start(list, { pkiFolder: at('pki'), passwordOf });
  ends.push(() => rig.stop());
  return rig;
}

const wordsOf = (rig: GatewayRig): string => rig.links.get(STATION)?.reason ?? '';

/** What the person at the gateway does once the fingerprint has been compared. */
async function trustStation(rig: GatewayRig): Promise<void> {
  await until('the certificate of the station is refused', 30_000, () => {
    return /certificate/i.test(wordsOf(rig));
  });
  for (const file of await readdir(at('pki', 'rejected'))) {
    await rename(at('pki', 'rejected', file), at('pki', 'trusted', 'certs', file));
  }
}

test('stations of `relight simulate --station-access` refuse a master they were not told of, then let it in with the right password alone', async () => {
  const access = { ...USER, trustedCertificates: 'masters' };
  await writeFile(at('access.json'), JSON.stringify(access));
  const strange = await gatewayTo(await simulate(), () => USER.password);
  await trustStation(strange);
  await until('refused', 30_000, () => /BadSecurityChecksFailed|refused/i.test(wordsOf(strange)));
  expect(strange.quality(POINT) ?? 'notTopical').toBe('notTopical');
  for (const end of ends.splice(0).reverse()) await end();

  await cp(at('pki', 'own', 'certs'), at('masters'), { recursive: true });
  let password = 'sai';
  const known = await gatewayTo(await simulate(), () => password);
  await trustStation(known);
  await until('the password is refused', 30_000, () => {
    return /BadUserAccessDenied|BadIdentityToken/.test(wordsOf(known));
  });
  expect(known.quality(POINT) ?? 'notTopical').toBe('notTopical');
  password = USER.password;
  await until('good', 30_000, () => known.quality(POINT) === 'good');
  expect(known.newest.get(POINT)?.value).toBe('closed');
});

test.each([
  ['a slip in a field', { ...USER, trustedCertificate: 'masters' }, /RL-012[^]*trustedCertificate/],
  ['no password', { user: USER.user }, /RL-012[^]*password/],
  ['a folder that is not there', { ...USER, trustedCertificates: 'nowhere' }, /RL-002[^]*nowhere/],
])('an access file with %s is named, and nothing is served', async (_what, access, words) => {
  await writeFile(at('wrong.json'), JSON.stringify(access));
  const wrong = await relight('simulate', 'demo-town', '--station-access', at('wrong.json'));
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toBe('');
  expect(wrong.stderr).toMatch(words);
});
