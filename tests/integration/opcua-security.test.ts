import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulation } from '../../simulators/rtu/src/index.ts';
import type { RunningSimulation } from '../../simulators/rtu/src/index.ts';
import { smallStation } from '../../simulators/rtu/src/testing/small-station.ts';
import { until } from '../../packages/gateway/src/testing/until.ts';
import { GatewayRig } from '../kit/gateway-rig.ts';

const ACCESS = { user: 'dieu-do', password: 'mật khẩu 1' };
const POINT = 'S.471.position';

let simulation: RunningSimulation;
let rig: GatewayRig;
let pkiFolder: string;
let password = ACCESS.password;

beforeAll(async () => {
  simulation = await startSimulation({ grid: smallStation(), stationAccess: ACCESS });
  pkiFolder = await mkdtemp(join(tmpdir(), 'relight-trust-'));
  rig = await GatewayRig.start(simulation.points, { pkiFolder, passwordOf: () => password });
});
afterAll(async () => {
  await rig.stop();
  await simulation.stop();
  await rm(pkiFolder, { recursive: true, force: true });
});

const certificates = async (folder: string): Promise<string[]> =>
  (await readdir(join(pkiFolder, folder)).catch(() => [])).filter((name) => name.endsWith('.pem'));

const reason = (): string => rig.links.get('RTU-S')?.reason ?? '';

test('a station whose certificate nobody has trusted is refused; its certificate waits to be trusted', async () => {
  await until('a reason', 20_000, () => reason() !== '');
  expect(reason()).toMatch(/certificate/i);
  expect(rig.links.get('RTU-S')?.state).toBe('down');
  expect(rig.newest.get(POINT)?.quality ?? 'notTopical').toBe('notTopical');
  expect(await certificates('rejected')).toHaveLength(1);
});

test('moved from rejected to trusted/certs, it is believed, without a restart', async () => {
  const [file = ''] = await certificates('rejected');
  await mkdir(join(pkiFolder, 'trusted/certs'), { recursive: true });
  await rename(join(pkiFolder, 'rejected', file), join(pkiFolder, 'trusted/certs', file));
  await until('good', 20_000, () => rig.quality(POINT) === 'good');
  expect(rig.newest.get(POINT)?.value).toBe('closed');
});

test('with a wrong password nothing is read, and the right one brings it back', async () => {
  password = 'sai';
  const { control, token } = simulation;
  await fetch(`${control}/devices/RTU-S/misbehaviour`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ cut: 'reset' }),
  });
  await until('stale', 20_000, () => rig.quality(POINT) !== 'good');
  await until('the reason', 20_000, () => /BadUserAccessDenied|BadIdentityToken/.test(reason()));
  password = ACCESS.password;
  await until('good', 20_000, () => rig.quality(POINT) === 'good');
});

test('a station lets in only the masters whose certificate it was given', async () => {
  const trustedCertificates = await mkdtemp(join(tmpdir(), 'relight-masters-'));
  const strict = { ...ACCESS, trustedCertificates };
  const secrets = { pkiFolder, passwordOf: () => ACCESS.password };
  const own = join(pkiFolder, 'own/certs');
  const [certificate = ''] = (await readdir(own)).filter((name) => /\.(pem|der)$/.test(name));
  for (const isKnown of [false, true]) {
    if (isKnown) await cp(join(own, certificate), join(trustedCertificates, certificate));
    const station = await startSimulation({ grid: smallStation(), stationAccess: strict });
    const gateway = await GatewayRig.start(station.points, secrets);
    const words = (): string => gateway.links.get('RTU-S')?.reason ?? '';
    try {
      await until('a reason', 20_000, () => words() !== '');
      // The station's own certificate is new, too, and is trusted first.
      await trustRejected();
      if (isKnown) await until('good', 20_000, () => gateway.quality(POINT) === 'good');
      else {
        await until('refused', 20_000, () => /BadSecurityChecksFailed|refused/i.test(words()));
        expect(gateway.newest.get(POINT)?.quality ?? 'notTopical').toBe('notTopical');
      }
    } finally {
      await gateway.stop();
      await station.stop();
    }
  }
  await rm(trustedCertificates, { recursive: true });
});

async function trustRejected(): Promise<void> {
  for (const file of await certificates('rejected')) {
    await rename(join(pkiFolder, 'rejected', file), join(pkiFolder, 'trusted/certs', file));
  }
}
