import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/** A real Chromium from the npm package; nothing else has to be installed. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    args: chromium.args.filter((argument) => argument !== '--single-process'),
    executablePath: await chromium.executablePath(),
    headless: true,
  });
}
