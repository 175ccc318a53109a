import { existsSync, readFileSync } from 'node:fs';

/** The version of the program, from its own package file. */
export function ownVersion(): string {
  const path = new URL('../package.json', import.meta.url);
  if (!existsSync(path)) return 'unknown';
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
