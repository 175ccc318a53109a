import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { isLoopback, resolveConfiguration, type Configuration } from '@relight/contract';
import { StartError } from './start-error.ts';

/** What the process was started with. */
export interface Options {
  readonly gridFile: string;
  readonly pointsFile: string;
  readonly journalDirectory: string;
  readonly consoleDirectory: string | null;
  readonly simulation: { readonly url: string; readonly token: string } | null;
  readonly speed: number;
  /** Waits until nobody leads any more on this journal, then serves. */
  readonly standby: boolean;
  /** Address of the watchdog on this machine; null: nobody told of one. */
  readonly watchdog: string | null;
  readonly configuration: Configuration;
}

const FLAGS = {
  grid: { type: 'string' },
  points: { type: 'string' },
  journal: { type: 'string' },
  console: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  speed: { type: 'string' },
  config: { type: 'string' },
  simulation: { type: 'string' },
  'simulation-token': { type: 'string' },
  standby: { type: 'boolean' },
  watchdog: { type: 'string' },
} as const;

/**
 * Reads the command line, the configuration file and the environment.
 * @throws StartError naming what is missing or wrong.
 */
export function readOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options {
  const values = parseFlags(argv);
  const need = (name: 'grid' | 'points' | 'journal'): string => {
    const value = values[name];
    if (value === undefined) throw new StartError('RL-001', `--${name} is required`, 2);
    return value;
  };
  const speed = Number(values.speed ?? '1');
  if (!(speed >= 1 && speed <= 1_000)) {
    throw new StartError('RL-001', `--speed must be between 1 and 1000, got ${values.speed}`, 2);
  }
  const { simulation } = values;
  return {
    gridFile: need('grid'),
    pointsFile: need('points'),
    journalDirectory: need('journal'),
    consoleDirectory: values.console ?? null,
    simulation:
      simulation === undefined
        ? null
        : { url: simulation, token: values['simulation-token'] ?? '' },
    speed,
    standby: values.standby === true,
    watchdog: values.watchdog ?? null,
    configuration: readConfiguration(values, environment),
  };
}

type Flags = Partial<Record<Exclude<keyof typeof FLAGS, 'standby'>, string>> & {
  readonly standby?: boolean;
};

function parseFlags(argv: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: false }).values;
  } catch (cause) {
    throw new StartError('RL-001', cause instanceof Error ? cause.message : String(cause), 2);
  }
}

function readConfiguration(
  values: Flags,
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const server = {
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
  };
  const text = values.config === undefined ? '' : readText(values.config);
  return readConfigurationText(text, environment, { server });
}

/**
 * The configuration a file, the environment and flags give together.
 * @throws StartError RL-012 naming every problem, RL-011 for an address the demo must not have.
 */
export function readConfigurationText(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, unknown>>,
): Configuration {
  const resolved = resolveConfiguration(readYaml(text), environment, flags);
  if (!resolved.ok) {
    const words = resolved.error.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
    throw new StartError('RL-012', words);
  }
  const { profile, server: chosen } = resolved.value;
  if (profile === 'demo' && !isLoopback(chosen.host)) {
    throw new StartError('RL-011', `refused to listen on ${chosen.host}`);
  }
  return resolved.value;
}

function readYaml(text: string): unknown {
  try {
    return parseYaml(text, { logLevel: 'error' });
  } catch (cause) {
    // No YAML, an alias of nothing, or aliases of aliases that would fill the memory.
    const [first = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new StartError('RL-012', `not valid YAML: ${first.replace(/:$/, '')}`);
  }
}

/** Reads a text file or says which one cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new StartError('RL-002', `cannot read ${path}`, 2);
  }
}
