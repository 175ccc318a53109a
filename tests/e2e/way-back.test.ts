import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { twoFeeders } from '../../packages/operations/src/testing/two-feeders.ts';
import { launchBrowser } from './browser.ts';
import { cutOff, dress, violations } from './fixture/axe.ts';
import { openDesk, SECOND } from './fixture/engine-desk.ts';

let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** The middle of 471 was faulted, isolated and mended; a crew's tag still hangs on it. */
function mended() {
  const parts = twoFeeders({
    parallelAllowed: true,
    everyFieldSwitch: true,
    kindOf471_1: 'recloser',
  });
  const world = new ScriptedField(parts);
  world.run(10_000);
  world.placeFault('L2');
  world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored', 90_000);
  world.mend('L2');
  const { accepted } = world.askAs(SECOND, {
    type: 'placeTag',
    idempotencyKey: 'crew-of-the-repair',
    kind: 'crewAtWork',
    equipment: 'S.a3',
    text: 'Đội 3',
  });
  return { world, file: parts.file, tag: accepted?.tag?.id ?? '' };
}

/** Conditions that are shown to be missing. */
function missing(page: Page): Promise<readonly string[]> {
  return page
    .getByTestId('way-back-missing')
    .locator('li')
    .evaluateAll((rows) => rows.map((row) => row.dataset['testid'] ?? ''));
}

async function tabTo(page: Page, testId: string): Promise<void> {
  const focus = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  for (let presses = 0; (await focus()) !== testId; presses++) {
    expect(presses, `Tab never came to ${testId}`).toBeLessThan(200);
    await page.keyboard.press('Tab');
  }
}

test('a dispatcher sees what is missing, asks for the way back by keyboard, approves it and follows it to the normal state', async () => {
  const { world, file, tag } = mended();
  const desk = await openDesk(browser, world, file, { hash: '#/incident', speed: 4 });
  const { page } = desk;
  const ask = page.getByTestId('way-back-ask');
  await ask.waitFor();
  expect(await page.getByTestId('way-back').textContent()).toContain('Trả về kết dây cơ bản');
  expect(await missing(page)).toEqual(['way-back-permit', 'way-back-blocks']);
  expect(await page.getByTestId('way-back-permit').textContent()).toContain('gỡ biển');
  expect(await ask.isDisabled()).toBe(true);

  world.askAs(SECOND, { type: 'removeTag', tag, reason: 'xong việc' });
  await expect.poll(() => missing(page)).toEqual(['way-back-blocks']);
  await page.getByTestId('lift-blocks').click();
  await page.getByTestId('repair-notJoined').click();
  await page.getByTestId('lift-confirm-now').click();
  await expect.poll(() => ask.isEnabled()).toBe(true);

  await dress(page, 'evn-light', 'en');
  await ask.click();
  expect(await page.getByTestId('way-back').textContent()).toContain('Return to normal');
  expect([await violations(page), await cutOff(page)]).toEqual([[], []]);
  await dress(page, 'muted-dark', 'vi');
  await ask.click();
  expect([await violations(page), await cutOff(page)]).toEqual([[], []]);
  await page.getByTestId('way-back-confirm-cancel').click();

  await tabTo(page, 'way-back-ask');
  await page.keyboard.press('Enter');
  const focus = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  await expect.poll(focus).toBe('way-back-confirm-cancel');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByTestId('way-back-confirm').count()).toBe(0);
  await ask.click();
  const now = page.getByTestId('way-back-confirm-now');
  expect(await now.isDisabled()).toBe(true);
  await page.getByTestId('way-back-reason').fill('đã thay sứ vị trí 12');
  await now.click();

  const state = () => page.getByTestId('incident-state').getAttribute('data-state');
  await expect.poll(state).toBe('approval');
  expect(await page.getByTestId('way-back-asked').textContent()).toContain('đã thay sứ vị trí 12');
  expect(await page.locator('[data-testid^="step-"] .verb').allTextContents()).toHaveLength(3);
  const orders = world.orders.length;
  await page.getByTestId('approve-all').click();
  await expect.poll(state).toBe('returned');
  expect(world.orders.length).toBeGreaterThan(orders);
  expect([...world.positions]).toEqual([...world.engine.normalPositions]);
  expect(await page.getByTestId('way-back').count()).toBe(0);
  expect(desk.errors).toEqual([]);
  await desk.close();
});
