import type { AlarmView, ApprovalView, TagView } from '@relight/contract';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';
import { openFixture } from './fixture/fixture-page.ts';
import { decisionSnapshot } from './fixture/decision-scene.ts';
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

const alarm = (id: string, change: Partial<AlarmView>): AlarmView => ({
  id,
  priority: 3,
  state: 'unacknowledged',
  raisedAt_ms: now_ms - 1_000,
  equipment: '473-20',
  place: { vi: 'Lộ 473', en: 'Feeder 473' },
  text: { vi: 'Điện áp ắc quy thấp', en: 'Battery low' },
  incident: null,
  count: 1,
  acknowledgedBy: null,
  acknowledgedAt_ms: null,
  ...change,
});

describe('keys', () => {
  test('device 471/74 is found and its control dialog opened without a mouse, and nothing is sent', async () => {
    const { page, asked } = await openFixture(browser, town, calm);
    await page.keyboard.press('/');
    await page.keyboard.type('471/74');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByTestId('faceplate').waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('c');
    await page.getByTestId('verdict').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
      .toBe('cancel');
    expect(asked.filter(({ path }) => path !== '/commands/check')).toEqual([]);
    await page.context().close();
  });

  test('no key of the console fires while text is written', async () => {
    const { page } = await openFixture(browser, town, calm);
    await page.getByTestId('search').focus();
    for (const key of ['m', 'n', 'l', 'c', 't', 'g', '?', 'F3'.slice(0, 1)])
      await page.keyboard.press(key);
    expect(new URL(page.url()).hash).toBe('#/network');
    expect(await page.getByTestId('search').inputValue()).toBe('mnlctg?F');
    await page.context().close();
  });

  test('? shows every key, L goes to the map and back, G draws the trend of what is selected', async () => {
    const { page, errors } = await openFixture(browser, town, calm);
    await page.keyboard.press('?');
    await page.getByTestId('keys').waitFor();
    await page.getByTestId('rail-network').click();
    await page.getByTestId('search').fill('473-20');
    await page.getByRole('option').first().click();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('l');
    await page.getByTestId('map').waitFor();
    const mirror = page.getByTestId('mirror');
    await expect.poll(() => mirror.getAttribute('data-selected')).toBe('473-20');
    await expect.poll(() => mirror.getAttribute('data-x')).not.toBe('');
    expect(new URL(page.url()).hash).toBe('#/map');
    await page.keyboard.press('l');
    await page.getByTestId('scene').waitFor();
    await page.getByTestId('search').fill('MC 473');
    await page.getByRole('option').first().click();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('g');
    await page.getByTestId('trend-legend').waitFor();
    expect(await page.getByTestId('trend-legend').textContent()).toContain('93,0 A');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('F2 shows the newest alarm and Space acknowledges that one', async () => {
    const { page, asked } = await openFixture(browser, town, troubled, { hash: '#/events' });
    await page.keyboard.press('Space');
    await page.keyboard.press('F2');
    await page.keyboard.press('Space');
    await expect.poll(() => asked.map(({ path }) => path)).toEqual(['/alarms/A1/acknowledge']);
    await page.context().close();
  });
});

describe('panes', () => {
  test('four views beside each other stand in the address and come back with it', async () => {
    const { page, errors } = await openFixture(browser, town, troubled);
    await page.getByTestId('pane-split').first().click();
    await page.getByTestId('rail-station').click();
    await page.getByTestId('one-line-PT.473').waitFor();
    await page.getByTestId('pane-split').first().click();
    await page.getByTestId('rail-alarms').click();
    await page.getByTestId('pane-split').first().click();
    await page.getByTestId('rail-loading').click();
    await expect.poll(() => new URL(page.url()).hash).toBe('#/network+station+alarms+loading');
    expect(await page.getByTestId('pane-split').count()).toBe(0);
    await page.reload();
    await page.getByTestId('pane-3').getByTestId('feeder-loading').waitFor();
    await page.getByTestId('pane-1').getByTestId('pane-close').click();
    await expect.poll(() => new URL(page.url()).hash).toBe('#/network+alarms+loading');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('a pane goes to a window of its own', async () => {
    const { page } = await openFixture(browser, town, calm, { hash: '#/network+station/PT' });
    const opened = page.context().waitForEvent('page');
    await page.getByTestId('pane-1').getByTestId('pane-window').click();
    const own = await opened;
    await expect.poll(() => own.url()).toContain('#/station/PT');
    await expect.poll(() => new URL(page.url()).hash).toBe('#/network');
    await page.context().close();
  });
});

describe('alarms', () => {
  test('one is shelved for an hour with a reason, and taken back', async () => {
    const { page, asked, send } = await openFixture(browser, town, calm, { hash: '#/alarms' });
    const battery = alarm('B1', { priority: 4 });
    send({ alarms: [battery] });
    await page.getByTestId('alarm-row').click();
    await page.getByTestId('shelve').click();
    expect(await page.getByTestId('shelve-now').isDisabled()).toBe(true);
    await page.getByTestId('reason-chattering').click();
    await page.getByTestId('shelve-now').click();
    await expect
      .poll(() => asked)
      .toEqual([
        {
          method: 'POST',
          path: '/alarms/B1/shelve',
          body: { reason: 'Tín hiệu dao động, chờ sửa', for_ms: 3_600_000 },
        },
      ]);
    const shelved = { by: 'lan', reason: 'x', at_ms: now_ms, until_ms: now_ms + 3_600_000 };
    send({ alarms: [{ ...battery, state: 'shelved', shelved }] });
    await expect.poll(() => page.getByTestId('alarm-row').count()).toBe(0);
    await page.getByTestId('alarms-shelved').click();
    await page.getByTestId('alarm-row').click();
    await page.getByTestId('take-back').click();
    await expect.poll(() => asked.at(-1)?.path).toBe('/alarms/B1/unshelve');
    await page.context().close();
  });

  test('a trip cannot be shelved', async () => {
    const { page } = await openFixture(browser, town, troubled, { hash: '#/alarms' });
    await page.getByTestId('alarm-row').filter({ hasText: 'MC 473' }).click();
    await page.getByTestId('alarm-panel').waitFor();
    expect(await page.getByTestId('shelve').count()).toBe(0);
    await page.context().close();
  });

  test('45 feeders that trip at once are one group of no more than 45 rows, with the flood told', async () => {
    const { page, send } = await openFixture(browser, town, calm, {
      hash: '#/alarms',
      viewport: { width: 1920, height: 2_400 },
    });
    const storm = Array.from({ length: 400 }, (_, i) =>
      alarm(`S${i}`, {
        priority: i < 45 ? 1 : 3,
        incident: 'SC-0152',
        equipment: `T${i % 45}`,
        raisedAt_ms: now_ms - 60_000 + i,
      }),
    );
    send({ alarms: storm });
    await page.getByTestId('flood').waitFor();
    await expect.poll(() => page.getByTestId('alarm-row').count()).toBe(45);
    expect(await page.getByTestId('alarm-group').count()).toBe(1);
    await page.context().close();
  });
});

describe('tags and second persons', () => {
  test('a hot-line tag names the devices upstream that report no reclosing and that its owner has had looked at', async () => {
    const silent = {
      ...calm,
      switches: calm.switches.map((device) =>
        device.id === 'PT.473' ? { ...device, reclosing: null } : { ...device, reclosing: false },
      ),
    };
    const { page, asked, send } = await openFixture(browser, town, silent, { rights: ['tag'] });
    await page.getByTestId('search').fill('473-20');
    await page.getByRole('option').first().click();
    await page.getByTestId('tag-new').click();
    expect(await page.getByTestId('seen-off').count()).toBe(0);
    await page.getByTestId('kind-hotLine').click();
    await page.getByTestId('tag-text').fill('Đội 5 sửa chữa nóng');
    await page.getByTestId('seen-off-PT.473').click();
    await page.getByTestId('tag-place').click();
    await expect
      .poll(() => asked.at(-1)?.body)
      .toMatchObject({ kind: 'hotLine', reclosingSeenOff: ['PT.473'] });
    const tag: TagView = {
      id: 'T2',
      kind: 'hotLine',
      equipment: '473-20',
      on: 'device',
      sections: [],
      text: 'Đội 5 sửa chữa nóng',
      reclosingSeenOff: ['PT.473'],
      owner: 'lan',
      ownerName: 'Nguyễn Thị Lan',
      placedAt_ms: now_ms,
      removedAt_ms: null,
    };
    send({ tags: [tag] });
    await expect.poll(() => page.getByTestId('tag-seen-off').textContent()).toContain('MC 473');
    await page.context().close();
  });

  test('a tag that has lost its place is listed with what it stops, and goes with a reason and a second person', async () => {
    const { page, asked } = await openFixture(browser, town, decisionSnapshot(town, now_ms), {
      hash: '#/tags',
      rights: ['tag'],
    });
    const row = page.getByTestId('lost-T3-12');
    expect(await row.textContent()).toContain('Đội 1 thay sứ');
    await row.getByTestId('remove-tag').click();
    const ask = row.getByRole('button', { name: 'Xin người thứ hai' });
    expect(await ask.isDisabled()).toBe(true);
    await row.getByRole('textbox').fill('đường dây đã tháo dỡ, đội 1 đã về');
    await ask.click();
    await expect
      .poll(() => asked.at(-1))
      .toMatchObject({
        path: '/tags/T3-12/remove',
        body: { reason: 'đường dây đã tháo dỡ, đội 1 đã về' },
      });
    await page.context().close();
  });

  test('T places a tag on the selected switch; its owner takes it away', async () => {
    const { page, asked, send } = await openFixture(browser, town, calm, { rights: ['tag'] });
    await page.getByTestId('search').fill('473-20');
    await page.getByRole('option').first().click();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('t');
    await page.getByTestId('kind-doNotOperate').click();
    await page.getByTestId('tag-text').fill('Đội sửa chữa trên lưới');
    await page.getByTestId('tag-place').click();
    await expect.poll(() => asked.map(({ path }) => path)).toEqual(['/tags']);
    expect(asked[0]?.body).toMatchObject({ kind: 'doNotOperate', equipment: '473-20' });
    const tag: TagView = {
      id: 'T1',
      kind: 'doNotOperate',
      equipment: '473-20',
      on: 'device',
      sections: [],
      text: 'Đội sửa chữa trên lưới',
      owner: 'lan',
      ownerName: 'Nguyễn Thị Lan',
      placedAt_ms: now_ms,
      removedAt_ms: null,
    };
    send({ tags: [tag] });
    await page.getByTestId('tag-doNotOperate').getByTestId('remove-tag').click();
    await expect.poll(() => asked.at(-1)).toMatchObject({ path: '/tags/T1/remove', body: {} });
    send({ tags: [{ ...tag, removedAt_ms: now_ms }] });
    await expect.poll(() => page.getByTestId('tag-doNotOperate').count()).toBe(0);
    await page.context().close();
  });

  test('a second person agrees to exactly what was shown; one does not agree with oneself', async () => {
    const { page, asked, send } = await openFixture(browser, town, calm, { rights: ['approve'] });
    const approval = (id: string, by: string): ApprovalView => ({
      id,
      what: 'command',
      state: 'waiting',
      title: { vi: `Đóng MC 473 ${id}`, en: `Close CB 473 ${id}` },
      details: [{ vi: 'bỏ qua: quá tải', en: 'overrides: loading' }],
      reason: 'khôi phục bệnh viện',
      about: 'c1',
      equipment: ['PT.473'],
      hash: `hash-${id}`,
      by,
      byName: by,
      requestedAt_ms: now_ms,
      expiresAt_ms: now_ms + 300_000,
      decidedBy: null,
      decidedByName: null,
      decidedAt_ms: null,
    });
    send({ approvals: [approval('P1', 'minh'), approval('P2', 'lan')] });
    await expect.poll(() => page.getByTestId('approval').count()).toBe(2);
    expect(await page.getByTestId('approval-approve').count()).toBe(1);
    await page.getByTestId('approval-approve').click();
    await expect
      .poll(() => asked)
      .toEqual([{ method: 'POST', path: '/approvals/P1/approve', body: { hash: 'hash-P1' } }]);
    await page.context().close();
  });

  test('control locked after a restore: one person declares what was compared, another lifts the lock', async () => {
    const controlLock = (by: string | null) => ({
      because: { vi: 'khôi phục từ bản sao lưu', en: 'restored from a backup' },
      since_ms: now_ms,
      backup_ms: now_ms - 3_600_000,
      declared: by === null ? null : { by, session: `of ${by}`, note: 'bộ đàm, sổ', at_ms: now_ms },
    });
    const { page, asked, send } = await openFixture(browser, town, calm, { rights: ['approve'] });
    expect(await page.getByTestId('reconcile').count()).toBe(0);
    send({ summary: { ...calm.summary, controlLock: controlLock(null) } });
    expect(await page.getByTestId('reconcile-declare').isDisabled()).toBe(true);
    await page.getByTestId('reconcile-note').fill('đội 2 qua bộ đàm, sổ giấy');
    await page.getByTestId('reconcile-declare').click();
    await expect
      .poll(() => asked.at(-1))
      .toMatchObject({
        path: '/control-lock/reconcile',
        body: { note: 'đội 2 qua bộ đàm, sổ giấy' },
      });
    send({ summary: { ...calm.summary, controlLock: controlLock('lan') } });
    await expect.poll(() => page.getByTestId('reconcile-declare').count()).toBe(0);
    send({ summary: { ...calm.summary, controlLock: controlLock('minh') } });
    await page.getByTestId('reconcile-declare').waitFor();
    expect(await page.getByTestId('reconcile-declared').textContent()).toContain('bộ đàm, sổ');
    send({ summary: { ...calm.summary, controlLock: null } });
    await expect.poll(() => page.getByTestId('reconcile').count()).toBe(0);
    await page.context().close();
  });

  test('a breaker is opened in an emergency with two presses, never with one', async () => {
    const { page, asked } = await openFixture(browser, town, calm, { hash: '#/station/PT' });
    await page.getByTestId('one-line-PT.473').click();
    await page.getByTestId('emergency').click();
    expect(asked).toEqual([]);
    await page.getByTestId('emergency-now').click();
    await expect.poll(() => asked.map(({ path }) => path)).toEqual(['/commands/emergency-open']);
    await page.context().close();
  });
});

describe('who sits here', () => {
  test('nobody logged in: the page asks, refuses a wrong password, and opens after the right one', async () => {
    const { page } = await openFixture(browser, town, calm, { password: 'đúng-mật-khẩu' });
    await page.getByTestId('user').fill('lan');
    await page.getByTestId('password').fill('sai');
    await page.getByTestId('log-in').click();
    expect(await page.getByRole('alert').textContent()).toContain('RL-040');
    await page.getByTestId('password').fill('đúng-mật-khẩu');
    await page.getByTestId('log-in').click();
    await waitUntilLive(page);
    expect(await page.getByTestId('user-menu').textContent()).toContain('Nguyễn Thị Lan');
    await page.context().close();
  });

  test('a locked desk shows the grid and its alarms, and commands nothing', async () => {
    const { page, say } = await openFixture(browser, town, troubled, { hash: '#/station/PT' });
    await page.getByTestId('one-line-PT.473').click();
    expect(await page.getByTestId('command-open').isEnabled()).toBe(true);
    say({ type: 'session', locked: true });
    await page.getByTestId('locked').waitFor();
    expect(await page.getByTestId('command-open').isDisabled()).toBe(true);
    expect(await page.getByTestId('strip-row').count()).toBe(5);
    await page.getByTestId('unlock').click();
    await page.getByTestId('locked').waitFor({ state: 'detached' });
    expect(await page.getByTestId('command-open').isEnabled()).toBe(true);
    await page.context().close();
  });

  test('alarms that do not work are told in words, not by silence', async () => {
    const { page, say } = await openFixture(browser, town, calm);
    say({ type: 'heartbeat', serverTime_ms: now_ms, alarmsWork: false, turnAge_ms: 9_000 });
    await expect
      .poll(() => page.getByTestId('no-alarms').textContent())
      .toContain('CẢNH BÁO KHÔNG HOẠT ĐỘNG');
    await page.context().close();
  });

  test('a server that goes on talking without its heartbeat is not trusted with alarms, until it beats again', async () => {
    const { page, stopHeart, say, send } = await openFixture(browser, town, calm);
    stopHeart();
    const talk = setInterval(() => send({ summary: calm.summary }), 500);
    await page.getByTestId('no-alarms').waitFor();
    expect(await page.getByTestId('no-alarms').textContent()).toContain('không báo nhịp');
    clearInterval(talk);
    say({ type: 'heartbeat', serverTime_ms: now_ms, alarmsWork: true, turnAge_ms: 0 });
    await page.getByTestId('no-alarms').waitFor({ state: 'detached' });
    await page.context().close();
  });
});
