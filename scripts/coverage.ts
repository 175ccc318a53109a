import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Branch coverage of what may let a close pass: interlocks, gates and the independent monitor, by
 * the unit tests. Fails below the floors of vitest.config.ts.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const files = ['packages/operations', 'packages/monitor', 'apps/control-center/src'];
const { status } = spawnSync(
  join(root, 'node_modules/.bin/vitest'),
  ['run', '--project', 'unit', ...files, '--coverage.enabled'],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
