import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdoptedPosition,
  CarriedOver,
  NORMAL_STATE_FORMAT,
  type GridFile,
  type JournalRecord,
  type NormalState,
} from '@relight/contract';
import { parseGridText } from '@relight/grid';
import { JOURNAL_FILE, newestCheckpoints, readJournal } from '@relight/journal';
import { z } from 'zod';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { readText } from '../read-grid.ts';
import type { Verb } from '../verb.ts';
import { checkFilePlace } from '../writable.ts';

const Told = z.object({ adopted: z.array(AdoptedPosition) });
const Known = z.object({ carriedOver: CarriedOver });

export const normalExport: Verb = {
  arguments: {
    positionals: [],
    options: {
      journal: { kind: 'one', value: 'DIR', help: 'journal folder of the control centre' },
      out: {
        kind: 'one',
        value: 'FILE',
        help: 'where to write the grid file with these normal positions',
      },
    },
  },
  description: [
    'Lists the switches whose normal position two people have adopted since the grid file was',
    'written, each with who and why. With --out the grid file in force is written with them, for',
    'the engineer who keeps it; nothing else in it changes. The control centre may be running.',
  ].join('\n'),
  run: (args, io) => {
    const folder = args.one('journal');
    if (folder === undefined) throw new CliError('RL-001', '--journal is required');
    const out = args.one('out');
    if (out !== undefined) checkFilePlace(out);
    const text = readText(join(folder, 'grid.json'));
    const file = JSON.parse(text) as GridFile;
    const inFile = new Map((file.switches ?? []).map((each) => [each.id, each.normallyOpen]));
    const adopted = adoptedIn(join(folder, JOURNAL_FILE)).filter(
      ({ switch: id, position }) =>
        inFile.has(id) && (inFile.get(id) === true) !== (position === 'open'),
    );
    if (out !== undefined) writeFileSync(out, withNormal(file, adopted));
    const state: NormalState = {
      format: NORMAL_STATE_FORMAT,
      grid: file.id,
      adopted: [...adopted],
    };
    if (args.has('json')) io.out(JSON.stringify(state));
    else for (const line of linesOf(state, out)) io.out(line);
    return Promise.resolve(0);
  },
};

/** The last word of the journal on it. */
function adoptedIn(path: string): readonly AdoptedPosition[] {
  try {
    let adopted: readonly AdoptedPosition[] = [];
    let from = 1;
    for (const checkpoint of newestCheckpoints(path)) {
      const known = Known.safeParse(checkpoint.body);
      if (!known.success) continue;
      adopted = known.data.carriedOver.adopted ?? [];
      from = upTo(checkpoint) + 1;
      break;
    }
    for (const { record } of readJournal(path, from)) {
      if (record.kind !== 'normalState') continue;
      adopted = Told.safeParse(record.body).data?.adopted ?? adopted;
    }
    return adopted;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('RL-066', `${path} cannot be read: ${what}`);
  }
}

/** The last record that a checkpoint speaks of; a start speaks of all before itself. */
function upTo({ sequence, body }: JournalRecord): number {
  const { upTo: last } = body;
  return typeof last === 'number' ? last : sequence;
}

/** @throws CliError where the grid would be refused with them: nothing is written then. */
function withNormal(file: GridFile, adopted: readonly AdoptedPosition[]): string {
  const wanted = new Map(adopted.map(({ switch: id, position }) => [id, position === 'open']));
  const switches = (file.switches ?? []).map((each) => {
    const normallyOpen = wanted.get(each.id);
    return normallyOpen === undefined ? each : { ...each, normallyOpen };
  });
  const text = `${JSON.stringify({ ...file, switches }, null, 2)}\n`;
  const parsed = parseGridText(text);
  if (parsed.ok) return text;
  const [first] = parsed.error;
  throw new CliError(
    'RL-077',
    `the grid file would be refused with these normal positions: ${first?.path ?? ''} ${first?.message ?? ''}`,
    EXIT_NO,
  );
}

function linesOf({ adopted }: NormalState, out: string | undefined): readonly string[] {
  const lines = adopted.map(
    ({ switch: id, position, byName, reason, at_ms }) =>
      `${id}: normally ${position}, adopted ${new Date(at_ms).toISOString()} by ${byName}: ${reason}`,
  );
  if (lines.length === 0) lines.push('The normal state is that of the grid file.');
  return out === undefined ? lines : [...lines, `Written to ${out}.`];
}
