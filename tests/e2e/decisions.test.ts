import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { isolatedNetwork } from '../../packages/operations/src/testing/isolated-network.ts';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { launchBrowser } from './browser.ts';
import { openDesk } from './fixture/engine-desk.ts';

let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const FULL_kV = 20.2;

describe('an earth fault of a network with isolated neutral', () => {
  /** 3U0 stands as long as the feeder with the fault is connected. */
  function withEarthFault(feeder: string): ScriptedField {
    const world = new ScriptedField(isolatedNetwork());
    world.setValue('T.C31', 'neutralVoltage_kV', 0.4);
    world.run(10_000);
    world.setValue('T.C31', 'neutralVoltage_kV', FULL_kV);
    world.run(500);
    const run = world.run.bind(world);
    let was = true;
    world.run = (ms) => {
      run(ms);
      const stands = world.switchView(feeder).position === 'closed';
      if (stands !== was) world.setValue('T.C31', 'neutralVoltage_kV', stands ? FULL_kV : 0.4);
      was = stands;
    };
    return world;
  }

  test('is searched feeder by feeder, the fewest customers first, each opening released by a person, and left open where it is found', async () => {
    const world = withEarthFault('T.371');
    const desk = await openDesk(browser, world, isolatedNetwork().file, {
      hash: '#/incident',
      speed: 4,
    });
    const { page } = desk;
    const state = () => page.getByTestId('earth-fault-state').getAttribute('data-state');
    const feeder = (id: string) => page.getByTestId(`try-${id}`).getAttribute('data-state');
    expect(await state()).toBe('standing');
    expect(await page.getByTestId('neutral-voltage').textContent()).toBe('20,2');
    const order = page.getByTestId('earth-fault-order').locator('tr');
    expect(await order.evaluateAll((rows) => rows.map((row) => row.dataset['testid']))).toEqual([
      'try-F373',
      'try-F371',
      'try-F372',
    ]);

    await page.getByTestId('earth-try').click();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
      .toBe('earth-try-confirm-cancel');
    expect(world.orders).toHaveLength(0);
    expect(await page.getByTestId('earth-try-confirm').textContent()).toContain('50 khách hàng');
    await page.getByTestId('earth-try-confirm-now').click();
    await expect.poll(() => feeder('F373')).toBe('sound');
    expect(world.switchView('T.373').position).toBe('closed');
    await expect.poll(state).toBe('standing');

    await page.getByTestId('earth-try').click();
    await page.getByTestId('earth-try-confirm-now').click();
    await expect.poll(state).toBe('found');
    expect(await feeder('F371')).toBe('faulted');
    expect(await page.getByTestId('earth-fault-text').textContent()).toContain('Lộ 371');
    await page.getByTestId('earth-leave-open').click();
    await page.getByTestId('earth-leave-open-confirm-now').click();
    await expect.poll(state).toBe('leftOpen');
    expect(world.switchView('T.371').position).toBe('open');
    expect(world.switchView('T.372').position).toBe('closed');
    expect(desk.errors).toEqual([]);
    await desk.close();
  });

  test('may run for a stated time, told with what is left; the search stops with Esc before anything is sent', async () => {
    const world = withEarthFault('T.371');
    const desk = await openDesk(browser, world, isolatedNetwork().file);
    const { page } = desk;
    await page.getByTestId('earth-fault-row').click();
    await page.getByTestId('earth-try').click();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByTestId('earth-try-confirm').count()).toBe(0);
    await page.getByTestId('earth-run').click();
    await page.getByTestId('earth-run-confirm-now').click();
    await page.getByTestId('earth-fault-left').waitFor();
    expect(world.orders).toHaveLength(0);
    expect(world.views.earthFaults?.[0]?.runUntil_ms).toBeGreaterThan(world.wall_ms);
    await desk.close();
  });
});
