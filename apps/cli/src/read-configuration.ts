import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfiguration } from '@relight/contract';
import type { Configuration } from '@relight/contract';
import { parse, YAMLParseError } from 'yaml';
import { CliError } from './cli-error.ts';
import { ROOT } from './places.ts';
import { issueLine, problems, readText } from './read-grid.ts';

/** `relight.yaml` in the working folder, else the one of the checkout, else none. */
export function findConfigurationFile(given: string | undefined): string | undefined {
  if (given !== undefined) return given;
  return ['relight.yaml', join(ROOT, 'relight.yaml')].find((file) => existsSync(file));
}

/**
 * The configuration in force: flag > environment `RELIGHT_*` > file > default.
 * @throws CliError RL-012 with every problem and its path.
 */
export function readConfiguration(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, unknown>> = {},
): Configuration {
  const content = file === undefined ? null : parseYaml(file, readText(file));
  const resolved = resolveConfiguration(content, environment, flags);
  if (resolved.ok) return resolved.value;
  throw new CliError(
    'RL-012',
    `the configuration has ${problems(resolved.error.length)}`,
    1,
    resolved.error.map(issueLine),
  );
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    // A ReferenceError is an alias of nothing, or aliases of aliases that would fill the memory.
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    const [first = error.message] = error.message.split('\n');
    throw new CliError('RL-012', `${file} is not valid YAML: ${first.replace(/:$/, '')}`, 1);
  }
}
