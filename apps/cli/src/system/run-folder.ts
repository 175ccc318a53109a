import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.ts';

const KEPT_RUNS = 20;

/** A fresh folder for points, journal and logs of one run; the oldest runs make room. */
export function createRunFolder(now: Date): string {
  const runs = join(ROOT, '.relight', 'runs');
  mkdirSync(runs, { recursive: true });
  const old = readdirSync(runs)
    .filter((name) => statSync(join(runs, name)).isDirectory())
    .toSorted()
    .slice(0, -(KEPT_RUNS - 1));
  for (const name of old) rmSync(join(runs, name), { recursive: true, force: true });
  const folder = join(runs, `${now.toISOString().replaceAll(':', '-')}-${process.pid}`);
  mkdirSync(folder);
  return folder;
}
