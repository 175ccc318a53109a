import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { WALL_START_ms } from '../../packages/operations/src/testing/scripted-shell.ts';
import { twoFeeders } from '../../packages/operations/src/testing/two-feeders.ts';
import { launchBrowser } from './browser.ts';
import { openDesk } from './fixture/engine-desk.ts';

let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

test('a dispatcher sees for how long the plan holds, which hour is tightest, and plans again with another repair time', async () => {
  const parts = twoFeeders({ lineRating_A: 200, mode471: 'advisory' });
  const world = new ScriptedField(parts);
  world.run(10_000);
  const hours = [1, 1.1, 1.1, 1.5, 1.5, 1.2].map((factor, ahead_h) => ({ ahead_h, factor }));
  world.feed({
    kind: 'forecast',
    refused: null,
    taken: {
      hash: 'evening',
      madeAt_ms: WALL_START_ms,
      forecast: {
        format: 'relight-forecast/1',
        madeAt: '2027-01-15T08:00:00Z',
        step_h: 1,
        hours,
      },
    },
  });
  world.placeFault('L1');
  world.runUntil(() => world.views.incidents.some(({ state }) => state === 'approval'));
  const desk = await openDesk(browser, world, parts.file, { hash: '#/incident', speed: 1 });
  const { page } = desk;
  const text = (id: string) => page.getByTestId(id).textContent();

  expect(await text('repair-due')).toContain('thời gian thường lệ');
  expect(await text('forecast-status')).toContain('Dùng dự báo lập cách đây');
  expect(await text('tightest-hour')).toMatch(/Đã kiểm tra cho 4,\d giờ tới\. Căng nhất: 9\d % /);
  expect(await text('tightest-hour')).toMatch(/sau 3,0 giờ/);
  expect(await text('tightest-hour')).toMatch(/U thấp nhất: [01],\d+ pu sau 3,0 giờ/);
  expect(await text('rejected')).toMatch(/11\d > 100 %.*Quá tải.*sau 3,0 giờ/);

  const before = world.incident.planVersion;
  await page.getByTestId('repair-hours').fill('không');
  expect(await page.getByTestId('repair-set').isDisabled()).toBe(true);
  await page.getByTestId('repair-hours').fill('1,5');
  await page.getByTestId('repair-set').click();
  await expect.poll(() => world.incident.planVersion).toBeGreaterThan(before);
  expect(world.incident.plan?.result.unrestored.customers).toBe(100);
  await expect.poll(() => text('repair-due')).not.toContain('thời gian thường lệ');
  await expect.poll(() => text('tightest-hour')).not.toContain('sau 3,0 giờ');
  await expect.poll(() => page.getByTestId('repair-hours').inputValue()).toBe('');
  expect(desk.errors).toEqual([]);
  await desk.close();
});
