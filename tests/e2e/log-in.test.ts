import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { ORIGIN, PASSWORD, PROXY_HEADERS, startRig, type Rig } from '../kit/control-center-rig.ts';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';

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

/** A page on the public address, with the test as the proxy that ends TLS. */
async function openPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.route(`${ORIGIN}/**`, async (route) => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    const { host: _host, ...headers } = await request.allHeaders();
    const asked = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !name.startsWith(':')),
    );
    const body = request.postDataBuffer();
    const answer = await rig.ask(`${pathname}${search}`, {
      method: request.method(),
      headers: { ...asked, ...PROXY_HEADERS },
      ...(body === null ? {} : { body }),
    });
    const given = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(given) as Record<string, string>,
      body: answer.bytes,
    });
  });
  await page.routeWebSocket(/\/api\/v1\/stream$/u, async (route) => {
    const cookies = await context.cookies(ORIGIN);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const upstream = new WebSocket(`ws://127.0.0.1:${rig.port}/api/v1/stream`, {
      headers: { ...PROXY_HEADERS, cookie, origin: ORIGIN },
    });
    upstream.on('message', (data: Buffer) => route.send(data.toString()));
    upstream.on('close', (code, reason) => void route.close({ code, reason: reason.toString() }));
    upstream.on('error', () => void route.close());
    route.onClose(() => upstream.close());
  });
  await page.goto(`${ORIGIN}/`);
  return page;
}

test('a dispatcher logs in on the page, sees the grid, and is shown out when his account is closed', async () => {
  const page = await openPage();
  await page.getByTestId('user').fill('lan');
  await page.getByTestId('password').fill('sai mật khẩu');
  await page.getByTestId('log-in').click();
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
