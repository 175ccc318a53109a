import type { Browser, Page } from 'playwright-core';
import type { Snapshot } from '@relight/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { launchBrowser } from './browser.ts';
import { cutOff, dress, violations } from './fixture/axe.ts';
import { openFixture } from './fixture/fixture-page.ts';
import {
  joinedSnapshot,
  outlookSnapshot,
  readySnapshot,
  repairSnapshot,
  wayBackSnapshot,
} from './fixture/after-repair-scene.ts';
import { decisionSnapshot, stormSnapshot } from './fixture/decision-scene.ts';
import { incidentSnapshot } from './fixture/incident-scene.ts';
import { readTown } from './fixture/town.ts';

const VIEWS = [
  'overview',
  'network',
  'feeder',
  'station',
  'incident',
  'alarms',
  'events',
  'tags',
  'loading',
  'trends',
  'admin',
  'keys',
] as const;
const THEMES = ['evn-light', 'evn-dark', 'muted-light', 'muted-dark'] as const;
const town = readTown();
const now_ms = Date.UTC(2026, 10, 13, 19, 16, 33);
const troubled = incidentSnapshot(town, now_ms);
let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe('axe finds nothing to object to, contrast of words included', () => {
  for (const theme of THEMES)
    test(`in any view with the theme ${theme}`, async () => {
      const { page } = await openFixture(browser, town, troubled, {
        hash: '#/overview',
        rights: ['tag', 'sessions', 'accounts'],
        profile: 'production',
        viewport: { width: 1280, height: 720 },
        reducedMotion: 'reduce',
      });
      await dress(page, theme, theme === 'muted-dark' ? 'en' : 'vi');
      for (const view of VIEWS) {
        await page.getByTestId(`rail-${view}`).click();
        await page.waitForTimeout(150);
        // Some views load their code when they are first opened.
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        expect([view, await violations(page)]).toEqual([view, []]);
      }
      await page.getByTestId('rail-admin').click();
      await page.getByTestId('account-new').click();
      await page.getByTestId('areas-all').click();
      expect(['account', await violations(page), await cutOff(page)]).toEqual(['account', [], []]);
      await page.getByTestId('rail-events').click();
      await page.getByTestId('range-24h').click();
      await page.getByTestId('events-older').waitFor();
      expect(['past', await violations(page), await cutOff(page)]).toEqual(['past', [], []]);
      await page.getByTestId('rail-network').click();
      await page.getByTestId('search').fill('473-481');
      await page.getByRole('option').first().click();
      await page.getByTestId('command-close').click();
      await page.getByTestId('verdict').waitFor();
      expect(['control dialog', await violations(page)]).toEqual(['control dialog', []]);
      await page.getByTestId('cancel').click();
      await page.getByTestId('tag-new').click();
      expect(['tags', await violations(page)]).toEqual(['tags', []]);
      await page.getByTestId('rail-alarms').click();
      await page.getByTestId('alarm-row').last().click();
      await page.getByTestId('shelve').click();
      expect(['shelve', await violations(page)]).toEqual(['shelve', []]);
      await page.evaluate(() => location.assign('#/map+station+alarms+loading'));
      await page.getByTestId('map').waitFor();
      await page.waitForTimeout(300);
      expect(['panes', await violations(page)]).toEqual(['panes', []]);
      await page.context().close();
    });
});

describe('nothing is cut off', () => {
  for (const [width, height, languages] of [
    [1280, 720, ['vi', 'en']],
    [3840, 2160, ['vi']],
  ] as const)
    test(`at ${width} × ${height}, ${languages.join(' and ')}`, async () => {
      const { page } = await openFixture(browser, town, troubled, {
        hash: '#/overview',
        rights: ['sessions', 'accounts'],
        profile: 'production',
        viewport: { width, height },
      });
      for (const language of languages) {
        await dress(page, 'evn-light', language);
        for (const view of VIEWS) {
          await page.getByTestId(`rail-${view}`).click();
          await page.waitForTimeout(100);
          expect([language, view, await cutOff(page)]).toEqual([language, view, []]);
        }
      }
      await page.context().close();
    });
});

describe('what a person decides beside the plan', () => {
  for (const [theme, language] of [
    ['evn-light', 'vi'],
    ['muted-dark', 'en'],
  ] as const)
    test(`has nothing axe objects to and nothing cut off, ${theme}, ${language}`, async () => {
      const { page } = await openFixture(browser, town, decisionSnapshot(town, now_ms), {
        hash: '#/incident/CĐ-0012',
        rights: ['tag'],
        viewport: { width: 1280, height: 720 },
        reducedMotion: 'reduce',
      });
      await dress(page, theme, language);
      const look = async (what: string): Promise<void> => {
        expect([what, await violations(page)]).toEqual([what, []]);
        expect([what, await cutOff(page)]).toEqual([what, []]);
      };
      await page.getByTestId('earth-try').click();
      await look('earth fault');
      await page.getByTestId('earth-try-confirm-cancel').click();
      await page.getByTestId('incident-choice').selectOption('SC-0147');
      await page.getByTestId('trial-declare-473-39').click();
      await look('trial close');
      await page.getByTestId('lift-blocks').click();
      await page.getByTestId('lift-confirm').getByRole('group').first().waitFor();
      await look('lift');
      await page.getByTestId('automation').click();
      await page.getByTestId('mode-F472').click();
      await page.getByRole('option').last().click();
      await look('automation');
      await page.getByTestId('rail-loading').click();
      await page.getByTestId('to-shedding').click();
      await look('shedding');
      await page.getByTestId('rail-tags').click();
      await look('tags and abnormal');
      await page.getByTestId('abnormal-entered').getByRole('button').click();
      await page.getByTestId('position-enter').click();
      await look('entered position');
      await page.getByTestId('abnormal-unknown').getByRole('button').click();
      await page.getByTestId('unknown-clear').click();
      await look('unknown outcome');
      await page.context().close();
    });
});

describe('after the repair', () => {
  for (const [theme, language] of [
    ['evn-light', 'vi'],
    ['muted-dark', 'en'],
  ] as const)
    test(`nothing axe objects to, nothing cut off, and Cancel stays in sight, ${theme}, ${language}`, async () => {
      const open = async (snapshot: Snapshot, hash: string) => {
        const { page } = await openFixture(browser, town, snapshot, {
          hash,
          viewport: { width: 1280, height: 720 },
          reducedMotion: 'reduce',
        });
        await dress(page, theme, language);
        return page;
      };
      const look = async (what: string, page: Page, cancel?: string): Promise<void> => {
        expect([what, await violations(page), await cutOff(page)]).toEqual([what, [], []]);
        if (cancel === undefined) return;
        const box = await page.getByTestId(cancel).boundingBox();
        const shown = await page.getByTestId(cancel).evaluate((button) => {
          const { x, y, width, height } = button.getBoundingClientRect();
          return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        });
        expect([what, box === null, shown]).toEqual([what, false, true]);
      };
      let page = await open(outlookSnapshot(town, now_ms), '#/incident');
      await page.getByTestId('outlook').scrollIntoViewIfNeeded();
      await look('forecast', page);
      await page.context().close();

      page = await open(repairSnapshot(town, now_ms), '#/incident');
      await look('conditions', page);
      await page.getByTestId('lift-blocks').click();
      // By keyboard alone: from Cancel back to the question, and along its answers.
      const answers = page.getByTestId('lift-confirm').getByRole('radio');
      const reached = () =>
        answers.evaluateAll((all) => all.some((each) => each === document.activeElement));
      for (let presses = 0; !(await reached()); presses++) {
        expect(presses, 'the answers are never reached').toBeLessThan(20);
        await page.keyboard.press('Shift+Tab');
      }
      await page.keyboard.press('ArrowUp');
      expect(await answers.and(page.locator(':checked')).count()).toBe(1);
      for (const answer of ['notJoined', 'unconfirmed', 'confirmed']) {
        await page.getByTestId(`repair-${answer}`).click();
        await look(answer, page, 'lift-confirm-cancel');
      }
      await page.context().close();

      page = await open(readySnapshot(town, now_ms), '#/incident');
      await page.getByTestId('way-back-ask').click();
      await look('way back', page, 'way-back-confirm-cancel');
      await page.getByTestId('way-back-confirm-cancel').click();
      await page.getByTestId('adopt-open').click();
      await look('adopt here', page, 'adopt-confirm-cancel');
      await page.getByTestId('adopt-confirm-cancel').click();
      await page.getByTestId('rail-tags').click();
      await page.getByTestId('adopt-open').click();
      await look('adopt', page, 'adopt-confirm-cancel');
      await page.context().close();

      page = await open(wayBackSnapshot(town, now_ms), '#/incident');
      await page.getByTestId('way-back-asked').waitFor();
      await look('plan of the way back', page);
      await page.context().close();

      page = await open(joinedSnapshot(town, now_ms), '#/tags');
      await page.getByTestId('abnormal-phaseOrder').getByRole('button').click();
      await page.getByTestId('phase-open').click();
      await look('phase order', page, 'phase-confirm-cancel');
      await page.getByTestId('phase-confirm-cancel').click();
      await page.getByTestId('rail-network').click();
      await page.getByTestId('search').fill('473.L02');
      await page.getByRole('option').first().click();
      await page.getByTestId('phase-join').click();
      await look('conductors joined', page, 'phase-confirm-cancel');
      await page.context().close();
    });
});

describe('a storm', () => {
  test('as one card has nothing axe objects to', async () => {
    const { page } = await openFixture(browser, town, stormSnapshot(town, now_ms), {
      hash: '#/overview',
      viewport: { width: 1280, height: 720 },
    });
    await dress(page, 'evn-dark', 'vi');
    await page.getByTestId('storm').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    await page.context().close();
  });
});
