import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';
import { openFixture } from './fixture/fixture-page.ts';
import { calmSnapshot, incidentSnapshot } from './fixture/incident-scene.ts';
import { readTown } from './fixture/town.ts';

const town = readTown();
const now_ms = Date.UTC(2026, 10, 13, 19, 16, 33);
const troubled = incidentSnapshot(town, now_ms);
const calm = calmSnapshot(town, now_ms);
const TIE = '473-481-95';
let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe('the dispatcher reads', () => {
  test('customers out, restored and dark of the incident, in Vietnamese figures', async () => {
    const { page, errors } = await openFixture(browser, town, troubled, { hash: '#/incident' });
    const incident = troubled.incidents[0];
    const still = (incident?.customersOut ?? 0) - (incident?.customersRestored ?? 0);
    expect(await page.getByTestId('incident-out').getAttribute('data-value')).toBe(String(still));
    expect(await page.getByTestId('incident-out').textContent()).toBe(
      new Intl.NumberFormat('vi-VN').format(still),
    );
    expect(await page.getByTestId('step-4').getAttribute('data-state')).toBe('next');
    expect(await page.getByTestId('rejected').textContent()).toContain('108 > 100 %');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('the same page in English after one press, and it stays so', async () => {
    const { page } = await openFixture(browser, town, troubled, { hash: '#/incident' });
    await page.getByTestId('language').click();
    expect(await page.getByTestId('approve-all').textContent()).toContain('Approve all');
    await page.reload();
    await waitUntilLive(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.context().close();
  });

  test('a device found by its number without a mouse, and what a click on the diagram selects', async () => {
    const { page } = await openFixture(browser, town, calm);
    await page.keyboard.press('/');
    await page.keyboard.type('473-481/95');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const mirror = page.getByTestId('mirror');
    await expect.poll(() => mirror.getAttribute('data-selected')).toBe(TIE);
    await expect.poll(() => mirror.getAttribute('data-x')).not.toBe('');
    const [x, y] = [await mirror.getAttribute('data-x'), await mirror.getAttribute('data-y')];
    await page.getByTestId('back').click();
    await expect.poll(() => mirror.getAttribute('data-selected')).toBe('');
    await page.getByTestId('scene').click({ position: { x: Number(x), y: Number(y) } });
    await expect.poll(() => mirror.getAttribute('data-selected')).toBe(TIE);
    await page.context().close();
  });

  test('a place name is found without diacritics', async () => {
    const { page } = await openFixture(browser, town, calm);
    await page.getByTestId('search').fill('tran quang dieu');
    expect(await page.getByRole('option').first().textContent()).toContain('Trần Quang Diệu');
    await page.context().close();
  });
});

describe('the dispatcher acts', () => {
  const openDialog = async (gateFails: boolean) => {
    const fixture = await openFixture(browser, town, troubled, { gateFails });
    await fixture.page.getByTestId('search').fill('473-481');
    await fixture.page.getByRole('option').first().click();
    await fixture.page.getByTestId('command-close').click();
    await fixture.page.getByTestId('verdict').waitFor();
    return fixture;
  };

  test('a close goes select, echo, execute, feedback; the focus is on Cancel', async () => {
    const { page, asked } = await openDialog(false);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
      .toBe('cancel');
    expect(await page.getByTestId('execute').count()).toBe(0);
    await page.getByTestId('select').click();
    await page.getByTestId('execute').click();
    await expect
      .poll(() => page.getByTestId('command-state').getAttribute('data-state'))
      .toBe('verified');
    const sent = asked.map(({ path }) => path).filter((path) => path !== '/commands/check');
    expect(sent).toEqual(['/commands', '/commands/c1/execute']);
    await page.context().close();
  });

  test('a failed gate is named and nothing can be selected', async () => {
    const { page } = await openDialog(true);
    expect(await page.getByTestId('gates').textContent()).toContain('đóng điện vào vùng sự cố');
    expect(await page.getByTestId('select').isDisabled()).toBe(true);
    await page.context().close();
  });

  test('Esc closes the dialog, and no single key sends a command', async () => {
    const { page, asked } = await openDialog(false);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('control-dialog').count()).toBe(0);
    for (const key of ['c', 'Enter', ' ', 'x']) await page.keyboard.press(key);
    expect(asked.filter(({ path }) => path === '/commands')).toEqual([]);
    await page.context().close();
  });

  test('a decision names the plan that was shown; Ctrl+Shift+X aborts from any view', async () => {
    const { page, asked } = await openFixture(browser, town, troubled, { hash: '#/alarms' });
    await page.keyboard.press('Control+Shift+X');
    await expect.poll(() => asked.length).toBe(1);
    const incident = troubled.incidents[0];
    expect(asked[0]).toEqual({
      method: 'POST',
      path: '/incidents/SC-0147/decision',
      body: { decision: 'abort', planVersion: 2, planHash: incident?.planHash },
    });
    await page.context().close();
  });

  test('an alarm is acknowledged and leaves the strip when the server says so', async () => {
    const { page, asked, send } = await openFixture(browser, town, troubled);
    const rows = page.getByTestId('strip-row');
    expect(await rows.count()).toBe(5);
    await rows.first().getByRole('button').last().click();
    await expect.poll(() => asked.map(({ path }) => path)).toEqual(['/alarms/A1/acknowledge']);
    expect(await rows.count()).toBe(5);
    const alarm = troubled.alarms.find(({ id }) => id === 'A1');
    if (alarm !== undefined) send({ alarms: [{ ...alarm, state: 'acknowledged' }] });
    await expect.poll(() => rows.count()).toBe(4);
    await page.context().close();
  });
});

describe('the watchdog', () => {
  test('tells why the server cannot be heard, and that the fault lies with the desk where it still works', async () => {
    const { page, watch, cut, mend } = await openFixture(browser, town, calm, { watched: true });
    const says = page.getByTestId('watchdog-says');
    await cut(true);
    await page.getByTestId('lost').waitFor();
    await expect.poll(() => says.textContent()).toContain('đường truyền của bàn này');
    watch('down');
    await expect.poll(() => says.textContent()).toContain('đang được khởi động lại');
    watch(null);
    await expect.poll(() => says.textContent()).toContain('cũng không trả lời');
    watch('working');
    mend();
    await page.getByTestId('lost').waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('is believed where it doubts a server that still talks, and missed where it is gone', async () => {
    const { page, watch } = await openFixture(browser, town, calm, { watched: true });
    watch('stalled');
    await expect
      .poll(() => page.getByTestId('watchdog-doubts').textContent())
      .toContain('CẢNH BÁO KHÔNG HOẠT ĐỘNG');
    watch(null);
    await page.getByTestId('watchdog-gone').waitFor();
    expect(await page.getByTestId('watchdog-doubts').count()).toBe(0);
    watch('working');
    await page.getByTestId('watchdog-gone').waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('the server is lost', () => {
  test('a banner says since when, nothing can be commanded, and a return brings a new snapshot', async () => {
    const { page, cut, mend } = await openFixture(browser, town, troubled, { hash: '#/incident' });
    expect(await page.getByTestId('approve-all').isEnabled()).toBe(true);
    await cut(true);
    await page.getByTestId('lost').waitFor();
    expect(await page.getByTestId('approve-all').isDisabled()).toBe(true);
    mend();
    await page.getByTestId('lost').waitFor({ state: 'detached', timeout: 15_000 });
    expect(await page.getByTestId('approve-all').isEnabled()).toBe(true);
    await page.context().close();
  });
});
