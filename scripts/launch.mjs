// Runs a project command from any Node.js that npm itself runs on: installs what is missing,
// then hands over to the Node.js 24 of the project. Plain JavaScript on purpose.
//
//   node scripts/launch.mjs relight up …        the command line
//   node scripts/launch.mjs scripts/NAME.ts …   a script
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.relight-install');

/** What the installed packages depend on: a change in any of these asks for an install. */
function installInputs() {
  const packages = ['packages', 'apps', 'simulators'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => join(root, folder, name, 'package.json')),
  );
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((file) =>
    join(root, file),
  );
  const hash = createHash('sha256');
  for (const file of [...files, ...packages]) {
    if (existsSync(file)) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Runs a program to its end; a signal that reaches only this process is passed on. */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, ...options });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

async function installIfNeeded() {
  const wanted = installInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 0;
  process.stderr.write('Installing packages (once; minutes where all have to be fetched)…\n');
  const code = await run(
    'npx',
    [
      '-y',
      PNPM,
      'install',
      '--frozen-lockfile',
      '--config.confirmModulesPurge=false',
      // Else dozens of lines say that packages want the Node.js that this very install brings.
      '--loglevel=error',
    ],
    { stdio: ['ignore', 2, 2] },
  );
  if (code === 0) writeFileSync(stamp, wanted);
  return code;
}

const [what = '', ...rest] = process.argv.slice(2);
const installed = await installIfNeeded();
if (installed !== 0) {
  process.exitCode = installed;
} else {
  const bin = join(root, 'node_modules', '.bin');
  const ownNode = join(bin, 'node');
  const node = existsSync(ownNode) ? ownNode : process.execPath;
  const script = what === 'relight' ? join(root, 'apps', 'cli', 'bin', 'relight.mjs') : what;
  process.exitCode = await run(node, [script, ...rest], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      TURBO_TELEMETRY_DISABLED: '1',
    },
  });
}
