import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { startRig, type Rig } from '../kit/control-center-rig.ts';
import { launchBrowser } from './browser.ts';
import { cutOff } from './fixture/axe.ts';
import { waitUntilLive } from './fixture/console-host.ts';
import { logInOn, openPage } from './fixture/public-page.ts';

const SMALL = { width: 1280, height: 720 };
const FIRST_WORD = 'hai con sông gặp nhau';
const OWN_WORD = 'ba chiếc cầu tre nhỏ';

let rig: Rig;
let browser: Browser;
/** Names made in this run: a second try of a test makes another one. */
let made = 0;

beforeAll(async () => {
  const consoleDirectory = await buildConsole(() => {}, new AbortController().signal);
  rig = await startRig({ idleLock_min: 0 }, 1_000_000, consoleDirectory);
  rig.addPerson('hoa', ['shiftLead']);
  rig.addPerson('son', ['viewer']);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
});

test('an administrator without the grid makes an account; its person changes the password and is shown out by the administrator', async () => {
  const admin = await openPage(browser, rig, SMALL);
  await logInOn(admin, 'root');
  await admin.getByTestId('accounts').waitFor();
  await waitUntilLive(admin);
  expect(await admin.getByTestId('account-hoa').textContent()).toContain('Trưởng ca');

  made += 1;
  const binh = `binh.${made}`;
  await admin.getByTestId('account-new').click();
  const create = admin.getByTestId('account-form-now');
  expect(await create.isDisabled()).toBe(true);
  await admin.getByTestId('account-user').fill('Bình ca 2');
  expect(await admin.getByTestId('account-form').textContent()).toContain('chữ đứng đầu');
  await admin.getByTestId('account-user').fill(binh);
  await admin.getByTestId('account-name').fill('Lê Văn Bình');
  await admin.getByTestId('account-password').fill('relight2026!');
  await admin.getByTestId('role-viewer').click();
  await admin.getByTestId('role-dispatcher').click();
  await admin.getByTestId('areas-all').click();
  await admin.getByTestId('area-PT').click();
  expect(await cutOff(admin)).toEqual([]);
  await create.click();
  // The server judges the word; nothing was made, and what was typed stands.
  await expect.poll(() => admin.getByRole('alert').textContent()).toContain('RL-046');
  await admin.getByTestId('account-password').fill(FIRST_WORD);
  await create.click();
  await admin.getByTestId(`account-${binh}`).waitFor();
  expect(await admin.getByTestId(`account-${binh}`).textContent()).toContain('Điều độ viên');
  expect(await admin.getByTestId(`account-${binh}`).textContent()).toContain('Phú Tài');

  const desk = await openPage(browser, rig);
  await logInOn(desk, binh, FIRST_WORD);
  await waitUntilLive(desk);
  await desk.getByTestId('rail-admin').click();
  await desk.getByTestId('own-change').click();
  await desk.getByTestId('own-current').fill(FIRST_WORD);
  await desk.getByTestId('own-next').fill(OWN_WORD);
  await desk.getByTestId('own-again').fill(`${OWN_WORD}.`);
  expect(await desk.getByTestId('own-password-now').isDisabled()).toBe(true);
  await desk.getByTestId('own-again').fill(OWN_WORD);
  await desk.getByTestId('own-password-now').click();
  await desk.getByTestId('own-password').waitFor({ state: 'detached' });
  expect(await desk.getByTestId('own-session').textContent()).toContain('Đã đổi');
  // A dispatcher sees himself here, and nobody else.
  expect(await desk.getByTestId('sessions').count()).toBe(0);
  expect(await desk.getByTestId('accounts').count()).toBe(0);

  await admin.getByTestId(`end-${binh}`).click();
  await admin.getByTestId('end-session-now').click();
  await desk.getByTestId('user').waitFor();
  await admin.getByTestId(`session-${binh}`).waitFor({ state: 'detached' });
  await logInOn(desk, binh, OWN_WORD);
  await waitUntilLive(desk);

  await admin.getByTestId(`disabled-${binh}`).click();
  await admin.keyboard.press('Escape');
  await admin.getByTestId('disable-form').waitFor({ state: 'detached' });
  expect(await admin.getByTestId(`account-${binh}`).textContent()).toContain('dùng được');
  await admin.getByTestId(`disabled-${binh}`).click();
  await admin.getByTestId('disable-form-now').click();
  await desk.getByTestId('user').waitFor();
  await expect.poll(() => admin.getByTestId(`account-${binh}`).textContent()).toContain('Mở lại');
  await desk.context().close();
  await admin.context().close();
});

test('a program gets a token that is shown once, and loses it when it is revoked', async () => {
  made += 1;
  const scada = `scada.${made}`;
  rig.addPerson(scada, ['integration']);
  const admin = await openPage(browser, rig, SMALL);
  await logInOn(admin, 'root');
  await admin.getByTestId(`token-${scada}`).click();
  await admin.getByTestId('token-days').fill('0');
  expect(await admin.getByTestId('token-form-now').isDisabled()).toBe(true);
  await admin.getByTestId('token-days').fill('30');
  await admin.getByTestId('token-form-now').click();
  const secret = (await admin.getByTestId('made-token').locator('code').textContent()) ?? '';
  const asked = () =>
    rig.ask('/api/v1/snapshot', { headers: { authorization: `Bearer ${secret}` } });
  expect((await asked()).status).toBe(200);
  await admin.getByTestId('made-token-close').click();
  expect(await admin.locator('body').textContent()).not.toContain(secret);
  await admin.getByTestId(`revoke-${scada}`).click();
  await admin.getByTestId('revoke-form-now').click();
  await expect.poll(async () => (await asked()).status).toBe(401);
  await expect
    .poll(() => admin.getByTestId(`token-row-${scada}`).textContent())
    .toContain('đã thu hồi');
  await admin.context().close();
});

test('a shift lead ends a session and sees no accounts; a viewer sees neither', async () => {
  const viewer = await openPage(browser, rig);
  await logInOn(viewer, 'son');
  await waitUntilLive(viewer);
  // A list of alarms without a button to acknowledge: nobody presses what would be refused.
  await viewer.getByTestId('rail-alarms').click();
  await viewer.getByTestId('strip-row').first().waitFor();
  expect(await viewer.getByRole('button', { name: /^Xác nhận/u }).count()).toBe(0);
  await viewer.getByTestId('rail-admin').click();
  expect(await viewer.getByTestId('own-session').textContent()).toContain('Người xem');
  expect(await viewer.getByTestId('sessions').count()).toBe(0);
  expect(await viewer.getByTestId('accounts').count()).toBe(0);

  const lead = await openPage(browser, rig, SMALL);
  await logInOn(lead, 'hoa');
  await waitUntilLive(lead);
  await lead.getByTestId('rail-admin').click();
  await lead.getByTestId('session-son').waitFor();
  expect(await lead.getByTestId('accounts').count()).toBe(0);
  expect(await lead.getByTestId('session-hoa').getByRole('button').count()).toBe(0);
  await lead.getByTestId('end-son').click();
  // The focus stands on Cancel: nothing is ended by a key that was meant for something else.
  await lead.keyboard.press('Enter');
  await lead.getByTestId('end-session').waitFor({ state: 'detached' });
  expect(await lead.getByTestId('session-son').count()).toBe(1);
  await lead.getByTestId('end-son').click();
  await lead.getByTestId('end-session-now').click();
  await viewer.getByTestId('user').waitFor();
  await viewer.context().close();
  await lead.context().close();
});
