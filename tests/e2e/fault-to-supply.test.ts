import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTown } from './fixture/town.ts';
import { startWholeSystem, type WholeSystem } from './whole-system.ts';

/** Mid-feeder of 473, between two remote switches, with a tie behind. */
const LINE = '473.L05';

let whole: WholeSystem;
let page: Page;

beforeAll(async () => {
  whole = await startWholeSystem(readTown().file);
  ({ page } = whole);
});

afterAll(async () => {
  await whole?.stop();
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
  expect(whole.messages.join('\n')).not.toMatch(/error/i);
});
