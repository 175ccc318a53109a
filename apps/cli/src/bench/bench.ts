import type { Measurement } from './measurement.ts';

export interface BenchOptions {
  readonly seed: number;
  /** GRID instead of the bench's own. */
  readonly grid: string | null;
  /** At most so many samples; null: as many as the bench finds enough. */
  readonly samples: number | null;
  /** No new sample after this moment, by `performance.now()` of the thread that measures. */
  readonly deadline: number;
}

/** Tells what has been measured so far, so that a run cut short still says something. */
export type Report = (measured: Measurement) => void;

/** Runs in a thread of its own, which is ended where it overstays. */
export type Bench = (options: BenchOptions, report: Report) => Promise<void>;

export interface BenchEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Bench>;
}

const flisr = async (preset: 'province' | 'city' | 'country'): Promise<Bench> =>
  (await import('./flisr-plans.ts')).benchPlans(preset);

/** Every bench, in the order of the help text. */
export const BENCHES: readonly BenchEntry[] = [
  {
    name: 'flisr-province',
    summary: 'fault to complete plan on binh-dinh, faults over all sections',
    load: () => flisr('province'),
  },
  {
    name: 'flisr-city',
    summary: 'the same on ho-chi-minh',
    load: () => flisr('city'),
  },
  {
    name: 'flisr-country',
    summary: 'the same on 2.5 million nodes; needs 6 GB of memory',
    load: () => flisr('country'),
  },
  {
    name: 'storm-city',
    summary: '200 faults at once on ho-chi-minh',
    load: async () => (await import('./storm.ts')).benchStorm,
  },
  {
    name: 'energisation',
    summary: 'one switch movement on binh-dinh, against a graphology search',
    load: async () => (await import('./energisation.ts')).benchEnergisation,
  },
  {
    name: 'loadflow',
    summary: 'load flow of ho-chi-minh, all trees',
    load: async () => (await import('./load-flow.ts')).benchLoadFlow,
  },
  {
    name: 'topology-vs-graphology',
    summary: 'the whole grid energised, compiled arrays against the graphology graph',
    load: async () => (await import('./topology-vs-graphology.ts')).benchTopology,
  },
  {
    name: 'locating',
    summary: 'how often locating is right: ranks, sets of 95 %, calibration by decile',
    load: async () => (await import('./locating/locating.ts')).benchLocating,
  },
  {
    name: 'restoration',
    summary: 'the restoration cases of tests/kit, ours against HiGHS',
    load: async () => (await import('./restoration.ts')).benchRestoration,
  },
  {
    name: 'gateway-modbus',
    summary: '1,000 Modbus RTUs of 60 registers each second; --samples N: so many RTUs',
    load: async () => (await import('./gateway/gateway-modbus.ts')).benchGatewayModbus,
  },
  {
    name: 'gateway-opcua',
    summary: '20,000 monitored items of one OPC UA server; --samples N: so many items',
    load: async () => (await import('./gateway/gateway-opcua.ts')).benchGatewayOpcUa,
  },
  {
    name: 'console',
    summary: 'the console in a browser: frames, changes, lists, leaks; 20,000 edges, 5,000 symbols',
    load: async () => (await import('./console/console.ts')).benchConsole,
  },
  {
    name: 'console-shift',
    summary: 'its heap over eight hours of changes at 100 times life; whole with --seconds 400',
    load: async () => (await import('./console/console.ts')).benchConsoleShift,
  },
  {
    name: 'telemetry',
    summary: '12,000 values a second and 10,000 status changes in 10 s, RTU to console',
    load: async () => (await import('./telemetry/telemetry.ts')).benchTelemetry,
  },
];

/**
 * Calls `once` until there are enough samples or the time is over, at least once.
 * @returns Duration of each call, ms.
 */
export function sampleRepeatedly(
  options: BenchOptions,
  most: number,
  once: (turn: number) => void,
): readonly number[] {
  const samples: number[] = [];
  const wanted = options.samples ?? most;
  while (samples.length < wanted) {
    const start = performance.now();
    if (samples.length > 0 && start >= options.deadline) break;
    once(samples.length);
    samples.push(performance.now() - start);
  }
  return samples;
}
