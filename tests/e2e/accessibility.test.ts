import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';
import { openFixture } from './fixture/fixture-page.ts';
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
  'keys',
] as const;
const THEMES = ['evn-light', 'evn-dark', 'muted-light', 'muted-dark'] as const;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const town = readTown();
const troubled = incidentSnapshot(town, Date.UTC(2026, 10, 13, 19, 16, 33));
let browser: Browser;

beforeAll(async () => {
  await buildConsole(() => undefined, new AbortController().signal);
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

async function dress(page: Page, theme: string, language: string): Promise<void> {
  await page.evaluate(
    ([t, l]) => {
      localStorage.setItem('relight.theme', t ?? '');
      localStorage.setItem('relight.language', l ?? '');
    },
    [theme, language],
  );
  await page.reload();
  await waitUntilLive(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** What axe finds wrong, one line each. Blinking marks are judged at full strength. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await page.evaluate<AxeResults>('axe.run(document)');
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

describe('axe finds nothing to object to, contrast of words included', () => {
  for (const theme of THEMES)
    test(`in any view with the theme ${theme}`, async () => {
      const { page } = await openFixture(browser, town, troubled, {
        hash: '#/overview',
        rights: ['tag'],
        viewport: { width: 1280, height: 720 },
        reducedMotion: 'reduce',
      });
      await dress(page, theme, theme === 'muted-dark' ? 'en' : 'vi');
      await page.evaluate(axe);
      for (const view of VIEWS) {
        await page.getByTestId(`rail-${view}`).click();
        await page.waitForTimeout(150);
        // Some views load their code when they are first opened.
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        expect([view, await violations(page)]).toEqual([view, []]);
      }
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

/** Controls and headings that stick out of the window or whose words are cut without a sign. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, a, h1, h2, th, dt, dd, .counter, .chip, .verdict, kbd',
    )) {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || style.visibility === 'hidden') continue;
      const name = `${element.tagName} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`${name} leaves the window`);
      const sign = style.textOverflow === 'ellipsis';
      if (!sign && style.overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1)
        found.push(`${name} is cut`);
    }
    return found;
  });
}

describe('nothing is cut off', () => {
  for (const [width, height, languages] of [
    [1280, 720, ['vi', 'en']],
    [3840, 2160, ['vi']],
  ] as const)
    test(`at ${width} × ${height}, ${languages.join(' and ')}`, async () => {
      const { page } = await openFixture(browser, town, troubled, {
        hash: '#/overview',
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
