import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_CONFIGURATION } from '@relight/contract';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CliError } from './cli-error.ts';
import { ROOT } from './places.ts';
import { readConfiguration } from './read-configuration.ts';

/** Reads a file of that content, as the command line does. */
function read(content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'relight-configuration-'));
  try {
    const file = join(folder, 'relight.yaml');
    writeFileSync(file, content);
    return readConfiguration(file, {});
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the settings file names every setting there is, with its default', () => {
  expect(parse(readFileSync(join(ROOT, 'relight.yaml'), 'utf8'))).toEqual(DEFAULT_CONFIGURATION);
});

test('a site chooses how long an entered position counts', () => {
  const { core } = read('core:\n  enteredPositionLife_ms: 28800000\n');
  expect(core).toEqual({ ...DEFAULT_CONFIGURATION.core, enteredPositionLife_ms: 28_800_000 });
});

test.each([
  ['oldestReading_ms', 3_600_000],
  ['enteredPositionLife_ms', 32 * 86_400_000],
  ['approvalLife_ms', 5_000],
  ['requestLife_ms', 0],
  ['selectHold_ms', 600_000],
])('%s of %i ms lies outside its bounds and is refused by name', (field, value) => {
  try {
    read(`core:\n  ${field}: ${value}\n`);
  } catch (refusal) {
    if (!(refusal instanceof CliError)) throw refusal;
    expect(refusal.code).toBe('RL-012');
    expect(refusal.details.join()).toContain(`core.${field}`);
    return;
  }
  throw new Error(`${field} of ${value} was accepted`);
});
