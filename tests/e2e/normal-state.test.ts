import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import {
  agree,
  AN,
  BINH,
  commandRequest,
  waiting,
} from '../../packages/operations/src/testing/people.ts';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { twoFeeders } from '../../packages/operations/src/testing/two-feeders.ts';
import { launchBrowser } from './browser.ts';
import { openDesk } from './fixture/engine-desk.ts';

let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

function moveAs(world: ScriptedField, equipment: string, operation: 'open' | 'close'): void {
  const asked = world.askAs(AN, commandRequest(equipment, operation));
  world.run(500);
  world.askAs(AN, { type: 'executeCommand', command: asked.command?.id ?? '' });
  world.run(10_000);
}

describe('the present state adopted as normal', () => {
  test('is asked for from the list of what is off normal, with a reason; once another agrees the list is empty', async () => {
    const { grid, file, pointList } = twoFeeders();
    const world = new ScriptedField({ grid, pointList });
    world.run(10_000);
    moveAs(world, '471-2', 'open');
    moveAs(world, '471-472-3', 'close');
    const desk = await openDesk(browser, world, file, { hash: '#/tags' });
    const { page } = desk;
    const off = page.getByTestId('abnormal-offNormal');
    await expect.poll(() => off.count()).toBe(2);

    await page.getByTestId('adopt-open').click();
    await expect.poll(() => focused(page)).toBe('adopt-confirm-cancel');
    expect(await page.getByTestId('adopt-confirm-now').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByTestId('adopt-confirm').waitFor({ state: 'detached' });

    await page.getByTestId('adopt-open').click();
    await page.getByTestId('adopt-reason').fill('Đoạn 3 ở lại lộ 472');
    // Half of an open point is no normal state, and the server says so.
    await page.getByTestId('adopt-471-472-3').click();
    await page.getByTestId('adopt-confirm-now').click();
    await expect
      .poll(() => page.getByTestId('adopt-confirm').getByRole('alert').textContent())
      .toContain('chọn cả thiết bị còn lại');
    await page.getByTestId('adopt-471-472-3').click();
    await page.getByTestId('adopt-confirm-now').click();
    await page.getByTestId('adopt-confirm').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('adopt-open').isDisabled()).toBe(true);
    expect(await off.count()).toBe(2);

    world.askAs(BINH, agree(waiting(world)));
    await expect.poll(() => off.count()).toBe(0);
    const adopted = page.getByTestId('abnormal-adopted');
    expect(await adopted.count()).toBe(2);
    expect(await adopted.first().textContent()).toContain('bình thường mở');
    expect(await adopted.first().textContent()).toContain('Đoạn 3 ở lại lộ 472');
    // The browser itself writes down the answer that said no.
    expect(desk.errors.filter((each) => !each.includes('409 (Conflict)'))).toEqual([]);
    await desk.close();
  });
});

describe('conductors that were joined', () => {
  test('are put in doubt from the line, keep a tie from closing, and are confirmed by name', async () => {
    const { grid, file, pointList } = twoFeeders({ parallelAllowed: true });
    const world = new ScriptedField({ grid, pointList });
    world.run(10_000);
    const desk = await openDesk(browser, world, file);
    const { page } = desk;
    const find = async (id: string): Promise<void> => {
      await page.getByTestId('search').fill(id);
      await page.getByRole('option').first().click();
      await page.getByTestId('faceplate').waitFor();
    };
    await find('L2');
    await page.getByTestId('phase-join').click();
    await expect.poll(() => focused(page)).toBe('phase-confirm-cancel');
    expect(await page.getByTestId('phase-confirm-now').isDisabled()).toBe(true);
    await page.getByTestId('phase-what').fill('hộp nối cáp cột 12');
    await page.getByTestId('phase-confirm-now').click();
    await page.getByTestId('phase-unconfirmed').waitFor();

    await find('471-472-3');
    await page.getByTestId('command-close').click();
    await expect
      .poll(() => page.getByTestId('gate-phaseOrder').getAttribute('data-ok'))
      .toBe('false');
    expect(await page.getByTestId('gate-phaseOrder').textContent()).toContain(
      'chưa xác nhận thứ tự pha',
    );
    await page.getByTestId('cancel').click();

    await find('L2');
    await page.getByTestId('phase-open').click();
    await page.getByTestId('phase-by').fill('Tổ thí nghiệm');
    await page.getByTestId('phase-how').fill('đồng hồ thứ tự pha, 14:05');
    await page.getByTestId('phase-confirm-now').click();
    await page.getByTestId('phase-unconfirmed').waitFor({ state: 'detached' });
    await find('471-472-3');
    await page.getByTestId('command-close').click();
    await expect
      .poll(() => page.getByTestId('gate-phaseOrder').getAttribute('data-ok'))
      .toBe('true');
    expect(desk.errors).toEqual([]);
    await desk.close();
  });
});
