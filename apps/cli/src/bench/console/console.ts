import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../../cli-error.ts';
import { ROOT } from '../../places.ts';
import { buildConsole } from '../../system/build-console.ts';
import type { Bench, BenchOptions } from '../bench.ts';
import { median, percentile, type Goal } from '../measurement.ts';
import { bigScene, type BigScene } from './big-scene.ts';
import { openFeed, type Feed } from './feed.ts';

const GRID = 'thai-nguyen';
const SIZE = { lines: 20_000, symbols: 5_000 };
const FRAMES = 100;
const REFERENCES = 40;
const CHANGED_POINTS = 2_000;
const CHANGES = 12;
const OPENINGS = 20;
/** Deltas of eight hours, one a second, and how many of them go out in a real second. */
const SHIFT = { hours: 8, perSecond: 100, points: 60 };
const HOUR_S = 3_600;

/** What the browser's side of the bench does; it lives with the browser tests, in a checkout only. */
interface Probe {
  readonly openProbe: (origin: string) => Promise<ProbedPage>;
}

interface ProbedPage {
  readonly drawn: { readonly paths: number; readonly symbols: number };
  /** From asking for the page to the end of the first drawing with live state, ms. */
  readonly firstPicture_ms: number;
  /** Script time of a fixed drawing, ms a turn: the peer in the same run. */
  reference(turns: number): Promise<readonly number[]>;
  /** The diagram panned a step a frame: script time of each, and the time from frame to frame, ms. */
  pan(
    zoom: 'everything' | 'working',
    frames: number,
  ): Promise<{ readonly durations_ms: readonly number[]; readonly interval_ms: number }>;
  /** Wall time at which the drawing after a change was over, asked for before it is sent. */
  nextPainted(): Promise<{ readonly at_ms: () => Promise<number> }>;
  /** Script time of a step of the list of events, ms. */
  scroll(steps: number): Promise<readonly number[]>;
  /** What stays after each view was opened and closed so many times. */
  openings(times: number): Promise<readonly Opening[]>;
  heap_MB(): Promise<number>;
  close(): Promise<void>;
}

interface Opening {
  readonly view: string;
  readonly heap_MB: number;
  readonly nodes: number;
  readonly listeners: number;
}

async function openBench(options: BenchOptions): Promise<{
  readonly scene: BigScene;
  readonly feed: Feed;
  readonly page: ProbedPage;
}> {
  const file = join(ROOT, 'tests', 'e2e', 'console-probe.ts');
  if (!existsSync(file))
    throw new CliError('RL-002', `the browser of this bench is not at ${file}`);
  const { openProbe } = (await import(pathToFileURL(file).href)) as Probe;
  const pages = await buildConsole(() => undefined, new AbortController().signal);
  const scene = bigScene(options.grid ?? GRID, options.seed, SIZE);
  const feed = await openFeed(pages, scene.file, scene.snapshot);
  return { scene, feed, page: await openProbe(feed.origin) };
}

function describeScene({ file }: BigScene, drawn: ProbedPage['drawn']): string {
  return `${file.id}, ${drawn.paths} edges and ${drawn.symbols} symbols drawn`;
}

const p95 = (samples: readonly number[]): number => percentile(samples, 0.95) ?? 0;
const worst = (values: readonly number[]): number => Math.max(0, ...values);

/** Budgets of the console in a real browser without a GPU: frames, changes, lists, leaks. */
export const benchConsole: Bench = async (options, report) => {
  const { scene, feed, page } = await openBench(options);
  const frames = options.samples ?? FRAMES;
  const figures: Record<string, number> = {
    edges: page.drawn.paths,
    symbols: page.drawn.symbols,
    firstPicture_ms: page.firstPicture_ms,
  };
  const ratios: Record<string, number> = {};
  let samples_ms: readonly number[] = [];
  // After each part: a run that is cut short still tells what it has measured.
  const tell = (more: Readonly<Record<string, number>>): void => {
    Object.assign(figures, more);
    report({
      workload: `the console in headless Chromium, 1920 × 1080, ${describeScene(scene, page.drawn)}; one sample: a frame panned with everything visible`,
      warmup: 10,
      samples_ms,
      ratios,
      figures,
      goals: GOALS.filter(({ of }) => of in figures),
    });
  };
  const everything = await page.pan('everything', frames);
  samples_ms = everything.durations_ms;
  tell({
    panEverything_p95_ms: p95(everything.durations_ms),
    panEverythingInterval_ms: everything.interval_ms,
  });
  const working = await page.pan('working', frames);
  tell({
    panWorking_p95_ms: p95(working.durations_ms),
    panWorkingInterval_ms: working.interval_ms,
  });
  const painted_ms: number[] = [];
  for (let turn = 0; turn < Math.min(frames, CHANGES); turn += 1) {
    const painted = await page.nextPainted();
    const sent_ms = feed.send(scene.change(turn, CHANGED_POINTS));
    painted_ms.push((await painted.at_ms()) - sent_ms);
  }
  tell({ painted_p95_ms: p95(painted_ms) });
  tell({ scroll_p95_ms: p95(await page.scroll(frames)) });
  const reference = median(await page.reference(Math.min(frames, REFERENCES)));
  ratios['everythingToReference'] = p95(everything.durations_ms) / reference;
  ratios['workingToReference'] = p95(working.durations_ms) / reference;
  tell({ reference_ms: reference });
  const openings = await page.openings(Math.min(frames, OPENINGS));
  tell({
    openingsHeap_MB: worst(openings.map((opening) => opening.heap_MB)),
    openingsNodes: worst(openings.map((opening) => opening.nodes)),
    openingsListeners: worst(openings.map((opening) => opening.listeners)),
  });
  await page.close();
  await feed.close();
};

const GOALS: readonly Goal[] = [
  { what: 'first picture, ms', goal: 2_000, of: 'firstPicture_ms' },
  { what: 'a frame panned, everything visible, p95, ms', goal: 33, of: 'panEverything_p95_ms' },
  { what: 'a frame panned at working zoom, p95, ms', goal: 17, of: 'panWorking_p95_ms' },
  { what: '2,000 changed points painted, p95, ms', goal: 250, of: 'painted_p95_ms' },
  { what: 'a scroll step over 20,000 rows, p95, ms', goal: 8, of: 'scroll_p95_ms' },
  { what: 'heap after a view was opened 20 times, MB', goal: 1, of: 'openingsHeap_MB' },
  { what: 'DOM nodes after a view was opened 20 times', goal: 50, of: 'openingsNodes' },
  { what: 'listeners after a view was opened 20 times', goal: 5, of: 'openingsListeners' },
];

/**
 * Heap of the console over a shift: one delta each simulated second at 100 times life. The whole
 * takes 288 s; with less time the growth of the hours reached is told.
 */
export const benchConsoleShift: Bench = async (options, report) => {
  const { scene, feed, page } = await openBench(options);
  const whole = options.samples ?? SHIFT.hours * HOUR_S;
  const changed = { sent: 0, lateAt_ms: performance.now() };
  /** The first hour fills caches and the list of events. */
  const settled = Math.min(whole / 4, HOUR_S);
  let settledHeap: number | null = null;
  const heaps: number[] = [];
  const tell = (): void =>
    report({
      workload: `${SHIFT.points} changed points each simulated second, ${SHIFT.perSecond} × life, ${describeScene(scene, page.drawn)}; one sample: the heap after a collection, in MB`,
      warmup: 0,
      samples_ms: heaps,
      ratios: {},
      figures: {
        simulatedHours: changed.sent / HOUR_S,
        heapStart_MB: settledHeap ?? 0,
        heapEnd_MB: heaps.at(-1) ?? 0,
        heapGrowth_MB: (heaps.at(-1) ?? 0) - (settledHeap ?? 0),
      },
      goals: [
        { what: 'heap growth over the shift, MB', goal: 20, of: 'heapGrowth_MB' },
        { what: 'simulated hours', goal: SHIFT.hours, of: 'simulatedHours', atLeast: true },
      ],
    });
  const block = SHIFT.perSecond * 5;
  while (changed.sent < whole && performance.now() < options.deadline) {
    for (let i = 0; i < block && changed.sent < whole; i += 1) {
      feed.send(scene.change(changed.sent, SHIFT.points));
      changed.sent += 1;
      changed.lateAt_ms += 1_000 / SHIFT.perSecond;
      const early_ms = changed.lateAt_ms - performance.now();
      if (early_ms > 0) await new Promise((resolve) => setTimeout(resolve, early_ms));
    }
    heaps.push(await page.heap_MB());
    if (settledHeap === null && changed.sent >= settled) settledHeap = heaps.at(-1) ?? null;
    tell();
  }
  await page.close();
  await feed.close();
};
