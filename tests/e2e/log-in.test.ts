import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { ORIGIN, PASSWORD, startRig, type Rig } from '../kit/control-center-rig.ts';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';
import { logInOn, openPage } from './fixture/public-page.ts';

let rig: Rig;
let browser: Browser;

beforeAll(async () => {
  const consoleDirectory = await buildConsole(() => {}, new AbortController().signal);
  rig = await startRig({ idleLock_min: 0 }, 1_000_000, consoleDirectory);
  rig.addPerson('lan', ['dispatcher']);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
});

test('a dispatcher logs in on the page, sees the grid, and is shown out when his account is closed', async () => {
  const page = await openPage(browser, rig);
  await logInOn(page, 'lan', 'sai mật khẩu');
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('sai tên hoặc mật khẩu');
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('log-in').click();
  await waitUntilLive(page);
  const [cookie] = await page.context().cookies(ORIGIN);
  expect(cookie).toMatchObject({ name: '__Host-relight', httpOnly: true, secure: true });
  rig.accounts.setDisabled('lan', true, { by: 'os:test', at_ms: Date.now() });
  await page.getByTestId('user').waitFor();
  await page.context().close();
});
