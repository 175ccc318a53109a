import { z } from 'zod';
import { CoreConfiguration, DEFAULT_CORE_CONFIGURATION } from './input-event.ts';
import type { FileIssue } from './grid-file.ts';

/**
 * `relight.yaml`. Flag beats environment (`RELIGHT_…`) beats file beats default. Every field
 * that measures something carries its unit in its name.
 */
export const Configuration = z.strictObject({
  server: z.strictObject({
    /** Loopback only: the demo profile has no accounts. */
    host: z.string(),
    /** 0 takes any free port. */
    port: z.int().min(0).max(65_535),
  }),
  simulation: z.strictObject({
    /** Seed of everything random in the plant. */
    seed: z.int().nonnegative(),
    /** Hour of the day the plant starts at; at 18.5 loads are those of the grid file. */
    startHour_h: z.number().min(0).lt(24),
  }),
  core: CoreConfiguration,
});
export type Configuration = z.infer<typeof Configuration>;

export const DEFAULT_CONFIGURATION: Configuration = {
  server: { host: '127.0.0.1', port: 7480 },
  simulation: { seed: 1, startHour_h: 18.5 },
  core: DEFAULT_CORE_CONFIGURATION,
};

type Layer = Readonly<Record<string, unknown>>;

/** `RELIGHT_SERVER_PORT=8000` → `{ server: { port: 8000 } }`; unknown names are left to the caller. */
function environmentLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  const layer: Record<string, Record<string, unknown>> = {};
  for (const [section, fields] of Object.entries(DEFAULT_CONFIGURATION)) {
    for (const [field, standard] of Object.entries(fields)) {
      const name = `RELIGHT_${section}_${field}`
        .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
        .toUpperCase();
      const text = environment[name];
      if (text === undefined) continue;
      layer[section] ??= {};
      // A text that is no number stays text, so that the check below names it.
      const number = Number(text);
      layer[section][field] =
        typeof standard === 'number' && text.trim() !== '' && Number.isFinite(number)
          ? number
          : text;
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
        { path: '$', message: 'expected sections (server, simulation, core), got something else' },
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
    breakerFeedback_ms: Math.max(core.breakerFeedback_ms / speed, 3_000),
    motorFeedback_ms: Math.max(core.motorFeedback_ms / speed, 3_000),
  };
}
