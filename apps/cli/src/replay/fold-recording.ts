import { createHash } from 'node:crypto';
import { canonicalJson, parseJsonText, PointListFile } from '@relight/contract';
import type { InputRecord, JournalRecord } from '@relight/contract';
import { parseGridText } from '@relight/grid';
import { readInputLog } from '@relight/journal';
import { createOperations, initialState, step } from '@relight/operations';
import type { Engine, OperationsState } from '@relight/operations';
import { CliError, EXIT_NO } from '../cli-error.ts';
import { readText } from '../read-grid.ts';
import type { Recording } from './find-recording.ts';

/** What one input led to, in the form that is compared: canonical JSON of the decisions. */
export interface Decision {
  readonly input: number;
  readonly at_ms: number;
  readonly text: string;
}

export interface Fold {
  readonly grid: string;
  readonly inputs: number;
  /** Inputs that led to a decision, in order; inputs without one are left out. */
  readonly decisions: readonly Decision[];
  readonly journal: readonly JournalRecord[];
  /** SHA-256 over every decision in order, hex. */
  readonly hash: string;
  /** The last line of the log was cut short by the end of its process. */
  readonly torn: boolean;
}

const NOTHING = canonicalJson({ journal: [], orders: [], integrityPolls: [] });

/**
 * Folds a recorded input log through the same `step` as live operation. Time comes out of the
 * log alone, so twice gives the same bytes, here and on any other machine.
 * @throws CliError RL-016 when log, grid and points do not belong together.
 */
export function foldRecording(recording: Recording): Fold {
  let engine: Engine | null = null;
  let state: OperationsState | null = null;
  let grid = '';
  let inputs = 0;
  const decisions: Decision[] = [];
  const journal: JournalRecord[] = [];
  const hash = createHash('sha256');
  const take = (record: InputRecord): void => {
    inputs++;
    if (engine === null || state === null) {
      ({ engine, state } = begin(recording, record));
      grid = engine.grid.id;
    }
    const result = step(engine, state, record);
    journal.push(...result.journal);
    const { orders, integrityPolls } = result;
    const text = canonicalJson({ journal: result.journal, orders, integrityPolls });
    if (text === NOTHING) return;
    hash.update(text).update('\n');
    decisions.push({ input: record.sequence, at_ms: record.at_ms, text });
  };
  const end = readInputLog(recording.inputLog, take);
  if (!end.ok) {
    const { line, reason } = end.error;
    throw new CliError('RL-016', `line ${line} of "${recording.inputLog}" ${reason}`, EXIT_NO);
  }
  return {
    grid,
    inputs,
    decisions,
    journal,
    hash: hash.digest('hex'),
    torn: end.value.torn !== null,
  };
}

function begin(
  recording: Recording,
  { event }: InputRecord,
): { readonly engine: Engine; readonly state: OperationsState } {
  if (event.kind !== 'start') {
    throw new CliError('RL-016', `"${recording.inputLog}" does not begin with a start`, EXIT_NO);
  }
  const gridText = readText(recording.gridFile);
  const parsed = parseGridText(gridText);
  const pointsJson = parseJsonText(readText(recording.pointsFile));
  const points = PointListFile.safeParse(pointsJson.ok ? pointsJson.value : null);
  if (!parsed.ok || !points.success) {
    const file = parsed.ok ? recording.pointsFile : recording.gridFile;
    throw new CliError('RL-016', `"${file}" cannot be read`, EXIT_NO);
  }
  checkHash('grid', recording.gridFile, event.gridHash, parsed.value.file);
  checkHash('point list', recording.pointsFile, event.pointsHash, points.data);
  const engine = createOperations({ grid: parsed.value.grid, pointList: points.data });
  return { engine, state: initialState(engine, event.configuration) };
}

function checkHash(what: string, file: string, expected: string, content: unknown): void {
  const found = createHash('sha256').update(canonicalJson(content)).digest('hex');
  if (found === expected) return;
  throw new CliError('RL-016', `"${file}" is not the ${what} this log was recorded with`, EXIT_NO);
}
