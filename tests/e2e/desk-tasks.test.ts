import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTown } from './fixture/town.ts';
import { startWholeSystem, type WholeSystem } from './whole-system.ts';

// What a dispatcher does in a shift, each on the whole system: simulated RTUs on real sockets,
// control centre, browser. The tests stand in the order of one night and share it.

/** Feeder 472 only advises: its plans wait for a person. */
const LINE = '472.L05';
/** Long enough for a page that hears nothing to say so, ms. */
const LOST_WITHIN_MS = 60_000;

let whole: WholeSystem;
let page: Page;
/** The device that the first step of the plan opened. */
let border = '';

beforeAll(async () => {
  const { file } = readTown();
  const switches = file.switches?.map((device) =>
    device.id === '471-74' ? { ...device, name: 'LBS 471/85' } : device,
  );
  whole = await startWholeSystem({ ...file, ...(switches === undefined ? {} : { switches }) });
  ({ page } = whole);
});

afterAll(async () => {
  await whole?.stop();
});

/** No field has the focus: keys are keys. */
async function leaveField(): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

async function find(text: string): Promise<void> {
  await page.getByTestId('rail-network').click();
  await page.getByTestId('search').fill(text);
  await page.getByRole('option').first().click();
  await leaveField();
}

test('device "471/85" is found by keyboard and its dialog opened, with every gate told', async () => {
  await expect
    .poll(() => page.getByTestId('overview-out').textContent(), { timeout: 90_000 })
    .toBe('0');
  await page.keyboard.press('/');
  await page.keyboard.type('471/85');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('faceplate').textContent()).toContain('LBS 471/85');
  await expect.poll(() => page.getByTestId('position').textContent()).toBe('ĐÓNG');
  await leaveField();
  await page.keyboard.press('c');
  await page.getByTestId('verdict').waitFor();
  expect(await page.getByTestId('gates').locator('li').count()).toBeGreaterThan(10);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
    .toBe('cancel');
  await page.keyboard.press('Escape');
  await page.getByTestId('control-dialog').waitFor({ state: 'detached' });
});

test('what hangs behind a device, what feeds it, and the way a tie would close, are traced', async () => {
  await find('473/20');
  await page.keyboard.press('d');
  const result = page.getByTestId('trace-result');
  await result.waitFor();
  expect(Number(await result.getAttribute('data-customers'))).toBeGreaterThan(100);
  await page.keyboard.press('u');
  await expect.poll(() => result.getAttribute('data-source')).toBe('PT.E171');
  await find('473-481');
  await page.getByTestId('trace-loop').click();
  await expect.poll(() => result.textContent()).toContain('QN.');
});

test('a tag is placed with T, refuses the command it forbids, and goes with its owner', async () => {
  await find('473/20');
  await page.keyboard.press('t');
  await page.getByTestId('kind-doNotOperate').click();
  await page.getByTestId('tag-text').fill('Đội 3 trên lưới');
  await page.getByTestId('tag-place').click();
  const tag = page.getByTestId('tag-doNotOperate');
  await tag.waitFor();
  await page.getByTestId('command-open').click();
  await expect.poll(() => page.getByTestId('verdict').getAttribute('data-allowed')).toBe('false');
  expect(await page.getByTestId('gate-tag').getAttribute('data-ok')).toBe('false');
  await page.getByTestId('cancel').click();
  await page.getByTestId('rail-tags').click();
  expect(await page.getByTestId('abnormal-tag').textContent()).toContain('Đội 3 trên lưới');
  await find('473/20');
  await tag.getByTestId('remove-tag').click();
  await tag.waitFor({ state: 'detached' });
});

test('a device moved by hand is out of automation until somebody acknowledges that', async () => {
  await find('480/66');
  await page.getByTestId('command-open').click();
  await page.getByTestId('select').click();
  await page.getByTestId('execute').click();
  await expect
    .poll(() => page.getByTestId('command-state').getAttribute('data-state'))
    .toBe('verified');
  await page.getByTestId('cancel').click();
  await page.getByTestId('out-of-automation').getByTestId('give-back').click();
  await page.getByTestId('out-of-automation').waitFor({ state: 'detached' });
});

test('the mode of a whole substation is set, holds for its feeders, and is taken back', async () => {
  await page.getByTestId('automation').click();
  const bound = () => page.getByTestId('bound-F473').getAttribute('data-by');
  expect(await bound()).toBe('feeder');
  const set = async (mode: string): Promise<void> => {
    await page.getByTestId('mode-PT').click();
    await page.getByRole('option', { name: mode }).click();
    await page.getByTestId('mode-confirm-now').click();
    await page.getByTestId('mode-confirm').waitFor({ state: 'detached' });
  };
  await set('TẮT');
  await expect.poll(bound).toBe('substation');
  await set('TỰ ĐỘNG');
  await expect.poll(bound).toBe('feeder');
});

test('a plan is approved step by step, and aborted before its end', async () => {
  await find(LINE);
  await page.getByTestId('place-fault').click();
  await page.getByTestId('rail-incident').click();
  const state = (): Promise<string | null> =>
    page
      .getByTestId('incident-state')
      .getAttribute('data-state', { timeout: 1_000 })
      .catch(() => null);
  await expect.poll(state, { timeout: 120_000 }).toBe('approval');
  const step = (n: number) => page.getByTestId(`step-${n}`).getAttribute('data-state');
  expect(await page.locator('[data-testid^="step-"]').count()).toBeGreaterThan(1);
  border = (await page.getByTestId('step-1').locator('.dev').first().textContent()) ?? '';
  await page.getByTestId('approve-step').click();
  await expect.poll(() => step(1), { timeout: 60_000 }).toBe('verified');
  expect(await step(2)).toBe('next');
  await page.getByTestId('abort').click();
  await expect.poll(state).toBe('aborted');
});

test('why a close onto the fault is refused stands in the dialog, and nothing can be selected', async () => {
  // What the first step opened stands on the border of the part that holds the fault.
  await find(border);
  await page.getByTestId('command-close').click();
  await expect.poll(() => page.getByTestId('verdict').getAttribute('data-allowed')).toBe('false');
  const why = await page.getByTestId('gates').locator('.blocked').allTextContents();
  expect(why.join()).toMatch(/sự cố/u);
  expect(await page.getByTestId('select').isDisabled()).toBe(true);
  await page.getByTestId('cancel').click();
});

test('after the repair the part is declared clear section by section, and only then may be closed onto', async () => {
  await find(LINE);
  await page.getByTestId('repair-fault').first().click();
  await page.getByTestId('rail-incident').click();
  await page.getByTestId('lift-blocks').click();
  const kept = page.getByTestId('lift-confirm').getByRole('group').first();
  await expect.poll(() => kept.getByRole('checkbox').count()).toBeGreaterThan(0);
  // Nothing chosen, nothing to declare; and the focus stands on Cancel.
  for (const box of await kept.getByRole('checkbox').all()) await box.uncheck({ force: true });
  expect(await page.getByTestId('lift-confirm-now').isDisabled()).toBe(true);
  await page.getByTestId('lift-confirm-cancel').click();
  await page.getByTestId('lift-blocks').click();
  for (const box of await kept.getByRole('checkbox').all())
    expect(await box.isChecked()).toBe(true);
  // Whether conductors were joined must be said; there is no answer to begin with.
  expect(await page.getByTestId('lift-confirm-now').isDisabled()).toBe(true);
  await page.getByTestId('repair-unconfirmed').click();
  await page.getByTestId('lift-confirm-now').click();
  await page.getByTestId('lift-confirm').waitFor({ state: 'detached' });
  await find(border);
  await page.getByTestId('command-close').click();
  await expect.poll(() => page.getByTestId('gate-fault').getAttribute('data-ok')).toBe('true');
  await page.getByTestId('cancel').click();
});

test('the joint stays in doubt, seen in the list and on the line, until somebody records who measured it', async () => {
  await page.getByTestId('rail-tags').click();
  await expect.poll(() => page.getByTestId('abnormal-phaseOrder').count()).toBeGreaterThan(0);
  await find(LINE);
  await expect
    .poll(() => page.getByTestId('phase-unconfirmed').textContent())
    .toMatch(/cấm hòa, cấm khép vòng/u);
  await page.getByTestId('phase-open').click();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
    .toBe('phase-confirm-cancel');
  expect(await page.getByTestId('phase-confirm-now').isDisabled()).toBe(true);
  await page.getByTestId('phase-by').fill('Tổ thí nghiệm');
  await page.getByTestId('phase-how').fill('Đồng hồ thứ tự pha tại cột 12, 14:05');
  await page.getByTestId('phase-confirm-now').click();
  await page.getByTestId('phase-unconfirmed').waitFor({ state: 'detached' });
  expect(await page.getByTestId('phase-join').isEnabled()).toBe(true);
});

test('the newest alarm is acknowledged with F2 and Space; one of a lost link is shelved with a reason', async () => {
  const waiting = async (): Promise<number> => {
    let sum = 0;
    for (const priority of [1, 2, 3, 4])
      sum += Number(
        /\d+/u.exec((await page.getByTestId(`alarms-${priority}`).textContent()) ?? '')?.[0] ?? 0,
      );
    return sum;
  };
  const before = await waiting();
  expect(before).toBeGreaterThan(0);
  await leaveField();
  await page.keyboard.press('F2');
  await page.keyboard.press('Space');
  await expect.poll(waiting).toBeLessThan(before);

  const { control, token } = whole.system.simulators;
  const answer = await fetch(`${control}/devices/478-20/misbehaviour`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ vanish: true }),
  });
  expect(answer.status).toBe(200);
  await page.getByTestId('rail-alarms').click();
  const row = page.getByTestId('alarm-row').filter({ hasText: '478-20' });
  await row.first().waitFor({ timeout: 60_000 });
  await row.first().click();
  await page.getByTestId('shelve').click();
  await page.getByTestId('reason-known').click();
  await page.getByTestId('shelve-now').click();
  await page.getByTestId('shelve-dialog').waitFor({ state: 'detached' });
  await page.getByTestId('alarms-shelved').click();
  await row.first().waitFor();
});

test('the events of the night are filtered by words, looked up by time and kept as a table', async () => {
  await page.getByTestId('rail-events').click();
  const rows = page.getByTestId('event-row');
  await page.getByTestId('event-words').fill('dong su co 472');
  await expect.poll(() => rows.count()).toBeGreaterThan(0);
  for (const text of await rows.allTextContents()) expect(text).toContain('472');
  await page.getByTestId('range-1h').click();
  await expect.poll(() => rows.count()).toBeGreaterThan(0);
  for (const text of await rows.allTextContents()) expect(text).toContain('472');
  const shown = await rows.count();
  const downloading = page.waitForEvent('download');
  await page.getByTestId('event-export').click();
  const table = readFileSync(await (await downloading).path(), 'utf8');
  expect(table.startsWith('\uFEFF')).toBe(true);
  const lines = table.trim().split('\n').slice(1);
  expect(lines.length).toBeGreaterThanOrEqual(shown);
  for (const line of lines) expect(line).toContain('472');
  // No moment, no answer: what is shown stands.
  await page.getByTestId('range-from').fill('31/02/2026');
  await page.getByTestId('range-show').click();
  await page.getByRole('alert').filter({ hasText: '14/11/2026' }).waitFor();
  await page.getByTestId('range-live').click();
  await page.getByTestId('event-words').fill('');
});

test('a trend begins before its page was opened', async () => {
  const opened_ms = Date.now();
  await page.evaluate(() => location.assign('#/trends/PT.473'));
  const chart = page.getByTestId('trend-chart');
  await chart.waitFor();
  const first = async (): Promise<number> => Number(await chart.getAttribute('data-first'));
  // The page is opened again and again until the control centre has kept a slot from before that.
  await expect
    .poll(async () => {
      await page.reload();
      await chart.waitFor();
      await page.waitForFunction(() => document.querySelector('[data-past=true]') !== null);
      return first();
    })
    .toBeLessThan(opened_ms);
});

test('a server that stands still is told, nothing can be commanded, and its return brings the picture back', async () => {
  await find('473/20');
  await expect.poll(() => page.getByTestId('command-open').isEnabled()).toBe(true);
  process.kill(whole.system.controlCenterPid, 'SIGSTOP');
  try {
    await page.getByTestId('lost').waitFor({ timeout: LOST_WITHIN_MS });
    expect(await page.getByTestId('command-open').isDisabled()).toBe(true);
  } finally {
    process.kill(whole.system.controlCenterPid, 'SIGCONT');
  }
  await page.getByTestId('lost').waitFor({ state: 'detached', timeout: LOST_WITHIN_MS });
  await expect.poll(() => page.getByTestId('command-open').isEnabled()).toBe(true);
});
