import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { startSystem, type RunningSystem } from '../../apps/cli/src/system/start-system.ts';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';

/** Plant, motors and reclosing run this many times faster than life; sockets and polling do not. */
const SPEED = 10;
/** Mid-feeder of 473, between two remote switches, with a tie behind. */
const LINE = '473.L05';

const folder = mkdtempSync(join(tmpdir(), 'relight-e2e-'));
const stop = new AbortController();
const messages: string[] = [];
let system: RunningSystem;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const progress = (text: string): void => void messages.push(text);
  system = await startSystem({
    gridFile: new URL('../../seeds/grids/demo-town.json', import.meta.url).pathname,
    folder,
    seed: 7,
    speed: SPEED,
    port: 0,
    consoleFolder: buildConsole(progress, stop.signal),
    progress,
    signal: stop.signal,
  });
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  page = await context.newPage();
  await page.goto(system.controlCenter.url);
  await waitUntilLive(page);
});

afterAll(async () => {
  await browser?.close();
  await system?.stop();
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

async function selectLine(id: string): Promise<void> {
  await page.getByTestId('rail-network').click();
  await page.getByTestId('search').fill(id);
  await page.getByRole('option').first().click();
  await page.getByTestId('section').waitFor();
}

async function figure(testId: string): Promise<number> {
  return Number(await page.getByTestId(testId).getAttribute('data-value'));
}

test('a fault placed on the page ends with supply restored, readable on the page, its own section dead', async () => {
  await expect
    .poll(() => page.getByTestId('overview-out').textContent(), { timeout: 30_000 })
    .toBe('0');
  await selectLine(LINE);
  await expect
    .poll(() => page.getByTestId('section').getAttribute('data-state'), { timeout: 30_000 })
    .toBe('live');
  await page.getByTestId('place-fault').click();
  await page.getByTestId('placed-faults').waitFor();

  await page.getByTestId('rail-incident').click();
  const state = (): Promise<string | null> =>
    page
      .getByTestId('incident-state')
      .getAttribute('data-state', { timeout: 1_000 })
      .catch(() => null);
  await expect.poll(state, { timeout: 120_000, interval: 250 }).toBe('restored');

  const [out, restored, dark] = [
    await figure('incident-total'),
    await figure('incident-restored'),
    await figure('incident-out'),
  ];
  expect(out).toBeGreaterThan(1_000);
  expect(restored).toBeGreaterThan(0);
  expect(dark).toBe(out - restored);
  await page.getByTestId('stays-dark').waitFor();

  await selectLine(LINE);
  await expect.poll(() => page.getByTestId('section').getAttribute('data-state')).toBe('faulted');
  expect(messages.join('\n')).not.toMatch(/error/i);
});
