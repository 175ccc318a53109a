import { z } from 'zod';
import { CoreConfiguration, DEFAULT_CORE_CONFIGURATION } from './core-configuration.ts';
import type { FileIssue } from './grid-file.ts';

const SECOND_ms = 1_000;
const MINUTE_ms = 60 * SECOND_ms;
const HOUR_ms = 60 * MINUTE_ms;
const DAY_ms = 24 * HOUR_ms;

/** A time with bounds: shorter it would refuse sound devices, longer it would protect nobody. */
function within(least_ms: number, most_ms: number) {
  return z.number().min(least_ms).max(most_ms);
}

/**
 * Settings of the core as a site may choose them. The bounds hold here and not in
 * `CoreConfiguration`, which recordings carry as they were made.
 */
const CoreSettings = CoreConfiguration.extend({
  lockoutWait_ms: within(SECOND_ms, 10 * MINUTE_ms),
  evidenceWindow_ms: within(100, MINUTE_ms),
  guardTime_ms: within(0, 10 * MINUTE_ms),
  slowestProtection_ms: within(0, 10 * MINUTE_ms),
  standTime_ms: within(0, MINUTE_ms),
  requestLife_ms: within(SECOND_ms, MINUTE_ms),
  selectHold_ms: within(SECOND_ms, 5 * MINUTE_ms),
  breakerFeedback_ms: within(SECOND_ms, MINUTE_ms),
  motorFeedback_ms: within(SECOND_ms, 5 * MINUTE_ms),
  planLife_ms: within(5 * SECOND_ms, 10 * MINUTE_ms),
  oldestReading_ms: within(SECOND_ms, MINUTE_ms),
  approvalLife_ms: within(10 * SECOND_ms, HOUR_ms),
  earthFaultWatch_ms: within(SECOND_ms, MINUTE_ms),
  enteredPositionLife_ms: within(MINUTE_ms, 31 * DAY_ms),
  expectedRepair_h: z.number().min(0.25).max(720),
  forecastLife_h: z.number().min(1).max(744),
});

/**
 * `relight.yaml`. Flag beats environment (`RELIGHT_…`) beats file beats default. Every field
 * that measures something carries its unit in its name.
 */
export const Configuration = z.strictObject({
  /** `demo`: this machine only, no passwords. `production`: accounts, TLS in front, no simulation. */
  profile: z.enum(['demo', 'production']),
  server: z.strictObject({
    /** In the demo profile loopback only. */
    host: z.string(),
    /** 0 takes any free port. */
    port: z.int().min(0).max(65_535),
    /** Production: the address people open, `https://…`, served by a proxy that ends TLS. */
    origin: z.string().nullable(),
    /** Production: IP addresses or networks (10.0.0.0/8) of that proxy; nobody else is served. */
    trustedProxies: z.array(z.string()),
    /** Most requests of one session, or of one address without one, in a minute. */
    requestsPerMinute: z.int().positive(),
  }),
  people: z.strictObject({
    /** Without a hand on it for this long a session locks: picture and alarms go on. 0: never. */
    idleLock_min: z.number().nonnegative(),
    /** Without any sign of the browser for this long a session ends. */
    idleEnd_min: z.number().positive(),
    /** A session ends this long after the log-in, whatever happens. */
    sessionLife_h: z.number().positive(),
  }),
  simulation: z.strictObject({
    /** Seed of everything random in the plant. */
    seed: z.int().nonnegative(),
    /** Hour of the day the plant starts at; at 18.5 loads are those of the grid file. */
    startHour_h: z.number().min(0).lt(24),
  }),
  watchdog: z.strictObject({
    /** Port of the watchdog on this machine; 0 takes any free one, and keeps it. */
    port: z.int().min(0).max(65_535),
    /**
     * Production: where browsers reach it, `https://…`, by the same proxy; may be `server.origin`
     * where the proxy sends `/watchdog` there. Null: consoles hear the heartbeat alone.
     */
    origin: z.string().nullable(),
  }),
  history: z.strictObject({
    /** How long measured values are kept for trends. */
    values_h: z
      .number()
      .positive()
      .max(24 * 366),
    /** How long the sequence of events can be asked for. The audit journal is kept for ever. */
    events_d: z.number().positive().max(3_660),
  }),
  forecast: z.strictObject({
    /** A dated relight-forecast/1 file, read again whenever it changes; null: plans know none. */
    file: z.string().nullable(),
  }),
  core: CoreSettings,
});
export type Configuration = z.infer<typeof Configuration>;

export const DEFAULT_CONFIGURATION: Configuration = {
  profile: 'demo',
  server: {
    host: '127.0.0.1',
    port: 7480,
    origin: null,
    trustedProxies: [],
    requestsPerMinute: 6_000,
  },
  people: { idleLock_min: 15, idleEnd_min: 60, sessionLife_h: 16 },
  simulation: { seed: 1, startHour_h: 18.5 },
  watchdog: { port: 0, origin: null },
  history: { values_h: 72, events_d: 400 },
  forecast: { file: null },
  core: DEFAULT_CORE_CONFIGURATION,
};

type Layer = Readonly<Record<string, unknown>>;

/**
 * `RELIGHT_SERVER_PORT=8000` → `{ server: { port: 8000 } }`, `RELIGHT_PROFILE=…` → `{ profile }`; a
 * list is written with commas. Unknown names are left to the caller.
 */
function environmentLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  const read = (words: readonly string[], standard: unknown): unknown => {
    const name = ['relight', ...words].join('_').replaceAll(/([a-z])([A-Z])/g, '$1_$2');
    const text = environment[name.toUpperCase()];
    if (text === undefined) return undefined;
    if (Array.isArray(standard)) return text === '' ? [] : text.split(',').map((one) => one.trim());
    // A text that is no number stays text, so that the check below names it.
    const number = Number(text);
    const isNumber = typeof standard === 'number' && text.trim() !== '' && Number.isFinite(number);
    return isNumber ? number : text;
  };
  const layer: Record<string, unknown> = {};
  for (const [section, fields] of Object.entries(DEFAULT_CONFIGURATION)) {
    if (isRecord(fields)) {
      const given = Object.entries(fields)
        .map(([field, standard]) => [field, read([section, field], standard)] as const)
        .filter(([, value]) => value !== undefined);
      if (given.length > 0) layer[section] = Object.fromEntries(given);
    } else {
      const value = read([section], fields);
      if (value !== undefined) layer[section] = value;
    }
  }
  return layer;
}

function merge(base: Layer, over: Layer): Layer {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isRecord(value) && isRecord(below) ? merge(below, value) : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Puts the layers together and checks the whole.
 * @param file - The parsed `relight.yaml`; null or undefined for an empty or absent one.
 * @param environment - Variables named `RELIGHT_<SECTION>_<FIELD>` in upper snake case.
 * @param flags - What the command line says, in the shape of the file.
 * @returns The configuration, or every problem with its path.
 */
export function resolveConfiguration(
  file: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  flags: Layer,
): { ok: true; value: Configuration } | { ok: false; error: readonly FileIssue[] } {
  if (file !== null && file !== undefined && !isRecord(file)) {
    return {
      ok: false,
      error: [
        {
          path: '$',
          message:
            'expected sections (server, people, simulation, watchdog, history, forecast, core), got something else',
        },
      ],
    };
  }
  const layered = [file ?? {}, environmentLayer(environment), flags].reduce<Layer>(
    merge,
    DEFAULT_CONFIGURATION,
  );
  const parsed = Configuration.safeParse(layered);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    error: parsed.error.issues.map((issue) => ({
      path: issue.path.join('.') || '$',
      message: issue.message,
    })),
  };
}

/**
 * The core's settings for a plant that runs `speed` times faster than life: what waits for
 * motors, reclosing or protection shrinks with it, but never below what polling needs.
 */
export function scaleCoreConfiguration(core: CoreConfiguration, speed: number): CoreConfiguration {
  if (speed === 1) return core;
  return {
    ...core,
    lockoutWait_ms: Math.max(core.lockoutWait_ms / speed, 3_000),
    guardTime_ms: Math.max(core.guardTime_ms / speed, 750),
    slowestProtection_ms: core.slowestProtection_ms / speed,
    breakerFeedback_ms: Math.max(core.breakerFeedback_ms / speed, 3_000),
    motorFeedback_ms: Math.max(core.motorFeedback_ms / speed, 3_000),
  };
}
