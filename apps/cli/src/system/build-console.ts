import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { CONSOLE_FOLDER, ROOT } from '../places.ts';
import { Stopped } from './child-process.ts';

/** What the pages are made from. */
const SOURCES = [
  'apps/console/src',
  'apps/console/public',
  'apps/console/index.html',
  'apps/console/package.json',
  'apps/console/vite.config.ts',
  'packages/contract/src',
  'packages/diagram/src',
  'packages/foundation/src',
  'packages/grid/src',
  'packages/topology/src',
  'pnpm-lock.yaml',
].map((path) => join(ROOT, path));

/**
 * Builds the console where its pages are missing or older than what they are made from.
 * @returns The folder to serve.
 * @throws CliError RL-015 with the messages of the build; Stopped when broken off.
 */
export async function buildConsole(
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(CONSOLE_FOLDER, 'dist');
  const page = join(folder, 'index.html');
  if (existsSync(page) && statSync(page).mtimeMs > Math.max(...SOURCES.map(newest))) return folder;
  progress('Console: building the pages (once)…');
  const { code, output } = await runVite(signal);
  if (signal.aborted) throw new Stopped();
  if (code !== 0) {
    throw new CliError('RL-015', 'the console could not be built', EXIT_NO, output.split('\n'));
  }
  return folder;
}

function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function runVite(
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: CONSOLE_FOLDER,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
