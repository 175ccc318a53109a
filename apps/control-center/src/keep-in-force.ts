import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A file that is in force, and what it says. */
interface InForce {
  readonly path: string;
  readonly content: unknown;
}

/**
 * Leaves in the journal folder what is in force, as `grid.json` and `points.json`: a replay must see
 * the same grid and points, and a restart after a crash must not meet files that changed meanwhile.
 * To be called by whoever leads only.
 * @throws Error of the file system; then neither stands there, for a restart would go on with the
 *   grid of an earlier run.
 */
export function keepInForce(directory: string, grid: InForce, points: InForce): void {
  const all = [
    { path: join(directory, 'grid.json'), from: grid },
    { path: join(directory, 'points.json'), from: points },
  ].filter(({ path, from }) => resolve(from.path) !== resolve(path));
  try {
    for (const { path, from } of all) keep(path, from.content);
  } catch (cause) {
    for (const { path } of all) rmSync(path, { force: true });
    throw cause;
  }
}

/** Whole or not at all: a crash in between leaves the one before. */
function keep(path: string, content: unknown): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
}
