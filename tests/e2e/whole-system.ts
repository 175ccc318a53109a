import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { GridFile } from '@relight/contract';
import { buildConsole } from '../../apps/cli/src/system/build-console.ts';
import { startSystem, type RunningSystem } from '../../apps/cli/src/system/start-system.ts';
import { launchBrowser } from './browser.ts';
import { waitUntilLive } from './fixture/console-host.ts';

/** Plant, motors and reclosing run this many times faster than life; sockets and polling do not. */
const SPEED = 10;

/** Simulated RTUs on real sockets, control centre, and a browser on its console. */
export interface WholeSystem {
  readonly system: RunningSystem;
  readonly page: Page;
  /** What it said while it started and ran. */
  readonly messages: readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startWholeSystem(grid: GridFile): Promise<WholeSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'relight-e2e-'));
  const aborting = new AbortController();
  const messages: string[] = [];
  let system: RunningSystem | null = null;
  let browser: Browser | null = null;
  const stop = async (): Promise<void> => {
    await browser?.close();
    await system?.stop();
    aborting.abort();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const gridFile = join(folder, 'town.json');
    writeFileSync(gridFile, JSON.stringify(grid));
    const progress = (text: string): void => void messages.push(text);
    system = await startSystem({
      gridFile,
      folder,
      seed: 7,
      speed: SPEED,
      port: 0,
      consoleFolder: buildConsole(progress, aborting.signal),
      progress,
      signal: aborting.signal,
    });
    browser = await launchBrowser();
    const context = await browser.newContext({
      viewport: { width: 1920, height: 1080 },
      locale: 'vi-VN',
    });
    const page = await context.newPage();
    await page.goto(system.controlCenter.url);
    await waitUntilLive(page);
    return { system, page, messages, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
