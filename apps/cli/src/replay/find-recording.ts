import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from '../cli-error.ts';

/** The files that belong to one recorded run. */
export interface Recording {
  readonly inputLog: string;
  readonly gridFile: string;
  readonly pointsFile: string;
  /** What was decided then, where it was kept. */
  readonly journal: string | null;
}

/**
 * Finds the files of a run: given its folder (as `relight demo --journal` and `relight up` leave
 * it), its journal folder, or the input log itself. Of several input logs the last one counts.
 * @throws CliError RL-002 or RL-016 naming what is missing.
 */
export function findRecording(
  path: string,
  gridFile: string | undefined,
  pointsFile: string | undefined,
): Recording {
  if (!existsSync(path)) throw new CliError('RL-002', `"${path}" does not exist`);
  const inputLog = statSync(path).isDirectory() ? lastInputLog(path) : path;
  if (inputLog === null) throw new CliError('RL-016', `no input log in "${path}"`);
  const journalFolder = dirname(inputLog);
  const beside = (name: string, given: string | undefined): string => {
    if (given !== undefined) return given;
    const found = [journalFolder, dirname(journalFolder)]
      .map((folder) => join(folder, name))
      .find((file) => existsSync(file));
    if (found === undefined) throw new CliError('RL-016', `no ${name} beside "${inputLog}"`);
    return found;
  };
  const journal = join(journalFolder, 'journal.db');
  return {
    inputLog,
    gridFile: beside('grid.json', gridFile),
    pointsFile: beside('points.json', pointsFile),
    journal: existsSync(journal) ? journal : null,
  };
}

function lastInputLog(folder: string): string | null {
  for (const place of [folder, join(folder, 'journal')]) {
    if (!existsSync(place)) continue;
    const last = readdirSync(place)
      .filter((name) => /^input-.*\.jsonl$/.test(name))
      .toSorted()
      .at(-1);
    if (last !== undefined) return join(place, last);
  }
  return null;
}
