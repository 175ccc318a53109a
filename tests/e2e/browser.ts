import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/**
 * Arguments made for functions in a cloud that a test must not have: one process ends with its
 * first context, and without web security the browser sends no Origin.
 */
const NOT_OURS = new Set([
  '--single-process',
  '--disable-web-security',
  '--allow-running-insecure-content',
]);

/** A real Chromium from the npm package; nothing else has to be installed. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    args: chromium.args.filter((argument) => !NOT_OURS.has(argument)),
    executablePath: await chromium.executablePath(),
    headless: true,
  });
}
