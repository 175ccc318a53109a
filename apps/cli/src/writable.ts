import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from './cli-error.ts';

/**
 * Makes sure a folder exists.
 * @throws CliError RL-002 where something else stands there or it cannot be made.
 */
export function ensureFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const why =
      code === 'EEXIST' || code === 'ENOTDIR' ? 'is not a folder' : `cannot be made (${code})`;
    throw new CliError('RL-002', `"${folder}" ${why}`);
  }
}

/**
 * Looks whether a file can come to stand there, before anything starts that would write it late.
 * @throws CliError RL-002 where the path is a folder or its folder does not exist.
 */
export function checkFilePlace(file: string): void {
  const isFolder = (path: string): boolean =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder(file)) throw new CliError('RL-002', `"${file}" is a folder, not a file`);
  const folder = dirname(file);
  if (!isFolder(folder)) throw new CliError('RL-002', `folder "${folder}" does not exist`);
}
