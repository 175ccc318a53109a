import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isolatedNetwork } from '../../packages/operations/src/testing/isolated-network.ts';
import { startWholeSystem, type WholeSystem } from './whole-system.ts';

// An earth fault on a 35 kV network with isolated neutral, as a dispatcher lives through it: the
// simulated field on real sockets, control centre, browser. Nothing trips; 3U0 alone tells.

/** Feeder 371 has it; 373 has fewer customers and is tried before. */
const LINE = 'L371';
const SLOWLY = { timeout: 120_000 };

let whole: WholeSystem;
let page: Page;

beforeAll(async () => {
  const { file } = isolatedNetwork();
  // A trial close is for overhead lines alone.
  const lines = (file.lines ?? []).map((line) => ({ ...line, construction: 'overhead' as const }));
  whole = await startWholeSystem({ ...file, lines });
  ({ page } = whole);
});
afterAll(() => whole?.stop());

test('from the alarm over the search feeder by feeder to the trial close after the repair', async () => {
  const out = (): Promise<string | null> => page.getByTestId('overview-out').textContent();
  await expect.poll(out, SLOWLY).toBe('0');
  await page.getByTestId('search').fill(LINE);
  await page.getByRole('option').first().click();
  await page.getByTestId('fault-kind-standing').click();
  await page.getByTestId('place-fault').click();

  const alarm = page.getByTestId('strip-row').filter({ hasText: 'hạm đất' });
  await alarm.first().waitFor(SLOWLY);
  await page.getByTestId('rail-incident').click();
  const state = (): Promise<string | null> =>
    page
      .getByTestId('earth-fault-state')
      .getAttribute('data-state', { timeout: 1_000 })
      .catch(() => null);
  await expect.poll(state, SLOWLY).toBe('standing');
  // Nothing has tripped: everybody still has supply.
  expect(await page.getByTestId('neutral-voltage').textContent()).toBe('20,2');
  const tried = (feeder: string) => page.getByTestId(`try-${feeder}`).getAttribute('data-state');
  await page.getByTestId('earth-try').click();
  expect(await page.getByTestId('earth-try-confirm').textContent()).toContain('50 khách hàng');
  await page.getByTestId('earth-try-confirm-now').click();
  await expect.poll(() => tried('F373'), SLOWLY).toBe('sound');
  await expect.poll(state, SLOWLY).toBe('standing');
  await page.getByTestId('earth-try').click();
  await page.getByTestId('earth-try-confirm-now').click();
  await expect.poll(state, SLOWLY).toBe('found');
  expect(await tried('F371')).toBe('faulted');
  await page.getByTestId('earth-leave-open').click();
  await page.getByTestId('earth-leave-open-confirm-now').click();
  await expect.poll(state, SLOWLY).toBe('leftOpen');

  // The part is kept dead: its breaker can only close as a declared trial, with reclosing off.
  await page.getByTestId('search').fill('MC 371');
  await page.getByRole('option').first().click();
  await page.getByTestId('command-close').click();
  await expect.poll(() => page.getByTestId('gate-fault').getAttribute('data-ok')).toBe('false');
  await page.getByTestId('cancel').click();
  const reclosing = page.getByTestId('command-reclosing');
  expect(await reclosing.textContent()).toContain('Khóa tự đóng lại');
  await reclosing.click();
  await page.getByTestId('select').click();
  await page.getByTestId('execute').click();
  await expect
    .poll(() => page.getByTestId('command-state').getAttribute('data-state'), SLOWLY)
    .toBe('verified');
  await page.getByTestId('cancel').click();

  // The crew has repaired it and says so.
  await page.getByTestId('search').fill(LINE);
  await page.getByRole('option').first().click();
  await page.getByTestId('repair-fault').first().click();
  await page.getByTestId('rail-incident').click();
  await page.getByTestId('incident-choice').selectOption({ index: 1 });
  await page.getByTestId('trial-declare-T.371').click();
  await page.getByTestId('trial-patrol').click();
  await page.getByTestId('trial-finding').fill('sứ vỡ ở cột 12, đã thay');
  await page.getByTestId('trial-reason').fill('đã sửa xong, đóng thử lại lộ 371');
  await page.getByTestId('trial-crews-clear').click();
  await expect.poll(() => page.getByTestId('trial-confirm-now').isEnabled(), SLOWLY).toBe(true);
  await page.getByTestId('trial-confirm-now').click();
  await expect
    .poll(() => page.getByTestId('trial-state').getAttribute('data-state'), SLOWLY)
    .toBe('held');
  await page.getByTestId('rail-overview').click();
  await expect.poll(out, SLOWLY).toBe('0');
});
