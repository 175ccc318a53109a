import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventView } from '@relight/contract';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { launchBrowser } from './browser.ts';
import { openFixture } from './fixture/fixture-page.ts';
import { calmSnapshot, incidentSnapshot } from './fixture/incident-scene.ts';
import { readTown } from './fixture/town.ts';

const town = readTown();
const now_ms = Date.UTC(2026, 10, 13, 19, 16, 33);
const calm = calmSnapshot(town, now_ms);
const troubled = incidentSnapshot(town, now_ms);
let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe('the sound of alarms', () => {
  test('F8 silences what stands, a new alarm is heard again', async () => {
    const { page, send } = await openFixture(browser, town, troubled, { hash: '#/events' });
    const silence = page.getByTestId('silence');
    expect(await silence.getAttribute('data-sounding')).toBe('1');
    await page.keyboard.press('F8');
    await expect.poll(() => silence.getAttribute('data-sounding')).toBe('');
    const first = troubled.alarms[0];
    if (first === undefined) throw new Error('the scene has no alarm');
    send({ alarms: [{ ...first, id: 'new', priority: 2, state: 'unacknowledged' }] });
    await expect.poll(() => silence.getAttribute('data-sounding')).toBe('2');
    await page.context().close();
  });
});

describe('traces, loading and what is abnormal', () => {
  test('U and D trace from the selected switch and count the customers behind it', async () => {
    const { page } = await openFixture(browser, town, calm, { hash: '#/network' });
    await page.getByTestId('search').fill('473/20');
    await page.getByRole('option').first().click();
    await page.getByTestId('scene').focus();
    await page.keyboard.press('d');
    const result = page.getByTestId('trace-result');
    const behind = Number(await result.getAttribute('data-customers'));
    const all = (town.file.loads ?? [])
      .filter(({ node }) => node.startsWith('473.'))
      .reduce((sum, load) => sum + (load.customers ?? 0), 0);
    expect(behind).toBeGreaterThan(0);
    expect(behind).toBeLessThan(all);
    await page.keyboard.press('u');
    await expect.poll(() => result.getAttribute('data-source')).toBe('PT.E171');
    await page.context().close();
  });

  test('feeders stand by their loading, the most loaded first', async () => {
    const { page, errors } = await openFixture(browser, town, calm, { hash: '#/loading' });
    const rows = page.getByTestId('feeder-loading').locator('tbody tr');
    expect(await rows.count()).toBe(town.file.feeders?.length);
    const shares = (await rows.locator('td:nth-child(4)').allTextContents()).map((text) =>
      Number.parseInt(text, 10),
    );
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(await page.getByTestId('tie-margins').locator('tbody tr').count()).toBe(11);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a device off its normal state and a value gone stale are listed, and go when they are well', async () => {
    const { page, send } = await openFixture(browser, town, calm, { hash: '#/tags' });
    await expect.poll(() => page.getByTestId('abnormal-offNormal').count()).toBe(0);
    const was = calm.switches.find(({ id }) => id === '473-57');
    if (was === undefined) throw new Error('473-57 is missing');
    send({ switches: [{ ...was, position: 'open', normal: false, quality: 'notTopical' }] });
    await expect.poll(() => page.getByTestId('abnormal-offNormal').count()).toBe(1);
    expect(await page.getByTestId('abnormal-quality').first().textContent()).toContain('473/57');
    send({ switches: [was] });
    await expect.poll(() => page.getByTestId('abnormal-offNormal').count()).toBe(0);
    await page.context().close();
  });
});

describe('one feeder with its neighbours', () => {
  test('lists its sections from the breaker outward and stands in the address', async () => {
    const { page, errors } = await openFixture(browser, town, troubled, { hash: '#/feeder/F473' });
    const first = page.getByTestId('section-of-PT.473');
    expect(await first.textContent()).toContain('93');
    expect(await page.getByTestId('feeder-facts').textContent()).toContain('481');
    await page.getByTestId('section-of-473-57').getByRole('button').click();
    await expect
      .poll(() => page.getByTestId('mirror').getAttribute('data-selected'))
      .toBe('473-57');
    await expect.poll(() => page.getByTestId('mirror').getAttribute('data-x')).not.toBe('');
    await page.getByTestId('feeder-picker').click();
    await page.getByRole('option', { name: /482/u }).click();
    await page.getByTestId('section-of-QN.482').waitFor();
    expect(new URL(page.url()).hash).toBe('#/feeder/F482');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe('the one-line of a station', () => {
  test('shows what telemetry says and follows a breaker that opens', async () => {
    const { page, send, errors } = await openFixture(browser, town, calm, { hash: '#/station/PT' });
    const breaker = page.getByTestId('one-line-PT.473');
    expect(await breaker.getAttribute('data-look')).toBe('closed');
    expect(await page.getByTestId('bay-PT.473').textContent()).toContain('93');
    const was = calm.switches.find(({ id }) => id === 'PT.473');
    if (was === undefined) throw new Error('PT.473 is missing');
    send({ switches: [{ ...was, position: 'open', normal: false }] });
    await expect.poll(() => breaker.getAttribute('data-look')).toBe('open');
    send({ switches: [{ ...was, quality: 'notTopical' }] });
    await expect.poll(() => breaker.getAttribute('data-look')).toBe('bad');
    expect(await breaker.textContent()).toContain('S');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a device chosen with the keyboard opens the same control dialog', async () => {
    const { page, asked } = await openFixture(browser, town, calm, { hash: '#/station/PT' });
    await page.getByTestId('one-line-PT.412').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('command-close').click();
    await page.getByTestId('verdict').waitFor();
    expect(asked.map(({ body }) => body)).toContainEqual({
      equipment: 'PT.412',
      operation: 'close',
    });
    await page.context().close();
  });

  test('another station is one choice away, and stands in the address', async () => {
    const { page } = await openFixture(browser, town, calm, { hash: '#/station' });
    await page.getByTestId('station-picker').click();
    await page.getByRole('option', { name: 'TBA 110 kV Quy Nhơn' }).click();
    await page.getByTestId('one-line-QN.481').waitFor();
    expect(new URL(page.url()).hash).toBe('#/station/QN');
    await page.context().close();
  });

  test('earthing switches are drawn, each in its position', async () => {
    const { page } = await openFixture(browser, town, troubled, { hash: '#/station/PT' });
    expect(await page.getByTestId('one-line-PT.473-76').getAttribute('data-look')).toBe('open');
    await page.context().close();
  });
});

describe('a sheet of paper', () => {
  test('has the diagram in light colours, and the screen its own again afterwards', async () => {
    const { page } = await openFixture(browser, town, calm, { hash: '#/network' });
    await page.evaluate(() => localStorage.setItem('relight.theme', 'evn-dark'));
    await page.reload();
    const ground = (): Promise<number> =>
      page.evaluate(() => {
        const ctx = document.querySelector<HTMLCanvasElement>('.scene canvas')?.getContext('2d');
        return ctx?.getImageData(4, 4, 1, 1).data[0] ?? -1;
      });
    await page.getByTestId('scene').waitFor();
    const isDark = (red: number): boolean => red > 0 && red < 60;
    await expect.poll(ground).toSatisfy(isDark);
    const dark = await ground();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await ground()).toBeGreaterThan(200);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await ground()).toBe(dark);
    await page.context().close();
  });

  test('has the diagram as fine as a sheet can show, and the screen its own pixels afterwards', async () => {
    const { page } = await openFixture(browser, town, calm, { hash: '#/network' });
    const canvas = page.locator('.scene canvas').first();
    await canvas.waitFor();
    const width = (): Promise<number> => canvas.evaluate((c: HTMLCanvasElement) => c.width);
    await expect.poll(width).toBeGreaterThan(400);
    const onScreen = await width();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await width()).toBe(Math.min(3 * onScreen, 4_000));
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await width()).toBe(onScreen);
    await page.context().close();
  });

  test('has every row of a list, of which the screen holds only those in sight', async () => {
    const events = Array.from({ length: 400 }, (_, i): EventView => ({
      id: `E${i}`,
      sequence: i + 1,
      sourceTime_ms: now_ms - 400_000 + i * 1_000,
      receiveTime_ms: now_ms - 400_000 + i * 1_000,
      equipment: 'PT.473',
      text: { vi: `Sự kiện ${i}`, en: `Event ${i}` },
      quality: 'good',
    }));
    const { page } = await openFixture(browser, town, { ...calm, events }, { hash: '#/events' });
    const rows = page.getByTestId('event-row');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(200);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await rows.count()).toBe(400);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await expect.poll(() => rows.count()).toBeLessThan(200);
    await page.context().close();
  });
});

describe('the first picture', () => {
  test('is dark at a dark desk before any program of the console has run', async () => {
    const { page } = await openFixture(browser, town, calm, { hash: '#/network' });
    await page.evaluate(() => localStorage.setItem('relight.theme', 'muted-dark'));
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('muted-dark');
    await page.context().close();
  });
});
