import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';

/** A goal as a bench states it: which figure, and how it is to compare. */
export interface Goal {
  readonly what: string;
  readonly goal: number;
  /** `median_ms`, `p99_ms`, or the name of a ratio or figure. */
  readonly of: string;
  /** The figure is to be at least the goal; at most, if absent. */
  readonly atLeast?: boolean;
}

/** What a bench has measured so far. */
export interface Measurement {
  /** What was done to what, in words. */
  readonly workload: string;
  readonly warmup: number;
  readonly samples_ms: readonly number[];
  /** Against a peer in the same run; dimensionless. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Everything else worth telling, unit in the name. */
  readonly figures: Readonly<Record<string, number>>;
  readonly goals: readonly Goal[];
}

/** The document of `relight bench NAME --json`. */
export interface BenchResult {
  readonly name: string;
  readonly workload: string;
  readonly machine: Machine;
  readonly seed: number;
  readonly warmup: number;
  readonly samples: number;
  /** null where not one sample was finished. */
  readonly median_ms: number | null;
  readonly p99_ms: number | null;
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
  readonly goals: readonly {
    readonly what: string;
    readonly goal: number;
    readonly value: number | null;
    readonly met: boolean;
  }[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_GB: number;
  /** Mean number of busy threads over the last minute; above the cores, times are too long. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
}

function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_GB: Math.round(totalmem() / 2 ** 30),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    platform: `${platform()} ${arch()}`,
    node: process.version,
  };
}

/**
 * Smallest sample that at least this share of all samples does not exceed; null without samples.
 * @param share - 0.5 for the median, 0.99 for p99.
 */
export function percentile(samples: readonly number[], share: number): number | null {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5) ?? 0;
}

export function summarise(name: string, seed: number, measured: Measurement): BenchResult {
  const { samples_ms, workload, warmup } = measured;
  const median_ms = rounded(percentile(samples_ms, 0.5));
  const p99_ms = rounded(percentile(samples_ms, 0.99));
  const ratios = roundedAll(measured.ratios);
  const figures = roundedAll(measured.figures);
  const known: Readonly<Record<string, number | null>> = {
    median_ms,
    p99_ms,
    ...figures,
    ...ratios,
  };
  return {
    name,
    workload,
    machine: thisMachine(),
    seed,
    warmup,
    samples: samples_ms.length,
    median_ms,
    p99_ms,
    ratios,
    figures,
    goals: measured.goals.map(({ what, goal, of, atLeast }) => {
      const value = known[of] ?? null;
      const met = value !== null && (atLeast === true ? value >= goal : value <= goal);
      return { what, goal, value, met };
    }),
  };
}

/** Six significant digits: a microsecond stays visible, noise does not. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

function roundedAll(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Number(value.toPrecision(6))]),
  );
}
