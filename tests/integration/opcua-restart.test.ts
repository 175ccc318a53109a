import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@relight/foundation';
import { parsePointList } from '@relight/gateway';
import type { Driver } from '@relight/gateway';
import { createOpcUaDriver } from '@relight/gateway-opcua';
import { afterEach, expect, test } from 'vitest';
import { realClock } from '../../packages/gateway/src/testing/real-clock.ts';
import { until } from '../../packages/gateway/src/testing/until.ts';
import { sockets } from '../../simulators/rtu/src/index.ts';
import { opcUaDevice } from './drivers/opcua-device.ts';
import type { OpcUaDevice } from './drivers/opcua-device.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The three points report changes; the fourth item, the clock of the server, is sampled. */
const REPORTED = [true, true, true, false];

interface Watched {
  readonly device: OpcUaDevice;
  readonly driver: Driver;
  /** How often the link has come up. */
  ups: number;
  spontaneous: number;
}

async function watch(): Promise<Watched> {
  const pkiFolder = await mkdtemp(join(tmpdir(), 'relight-pki-'));
  ends.push(() => rm(pkiFolder, { recursive: true, force: true }));
  const device = await opcUaDevice(sockets);
  ends.push(() => device.stop());
  const list = parsePointList(device.pointList);
  if (!list.ok) throw new Error(JSON.stringify(list.error));
  const rtu = list.value.rtus[0];
  if (rtu?.protocol !== 'opcua') throw new Error('no OPC UA server');
  const driver = createOpcUaDriver(rtu, list.value.points, {
    clock: realClock,
    chance: new RandomStream(1, 'restart'),
    pkiFolder,
  });
  ends.push(() => driver.close());
  const watched: Watched = { device, driver, ups: 0, spontaneous: 0 };
  driver.changes.subscribe((event) => {
    if (event.kind === 'link' && event.up) watched.ups += 1;
    if (event.kind === 'readings' && event.cause === 'spontaneous') watched.spontaneous += 1;
  });
  driver.connect();
  await until('up', 20_000, () => watched.ups === 1);
  return watched;
}

test('a station that restarts is asked to report changes again, not to be sampled', async () => {
  const watched = await watch();
  const { device, driver } = watched;
  // Otherwise the server looks at every point again and again, which has pinned a core at 20,000.
  expect(await device.exceptionBased()).toEqual(REPORTED);
  for (let restart = 1; restart <= 2; restart++) {
    await device.stop();
    await device.start();
    await until('up again', 20_000, () => watched.ups === 1 + restart);
    expect(await device.exceptionBased()).toEqual(REPORTED);
    const before = watched.spontaneous;
    device.set('current_A', 100 + restart);
    await until('a change', 20_000, () => watched.spontaneous > before);
  }
  expect(driver.health().reconnects).toBe(2);
});

test('a station that froze, and connections that broke, leave nothing running behind', async () => {
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const watched = await watch();
  for (let round = 0; round < 2; round++) {
    const ups = watched.ups;
    if (round === 0) watched.device.freeze();
    else watched.device.reset();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    watched.device.thaw();
    await until('up again', 20_000, () => watched.ups > ups);
  }
  for (const end of ends.splice(0).reverse()) await end();
  await until('no timer is left', 20_000, () => timers() <= before);
  expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
});
