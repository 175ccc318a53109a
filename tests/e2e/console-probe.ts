import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

/** Views opened and closed; each is left for the list of alarms, which is empty. */
const VIEWS = ['overview', 'network', 'feeder', 'station', 'incident', 'events', 'tags', 'loading'];
const ELSEWHERE = 'alarms';
const WARM = 10;

/** Runs before the page: keeps the durations of all drawings, as the page measures them itself. */
function watchDrawings(): void {
  const seen: { duration: number; end: number }[] = [];
  Object.assign(globalThis, { relightDrawings: seen });
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntriesByName('relight:picture'))
      seen.push({ duration, end: performance.timeOrigin + startTime + duration });
  }).observe({ entryTypes: ['measure'] });
}

interface Drawing {
  readonly duration: number;
  readonly end: number;
}
declare const relightDrawings: Drawing[];

/** A fixed drawing of 20,000 lines and 5,000 copies of a picture, one a frame. */
async function drawReference(turns: number): Promise<number[]> {
  const canvas = document.createElement('canvas');
  const sprite = document.createElement('canvas');
  [canvas.width, canvas.height, sprite.width, sprite.height] = [1_400, 900, 16, 16];
  const [ctx, small] = [canvas.getContext('2d'), sprite.getContext('2d')];
  if (ctx === null || small === null) throw new Error('no canvas');
  small.fillRect(2, 2, 12, 12);
  const durations: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const start = performance.now();
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    for (let group = 0; group < 20; group += 1) {
      ctx.beginPath();
      for (let i = 1_000 * group; i < 1_000 * (group + 1); i += 1) {
        const [x, y] = [(i * 37 + turn) % 1_400, (i * 91) % 900];
        ctx.moveTo(x, y);
        ctx.lineTo(x + 12, y);
        ctx.lineTo(x + 12, y + 6);
      }
      ctx.stroke();
    }
    for (let i = 0; i < 5_000; i += 1)
      ctx.drawImage(sprite, (i * 53 + turn) % 1_400, (i * 29) % 900, 16, 16);
    durations.push(performance.now() - start);
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => resolve());
    });
  }
  canvas.remove();
  return durations;
}

interface PannedFrames {
  /** Script time of each drawing, ms. */
  readonly durations_ms: readonly number[];
  /** From frame to frame in the mean, what the browser does after us included, ms. */
  readonly interval_ms: number;
}

/** Pans one step a frame with the keys of the diagram; the durations of the drawings it caused. */
async function panFrames(frames: number): Promise<PannedFrames> {
  const scene = document.querySelector('[data-testid=scene]');
  const keys = ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'];
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => resolve());
    });
  await frame();
  await new Promise((resolve) => setTimeout(resolve, 100));
  relightDrawings.length = 0;
  const start = performance.now();
  for (let i = 0; i < frames; i += 1) {
    const key = keys[Math.floor(i / 4) % 4] ?? 'ArrowLeft';
    scene?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await frame();
  }
  const interval_ms = (performance.now() - start) / frames;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { durations_ms: relightDrawings.map(({ duration }) => duration), interval_ms };
}

/** Scrolls a few rows a frame; from the scroll event to the end of what listens to it. */
async function scrollSteps(steps: number): Promise<number[]> {
  const rows = document.querySelector('.rows');
  if (rows === null) throw new Error('no list');
  const durations: number[] = [];
  for (let i = 0; i < steps; i += 1) {
    let start = 0;
    const onScroll = (): void => {
      start = performance.now();
    };
    addEventListener('scroll', onScroll, { capture: true, once: true });
    rows.scrollTop += i % 10 === 9 ? 20_000 : 280;
    // Scroll events come before the frame's callbacks, so this one runs after all who listen.
    await new Promise<void>((resolve) => {
      requestAnimationFrame(() => {
        durations.push(start === 0 ? 0 : performance.now() - start);
        resolve();
      });
    });
  }
  return durations;
}

async function settledUse(devtools: CDPSession): Promise<{
  readonly heap_MB: number;
  readonly nodes: number;
  readonly listeners: number;
}> {
  // Twice: what the first collection finds free may hold more that the second does.
  for (let i = 0; i < 2; i += 1) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  return { heap_MB: usedSize / 1e6, nodes, listeners: jsEventListeners };
}

async function show(page: Page, view: string): Promise<void> {
  await page.evaluate(async (name) => {
    document.querySelector<HTMLElement>(`[data-testid=rail-${name}]`)?.click();
    for (let i = 0; i < 2; i += 1)
      await new Promise<void>((resolve) => {
        requestAnimationFrame(() => resolve());
      });
  }, view);
}

/** Opens the console of a feed in a browser of its own and watches its drawings. */
export async function openProbe(origin: string) {
  const browser = await launchBrowser();
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    locale: 'vi-VN',
  });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await page.addInitScript(watchDrawings);
  // The browser itself is warm: the first page of a process pays for the process.
  await page.goto('about:blank');
  const asked_ms = Date.now();
  await page.goto(`${origin}/#/network`);
  await page.waitForFunction(() => relightDrawings.length > 0, undefined, { timeout: 60_000 });
  const first = await page.evaluate(() => relightDrawings[0]?.end ?? Number.NaN);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const scene = page.getByTestId('scene');
  const drawn = {
    paths: Number(await scene.getAttribute('data-paths')),
    symbols: Number(await scene.getAttribute('data-symbols')),
  };
  return {
    drawn,
    firstPicture_ms: first - asked_ms,
    reference: async (turns: number) => (await page.evaluate(drawReference, turns + 5)).slice(5),
    pan: async (zoom: 'everything' | 'working', frames: number) => {
      await page.keyboard.press('0');
      if (zoom === 'working')
        await page.evaluate(() => {
          // 1 : 1, where a device is as large as it is designed.
          document.querySelector<HTMLElement>('[data-testid=zoom-working]')?.click();
        });
      await page.evaluate(panFrames, WARM);
      return page.evaluate(panFrames, frames);
    },
    nextPainted: async () => {
      await page.evaluate(() => {
        relightDrawings.length = 0;
      });
      return {
        at_ms: async () => {
          await page.waitForFunction(() => relightDrawings.length > 0, undefined, {
            polling: 20,
            timeout: 20_000,
          });
          return page.evaluate(() => relightDrawings[0]?.end ?? Number.NaN);
        },
      };
    },
    scroll: async (steps: number) => {
      await show(page, 'events');
      await page.evaluate(scrollSteps, WARM);
      return page.evaluate(scrollSteps, steps);
    },
    openings: async (times: number) => {
      const found = [];
      for (const view of VIEWS) {
        for (let i = 0; i < 3; i += 1) {
          await show(page, view);
          await show(page, ELSEWHERE);
        }
        const before = await settledUse(devtools);
        for (let i = 0; i < times; i += 1) {
          await show(page, view);
          await show(page, ELSEWHERE);
        }
        const after = await settledUse(devtools);
        found.push({
          view,
          heap_MB: after.heap_MB - before.heap_MB,
          nodes: after.nodes - before.nodes,
          listeners: after.listeners - before.listeners,
        });
      }
      return found;
    },
    heap_MB: async () => (await settledUse(devtools)).heap_MB,
    close: () => browser.close(),
  };
}
