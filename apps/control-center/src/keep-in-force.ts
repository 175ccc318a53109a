import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Leaves in the journal folder what is in force, as `grid.json` and `points.json`: a replay must see
 * the same grid and points, and a restart after a crash must not meet files that changed meanwhile.
 * To be called by whoever leads only.
 */
export function keepInForce(
  directory: string,
  grid: { readonly path: string; readonly content: unknown },
  points: { readonly path: string; readonly content: unknown },
): void {
  keep(join(directory, 'grid.json'), grid);
  keep(join(directory, 'points.json'), points);
}

/** Whole or not at all: a crash in between leaves the one before. */
function keep(path: string, from: { readonly path: string; readonly content: unknown }): void {
  if (resolve(from.path) === resolve(path)) return;
  writeFileSync(`${path}.new`, `${JSON.stringify(from.content, null, 2)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
}
