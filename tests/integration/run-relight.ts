import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export interface RelightResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly took_ms: number;
}

/** Runs the installed command line as a user does, in a process of its own, to its end. */
export function relight(...args: readonly string[]): Promise<RelightResult> {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(join(ROOT, 'node_modules', '.bin', 'relight'), args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) =>
      resolve({ code, stdout, stderr, took_ms: performance.now() - start }),
    );
  });
}

/** Runs with `--json` and reads the one document; more than one, or none, is an error. */
export async function relightJson<Document>(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly document: Document; readonly stderr: string }> {
  const { code, stdout, stderr } = await relight(...args, '--json');
  return { code, document: JSON.parse(stdout) as Document, stderr };
}
