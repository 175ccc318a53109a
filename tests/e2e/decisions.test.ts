import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { isolatedNetwork } from '../../packages/operations/src/testing/isolated-network.ts';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { twoFeeders } from '../../packages/operations/src/testing/two-feeders.ts';
import { launchBrowser } from './browser.ts';
import { openDesk, SECOND } from './fixture/engine-desk.ts';
import { manyFeeders } from './fixture/many-feeders.ts';

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

/** Finds a device by its number and shows its faceplate. */
async function show(page: Page, id: string): Promise<void> {
  await page.getByTestId('search').fill(id);
  await page.getByRole('option').first().click();
  await page.getByTestId('faceplate').waitFor();
}

describe('a trial close', () => {
  /** A fault of which nothing is known but that its breaker tripped; the far third cut off by hand. */
  function blind() {
    const { grid, file, pointList } = twoFeeders({
      mode471: 'advisory',
      indicators: false,
      construction: 'overhead',
    });
    const points = pointList.points.filter(({ signal }) => signal !== 'faultReactance_ohm');
    const world = new ScriptedField({ grid, pointList: { ...pointList, points } });
    world.run(10_000);
    world.setValue('T.471', 'reclosing', false);
    world.placeFault('L3');
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'restored', 90_000);
    const { command } = world.command('471-2', 'open', 'open-471-2');
    world.run(500);
    world.ask({ type: 'executeCommand', command: command?.id ?? '' });
    world.run(8_000);
    return { world, file };
  }

  test('goes out only once basis, finding, reason and crews are declared and reclosing is off; what it energised is cleared', async () => {
    const { world, file } = blind();
    const desk = await openDesk(browser, world, file, { hash: '#/incident', speed: 2 });
    const { page } = desk;
    const closes = () =>
      world.orders.filter(({ operation, phase }) => operation === 'close' && phase === 'operate');
    await page.getByTestId('trial-declare-T.471').click();
    const now = page.getByTestId('trial-confirm-now');
    await page.getByTestId('trial-half').click();
    await page.getByTestId('trial-finding').fill('nửa đầu tới LBS 471/2');
    await page.getByTestId('trial-reason').fill('không có chỉ báo nào');
    expect(await now.isDisabled()).toBe(true);
    await page.getByTestId('trial-crews-clear').click();
    await expect.poll(() => now.isEnabled()).toBe(true);
    world.setValue('T.471', 'reclosing', true);
    await expect.poll(() => now.isDisabled()).toBe(true);
    expect(await page.getByTestId('gate-reclosing').textContent()).toContain('phải khóa');
    world.setValue('T.471', 'reclosing', false);
    await expect.poll(() => now.isEnabled()).toBe(true);
    expect(closes()).toHaveLength(0);
    await now.click();
    await expect
      .poll(() => page.getByTestId('trial-state').getAttribute('data-state'))
      .toBe('held');
    expect(closes()).toHaveLength(1);
    expect(world.isLive('a3')).toBe(true);
    expect(world.isLive('a6')).toBe(false);
    expect(desk.errors).toEqual([]);
    await desk.close();
  });

  test('stands nowhere while a plan of the incident is at work or waits', async () => {
    const { grid, file, pointList } = twoFeeders({ mode471: 'advisory' });
    const world = new ScriptedField({ grid, pointList });
    world.run(10_000);
    world.placeFault('L2');
    world.runUntil(() => world.views.incidents.at(-1)?.state === 'approval', 90_000);
    const desk = await openDesk(browser, world, file, { hash: '#/incident' });
    await desk.page.getByTestId('incident-state').waitFor({ state: 'attached' });
    expect(await desk.page.getByTestId('trial').count()).toBe(0);
    await desk.close();
  });
});

describe('automation modes', () => {
  test('the strictest level wins and is named; a device moved by hand is given back by acknowledging; shedding beats all', async () => {
    const { grid, file, pointList } = twoFeeders();
    const world = new ScriptedField({ grid, pointList });
    world.run(10_000);
    const desk = await openDesk(browser, world, file);
    const { page } = desk;
    await page.getByTestId('automation').click();
    const bound = (feeder: string) => page.getByTestId(`bound-${feeder}`).getAttribute('data-by');
    const set = async (row: string, mode: string): Promise<void> => {
      await page.getByTestId(`mode-${row}`).click();
      await page.getByRole('option', { name: mode }).click();
      await page.getByTestId('mode-confirm-now').click();
      await page.getByTestId('mode-confirm').waitFor({ state: 'detached' });
    };
    expect(await bound('F471')).toBe('feeder');
    await set('T', 'TƯ VẤN');
    await expect.poll(() => bound('F471')).toBe('substation');
    expect(world.views.modes).toMatchObject([{ id: 'substation/T', mode: 'advisory' }]);
    await set('F471', 'TẮT');
    await expect.poll(() => bound('F471')).toBe('feeder');
    expect(await bound('F472')).toBe('substation');
    expect(await page.getByTestId('automation').textContent()).toContain('FLISR');

    const { command } = world.askAs(SECOND, {
      type: 'command',
      idempotencyKey: 'moved-by-hand',
      equipment: '472-2',
      operation: 'open',
    });
    world.run(1_000);
    world.askAs(SECOND, { type: 'executeCommand', command: command?.id ?? '' });
    await page.getByTestId('mode-row-472-2').getByTestId('give-back').click();
    await expect.poll(() => page.getByTestId('mode-row-472-2').count()).toBe(0);

    world.setValue('T.472', 'loadShedding', true);
    await expect.poll(() => bound('F472')).toBe('shedding');
    await page.getByTestId('rail-loading').click();
    await page.getByTestId('to-shedding').click();
    expect(await page.getByTestId('shedding-signal').textContent()).toContain('Lộ 472');
    await desk.close();
  });
});

describe('a hand-operated switch', () => {
  test('takes a position from a person, is marked as such with name and age, and gives it back', async () => {
    const { grid, file, pointList } = twoFeeders({ byHand: ['471-2'] });
    const world = new ScriptedField({ grid, pointList });
    world.run(10_000);
    const desk = await openDesk(browser, world, file);
    const { page } = desk;
    await show(page, '471-2');
    await page.getByTestId('position-enter').click();
    const now = page.getByTestId('position-confirm-now');
    await page.getByTestId('position-open').click();
    expect(await now.isDisabled()).toBe(true);
    await page.getByTestId('position-text').fill('Đội 3 qua bộ đàm');
    await now.click();
    const entered = page.getByTestId('entered');
    await entered.waitFor();
    expect(await entered.textContent()).toContain('CẮT M do Nguyễn Thị Lan nhập');
    expect(await entered.textContent()).toContain('Đội 3 qua bộ đàm');
    expect(await page.getByTestId('entered-age').textContent()).toMatch(/đã \d/u);
    expect(world.views.summary.customersOut).toBe(300);
    await page.getByTestId('rail-tags').click();
    expect(await page.getByTestId('abnormal-entered').textContent()).toContain('Nguyễn Thị Lan');
    await page.getByTestId('rail-network').click();
    await show(page, '471-2');
    await page.getByTestId('position-remove').click();
    await page.getByTestId('position-text').fill('nhầm thiết bị');
    await page.getByTestId('position-back-now').click();
    await entered.waitFor({ state: 'detached' });
    expect(world.views.summary.customersOut).toBe(0);
    await desk.close();
  });

  test('that reports by itself takes nobody’s word', async () => {
    const { grid, file, pointList } = twoFeeders();
    const world = new ScriptedField({ grid, pointList });
    world.run(10_000);
    const desk = await openDesk(browser, world, file);
    await show(desk.page, '471-2');
    expect(await desk.page.getByTestId('entered-position').count()).toBe(0);
    await desk.close();
  });
});

test('an outcome nobody knows blocks its device until two people say what was seen', async () => {
  const { grid, file, pointList } = twoFeeders();
  const world = new ScriptedField({ grid, pointList });
  world.run(10_000);
  world.misbehaviour['471-1'] = { mute: true };
  const { command } = world.askAs(SECOND, {
    type: 'command',
    idempotencyKey: 'nobody-answers',
    equipment: '471-1',
    operation: 'open',
  });
  world.run(1_000);
  world.askAs(SECOND, { type: 'executeCommand', command: command?.id ?? '' });
  world.freeze('RTU.471-1');
  world.runUntil(() => world.views.commands.some(({ state }) => state === 'unknown'), 300_000);
  const desk = await openDesk(browser, world, file, { hash: '#/tags' });
  const { page } = desk;
  await page.getByTestId('abnormal-unknown').getByRole('button').click();
  await page.getByTestId('unknown-clear').click();
  await page.getByTestId('seen-asBefore').click();
  await page.getByTestId('unknown-reason').fill('Đội 3 thấy LBS vẫn đóng');
  await page.getByTestId('unknown-confirm-now').click();
  await page.getByTestId('unknown-waits').waitFor();
  const [approval] = world.views.approvals;
  expect(approval).toMatchObject({ what: 'clearUnknown', state: 'waiting' });
  world.askAs(SECOND, {
    type: 'approve',
    approval: approval?.id ?? '',
    hash: approval?.hash ?? '',
  });
  await page.getByTestId('unknown-outcome').waitFor({ state: 'detached' });
  expect(world.views.commands.find(({ id }) => id === command?.id)?.state).toBe('failed');
  await desk.close();
});

test('a shedding list is laid before a second person and opened device by device through the dialog', async () => {
  const { grid, file, pointList } = twoFeeders();
  const world = new ScriptedField({ grid, pointList });
  world.run(10_000);
  const desk = await openDesk(browser, world, file, { hash: '#/shedding' });
  const { page } = desk;
  await page.getByTestId('shedding-name').fill('Sa thải 1 MW');
  for (const id of ['472-2', 'T.471']) {
    await page.getByTestId('shedding-device').fill(id);
    await page.getByRole('option').first().click();
  }
  await page.getByTestId('shedding-prepare').click();
  const list = page.getByTestId('shedding-list');
  await expect.poll(() => list.getAttribute('data-state')).toBe('waiting');
  expect(await page.getByTestId('shed-open-472-2').count()).toBe(0);
  expect(world.views.sheddingLists).toMatchObject([{ equipment: ['472-2', 'T.471'] }]);
  const [approval] = world.views.approvals;
  world.askAs(SECOND, {
    type: 'approve',
    approval: approval?.id ?? '',
    hash: approval?.hash ?? '',
  });
  await expect.poll(() => list.getAttribute('data-state')).toBe('approved');
  await page.getByTestId('shed-open-472-2').click();
  await page.getByTestId('verdict').waitFor();
  expect(world.orders).toHaveLength(0);
  await page.getByTestId('cancel').click();
  await page.getByTestId('shedding-withdraw').click();
  await expect.poll(() => list.count()).toBe(0);
  await desk.close();
});

test('45 feeders of 27 stations that trip at once are one card of 45 rows', async () => {
  const { world, file, lines } = manyFeeders(45, 27);
  world.run(10_000);
  const desk = await openDesk(browser, world, file, { hash: '#/overview', speed: 2 });
  const { page } = desk;
  for (const line of lines) world.placeFault(line);
  const storm = page.getByTestId('storm');
  await expect
    .poll(() =>
      page
        .getByTestId('storm-feeders')
        .getAttribute('data-feeders')
        .catch(() => null),
    )
    .toBe('45');
  expect(await storm.count()).toBe(1);
  expect(await page.getByTestId('incident-row').count()).toBe(0);
  expect(await page.getByTestId('storm-row').count()).toBe(45);
  expect(await page.getByTestId('storm-feeders').textContent()).toContain(
    '45 xuất tuyến nhảy, 27 trạm',
  );
  await page.getByTestId('storm-row').first().click();
  await page.getByTestId('incident-state').waitFor({ state: 'attached' });
  expect(desk.errors).toEqual([]);
  await desk.close();
});
