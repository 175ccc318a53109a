import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';
import { openFixture } from './fixture/fixture-page.ts';
import { calmSnapshot, incidentSnapshot } from './fixture/incident-scene.ts';
import { decisionSnapshot, stormSnapshot } from './fixture/decision-scene.ts';
import {
  joinedSnapshot,
  outlookSnapshot,
  readySnapshot,
  repairSnapshot,
  wayBackSnapshot,
} from './fixture/after-repair-scene.ts';
import { readTown } from './fixture/town.ts';

/**
 * Pictures of the built console on the fixture: `node tests/e2e/screenshots.ts [FOLDER] [NAME…]`.
 * For looking at, and for the README.
 */
const VIEWS = [
  ['network-calm', '#/network', 'calm'],
  ['network', '#/network', 'incident'],
  ['overview', '#/overview', 'incident'],
  ['incident', '#/incident', 'incident'],
  ['feeder', '#/feeder/F473', 'incident'],
  ['loading', '#/loading', 'incident'],
  ['tags', '#/tags', 'incident'],
  ['trace', '#/network', 'calm'],
  ['station', '#/station/PT', 'incident'],
  ['alarms', '#/alarms', 'incident'],
  ['events', '#/events', 'incident'],
  ['control', '#/incident', 'incident'],
  ['line', '#/network', 'calm'],
  ['keys', '#/keys', 'calm'],
  ['catalogue', '#/catalogue', 'calm'],
  ['panes', '#/network+station/PT+alarms+loading', 'incident'],
  ['trends', '#/trends/PT.473', 'incident'],
  ['map', '#/map', 'incident'],
  ['earth-fault', '#/incident/CĐ-0012', 'decisions'],
  ['earth-try', '#/incident/CĐ-0012', 'decisions'],
  ['trial', '#/incident/SC-0147', 'decisions'],
  ['trial-form', '#/incident/SC-0147', 'decisions'],
  ['automation', '#/automation', 'decisions'],
  ['mode-change', '#/automation', 'decisions'],
  ['entered', '#/station/PT', 'decisions'],
  ['unknown', '#/network', 'decisions'],
  ['shedding', '#/shedding', 'decisions'],
  ['storm', '#/overview', 'storm'],
  ['flood', '#/alarms', 'storm'],
  ['abnormal', '#/tags', 'decisions'],
  ['admin', '#/admin', 'incident'],
  ['events-past', '#/events', 'incident'],
  ['trends-day', '#/trends/PT.473', 'incident'],
  ['hot-line', '#/station/PT', 'incident'],
  ['lift', '#/incident/SC-0147', 'decisions'],
  ['account-form', '#/admin', 'incident'],
  ['outlook', '#/incident', 'outlook'],
  ['repair', '#/incident', 'repair'],
  ['joined-question', '#/incident', 'repair'],
  ['joined-confirmed', '#/incident', 'repair'],
  ['joined-doubt', '#/incident', 'repair'],
  ['way-back', '#/incident', 'ready'],
  ['way-back-form', '#/incident', 'ready'],
  ['way-back-plan', '#/incident', 'wayBack'],
  ['adopt', '#/incident', 'ready'],
  ['adopt-list', '#/tags', 'ready'],
  ['joined', '#/network', 'joined'],
  ['joined-line', '#/network', 'joined'],
  ['joined-report', '#/network', 'joined'],
  ['joined-list', '#/tags', 'joined'],
] as const;
const LOOKS = [
  ['evn-light', 'vi', 1920, 1080],
  ['evn-dark', 'vi', 1920, 1080],
  ['muted-light', 'vi', 1280, 720],
  ['muted-dark', 'en', 1280, 720],
  ['evn-dark', 'en', 1920, 1080],
  ['evn-light', 'vi', 3840, 2160],
] as const;

const [folder = 'test-results/pictures', ...wanted] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const town = readTown();
/** A fixed night, so that two runs give the same picture. */
const now_ms = Date.UTC(2026, 10, 13, 19, 16, 33);
const snapshots = {
  calm: calmSnapshot(town, now_ms),
  incident: incidentSnapshot(town, now_ms),
  decisions: decisionSnapshot(town, now_ms),
  storm: stormSnapshot(town, now_ms),
  outlook: outlookSnapshot(town, now_ms),
  repair: repairSnapshot(town, now_ms),
  ready: readySnapshot(town, now_ms),
  wayBack: wayBackSnapshot(town, now_ms),
  joined: joinedSnapshot(town, now_ms),
};
for (const [view, hash, scene] of VIEWS) {
  for (const [theme, language, width, height] of LOOKS) {
    const name = `${view}-${theme}-${language}-${width}`;
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const { page, errors } = await openFixture(browser, town, snapshots[scene], {
      hash,
      viewport: { width, height },
      ...(view === 'entered' || view === 'hot-line' ? { rights: ['tag'] } : {}),
      ...(hash === '#/admin'
        ? { rights: ['sessions', 'accounts'], profile: 'production' as const }
        : {}),
    });
    await page.evaluate(
      ([t, l]) => {
        localStorage.setItem('relight.theme', t);
        localStorage.setItem('relight.language', l);
      },
      [theme, language] as const,
    );
    await page.reload();
    await waitUntilLive(page);
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    const select =
      view === 'control'
        ? '473-481'
        : view === 'trace'
          ? '473-20'
          : view === 'line' || view === 'joined-line'
            ? '473.L05'
            : view === 'joined-report'
              ? '473.L02'
              : view === 'unknown'
                ? '480-49'
                : null;
    if (select !== null) {
      await page.getByTestId('search').fill(select);
      await page.getByRole('option').first().click();
      if (view === 'trace') await page.getByTestId('trace-down').click();
      if (view === 'control') {
        await page.getByTestId('command-close').click();
        await page.getByTestId('verdict').waitFor();
      }
    }
    if (view === 'earth-try') await page.getByTestId('earth-try').click();
    if (view === 'trial-form') await page.getByTestId('trial-declare-473-39').click();
    if (view === 'trial') await page.getByTestId('trial').scrollIntoViewIfNeeded();
    if (view === 'mode-change') {
      await page.getByTestId('mode-F472').click();
      await page.getByRole('option').last().click();
    }
    if (view === 'entered') {
      await page.getByTestId('one-line-PT.474-76').press('Enter');
      await page.getByTestId('position-enter').click();
    }
    if (view === 'events-past') await page.getByTestId('range-24h').click();
    if (view === 'trends-day') await page.getByTestId('window-24h').click();
    if (view === 'hot-line') {
      await page.getByTestId('one-line-PT.473').click();
      await page.getByTestId('tag-new').click();
      await page.getByTestId('kind-hotLine').click();
    }
    if (view === 'lift') await page.getByTestId('lift-blocks').click();
    if (view === 'outlook') await page.getByTestId('outlook').scrollIntoViewIfNeeded();
    if (view.startsWith('joined-') && hash === '#/incident') {
      await page.getByTestId('lift-blocks').click();
      if (view === 'joined-confirmed') await page.getByTestId('repair-confirmed').click();
      if (view === 'joined-doubt') await page.getByTestId('repair-unconfirmed').click();
    }
    if (view === 'way-back-form') await page.getByTestId('way-back-ask').click();
    if (view === 'adopt' || view === 'adopt-list') await page.getByTestId('adopt-open').click();
    if (view === 'joined-line') await page.getByTestId('phase-open').click();
    if (view === 'joined-report') await page.getByTestId('phase-join').click();
    if (view === 'account-form') {
      await page.getByTestId('account-new').click();
      await page.getByTestId('areas-all').click();
    }
    if (view === 'unknown') await page.getByTestId('unknown-clear').click();
    if (view === 'station') await page.getByTestId('one-line-PT.473').click();
    await page.waitForTimeout(600);
    await page.screenshot({ path: resolve(folder, `${name}.png`) });
    if (errors.length > 0) process.stderr.write(`${name}: ${errors.join('\n')}\n`);
    await page.context().close();
  }
}
await browser.close();
