import { totalmem } from 'node:os';
import type { ErrorCode } from '@relight/contract';
import { startThread } from '@relight/threads';
import { CliError } from '../cli-error.ts';
import type { BenchOptions } from './bench.ts';
import { summarise, type BenchResult, type Measurement } from './measurement.ts';

export interface ToWorker extends Omit<BenchOptions, 'deadline'> {
  readonly name: string;
  readonly seconds: number;
}

export type FromWorker =
  | { readonly kind: 'measured'; readonly measured: Measurement }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

/** What a sample that began before the deadline may take beyond it. */
const GRACE_S = 8;

/**
 * Runs one bench in a thread of its own. Where its last sample has not ended in time, the thread
 * is ended and the sample counts with the time it had taken by then: less than the truth.
 */
export async function runBench(asked: ToWorker): Promise<BenchResult> {
  const worker = startThread(new URL('./bench-worker.ts', import.meta.url), asked, {
    // A country takes several GB; the usual limit is meant for servers.
    resourceLimits: { maxOldGenerationSizeMb: Math.floor((0.7 * totalmem()) / 2 ** 20) },
  });
  let last: Measurement | null = null;
  let lastAt = performance.now();
  const isDone = await new Promise<boolean>((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), 1000 * (asked.seconds + GRACE_S));
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'measured') {
        last = message.measured;
        lastAt = performance.now();
      } else if (message.kind === 'done') end(() => resolve(true));
      else end(() => reject(new CliError(message.code, message.message)));
    });
    worker.on('error', (error) => end(() => reject(error)));
  });
  await worker.terminate();
  const measured: Measurement = last ?? {
    workload: 'not reached: the grid was not ready in time',
    warmup: 0,
    samples_ms: [],
    ratios: {},
    figures: {},
    goals: [],
  };
  if (isDone) return summarise(asked.name, asked.seed, measured);
  return summarise(asked.name, asked.seed, {
    ...measured,
    samples_ms: [...measured.samples_ms, performance.now() - lastAt],
    figures: { ...measured.figures, unfinished: 1 },
  });
}
