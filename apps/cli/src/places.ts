import { join } from 'node:path';

/** Root of the checkout. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Where the names of seed grids are looked up, in this order. */
export const SEED_FOLDERS: readonly string[] = [
  join(ROOT, 'seeds', 'grids'),
  join(ROOT, 'seeds', 'feeders'),
];

export const SIMULATOR_MAIN = join(ROOT, 'simulators', 'rtu', 'src', 'main.ts');
export const CONTROL_CENTER_MAIN = join(ROOT, 'apps', 'control-center', 'src', 'main.ts');
export const WATCHDOG_MAIN = join(import.meta.dirname, 'system', 'watchdog-process.ts');
export const CONSOLE_FOLDER = join(ROOT, 'apps', 'console');
