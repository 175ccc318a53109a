/**
 * Takes the picture of the README: starts the system, breaks a line on an automatic feeder,
 * waits until supply is back and photographs the console.
 *
 *   npm run screenshot -- [EQUIPMENT]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { launchBrowser } from '../tests/e2e/browser.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'docs', 'images', 'console.png');
const equipment = process.argv[2] ?? '473.L06';

const relight = spawn(
  process.execPath,
  [join(root, 'apps/cli/bin/relight.mjs'), 'up', '--port', '0', '--json'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [line] = (await once(relight.stdout, 'data')) as [Buffer];
const { console: url, token } = JSON.parse(line.toString()) as { console: string; token: string };
const { origin } = new URL(url);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

/** Asks until the answer is the wanted one. */
async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 120_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

try {
  await until('every RTU read', async () => (await fetch(`${origin}/api/v1/health`)).ok);
  await until('every RTU up', async () => {
    const snapshot = await fetch(`${origin}/api/v1/snapshot`, { headers });
    const { summary } = (await snapshot.json()) as { summary: { rtus: number; rtusUp: number } };
    return summary.rtus > 0 && summary.rtusUp === summary.rtus;
  });
  const browser = await launchBrowser();
  const page = await browser.newPage({
    viewport: { width: 1920, height: 1080 },
    locale: 'vi-VN',
  });
  await page.goto(url);
  await page.waitForSelector('canvas');
  const body = JSON.stringify({ equipment, kind: 'permanent' });
  await fetch(`${origin}/api/v1/simulation/faults`, { method: 'POST', headers, body });
  await until('supply back', async () => {
    const snapshot = await fetch(`${origin}/api/v1/snapshot`, { headers });
    const { incidents } = (await snapshot.json()) as { incidents: { state: string }[] };
    return incidents.some(({ state }) => state === 'restored');
  });
  await page.waitForTimeout(2_000);
  mkdirSync(dirname(target), { recursive: true });
  await page.screenshot({ path: target });
  await browser.close();
  console.log(target);
} finally {
  relight.kill('SIGINT');
  await once(relight, 'exit');
}
