import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = [
  'mbpoll',
  'libmodbus5',
  'python3-pymodbus',
  'python3-serial',
  'python3-serial-asyncio',
];

/** Modbus programs of Debian, unpacked into a folder of their own; nothing is installed. */
export interface DebianPeers {
  run(
    program: 'mbpoll' | 'python3',
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly output: string }>;
  /** Starts a Python program that serves; resolves with its first line. `end` stops it. */
  serve(
    script: string,
    ...args: readonly string[]
  ): Promise<{ readonly line: string; readonly end: () => Promise<void> }>;
  remove(): Promise<void>;
}

/** @returns The programs, or why they cannot be had here. */
export async function debianPeers(): Promise<DebianPeers | string> {
  const folder = await mkdtemp(join(tmpdir(), 'relight-debian-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const fetched = await call('apt-get', ['download', '-qq', ...PACKAGES], { cwd: folder }, 60_000);
  const archives = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
  if (archives.length < PACKAGES.length) {
    await remove();
    const why = fetched.output.trim().split('\n').at(-1) ?? '';
    return `Debian's packages cannot be fetched here: ${why}`;
  }
  for (const archive of archives) await call('dpkg', ['-x', archive, '.'], { cwd: folder }, 20_000);
  const libraries = (await readdir(join(folder, 'usr/lib'))).filter((name) => /-linux-/.test(name));
  const environment = {
    LD_LIBRARY_PATH: libraries.map((name) => join(folder, 'usr/lib', name)).join(':'),
    PYTHONPATH: join(folder, 'usr/lib/python3/dist-packages'),
    PATH: `${join(folder, 'usr/bin')}:${process.env['PATH'] ?? ''}`,
  };
  const tried = await call('python3', ['-c', 'import pymodbus.client'], { environment }, 20_000);
  if (tried.code !== 0) {
    await remove();
    return `no python3 that can load pymodbus: ${tried.output.trim().split('\n').at(-1) ?? ''}`;
  }
  return {
    run: (program, ...args) => call(program, args, { environment }, 20_000),
    serve: (script, ...args) => serve(script, args, environment),
    remove,
  };
}

async function serve(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly line: string; readonly end: () => Promise<void> }> {
  const child = spawn('python3', ['-u', '-c', script, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
    child.once('error', reject);
    void ended.then(() => reject(new Error(`the server ended: ${errors}`)));
  });
  return {
    line,
    end: async () => {
      child.kill();
      await ended;
    },
  };
}

function call(
  program: string,
  args: readonly string[],
  how: { readonly cwd?: string; readonly environment?: Readonly<Record<string, string>> },
  limit_ms: number,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const { cwd, environment } = how;
    const options = {
      timeout: limit_ms,
      env: { ...process.env, ...environment },
      ...(cwd === undefined ? {} : { cwd }),
    };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}${error?.message ?? ''}` });
    });
  });
}
