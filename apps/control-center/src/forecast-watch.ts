import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import {
  type Bilingual,
  type FileIssue,
  type ForecastInForce,
  type InputEvent,
} from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import { parseForecastText, strangersIn, type Grid } from '@relight/grid';
import { hashOf } from './hash-of.ts';

/** How often the file is looked at. */
const LOOK_EVERY_MS = 2_000;
/** Read on the main thread, so not without bound: factors of a thousand feeders over some days. */
const LARGEST_BYTES = 4 * 1024 * 1024;
/** Problems told of one file. */
const MOST_TOLD = 5;

type ForecastEvent = Extract<InputEvent, { kind: 'forecast' }>;

interface ForecastWatchParts {
  /** `forecast.file` of the configuration. */
  readonly file: string;
  readonly journalDirectory: string;
  readonly grid: Grid;
  readonly tell: (event: ForecastEvent) => void;
  readonly log: Logger;
}

/**
 * Follows the forecast file of the configuration: what changes is read, checked as a whole, and
 * told as an input of the fold, or refused with every problem while the one before stays in force.
 * What is in force is kept in the journal folder, for a restart that meets a bad file.
 */
export class ForecastWatch {
  readonly #parts: ForecastWatchParts;
  readonly #kept: string;
  #read = '';
  #seen = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: ForecastWatchParts) {
    this.#parts = parts;
    this.#kept = join(parts.journalDirectory, 'forecast.json');
  }

  /** Tells what is in force at the start, and follows the file from then on. */
  begin(): void {
    this.#read = this.#seen = signatureOf(this.#parts.file);
    const read = this.#take();
    if (!read.ok) {
      const before = readForecast(this.#kept, this.#parts.grid);
      this.#refuse(read.error, before.ok ? before.value : null);
    }
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** Reads the file if it has changed and stood still since the last look: it may be half written. */
  look(): void {
    const now = signatureOf(this.#parts.file);
    const stands = now === this.#seen;
    this.#seen = now;
    if (!stands || now === this.#read) return;
    this.#read = now;
    const read = this.#take();
    if (!read.ok) this.#refuse(read.error, null);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #take(): Result<ForecastInForce, readonly FileIssue[]> {
    const { file, grid, log, tell } = this.#parts;
    const read = readForecast(file, grid);
    if (!read.ok) return read;
    const { hash, forecast } = read.value;
    log.info({ file, hash, madeAt: forecast.madeAt }, 'the forecast is in force');
    this.#keep(read.value);
    tell({ kind: 'forecast', taken: read.value, refused: null });
    return read;
  }

  /** Whole or not at all: a crash in between leaves the one before. */
  #keep({ forecast }: ForecastInForce): void {
    if (resolve(this.#parts.file) === resolve(this.#kept)) return;
    try {
      writeFileSync(`${this.#kept}.new`, `${JSON.stringify(forecast)}\n`, { flush: true });
      renameSync(`${this.#kept}.new`, this.#kept);
    } catch (cause) {
      this.#parts.log.error({ err: cause }, 'the forecast could not be kept in the journal folder');
    }
  }

  #refuse(problems: readonly FileIssue[], taken: ForecastInForce | null): void {
    const { file, log, tell } = this.#parts;
    const refused = inWords(file, problems);
    log.warn({ file, problems: problems.slice(0, MOST_TOLD) }, refused.en);
    tell({ kind: 'forecast', ...(taken === null ? {} : { taken }), refused });
  }
}

/** Changes whenever the file does; empty where there is none. */
function signatureOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

/** A dated forecast for this grid, or every problem with its path. */
function readForecast(file: string, grid: Grid): Result<ForecastInForce, readonly FileIssue[]> {
  const text = readText(file);
  if (!text.ok) return text;
  const parsed = parseForecastText(text.value);
  if (!parsed.ok) return parsed;
  const forecast = parsed.value;
  if (forecast.madeAt === undefined) {
    const message = 'is missing; the control centre expects a dated forecast (madeAt, step_h)';
    return fail([{ path: 'madeAt', message }]);
  }
  const strangers = strangersIn(forecast, grid);
  if (strangers.length > 0) return fail(strangers);
  return ok({ hash: hashOf(forecast), madeAt_ms: Date.parse(forecast.madeAt), forecast });
}

function readText(file: string): Result<string, readonly FileIssue[]> {
  const problem = (message: string) => fail([{ path: '$', message }]);
  try {
    const { size } = statSync(file);
    if (size > LARGEST_BYTES) {
      return problem(`expected at most ${LARGEST_BYTES} bytes, got ${size}`);
    }
    return ok(readFileSync(file, 'utf8'));
  } catch (cause) {
    const { code = 'unreadable' } = cause as NodeJS.ErrnoException;
    return problem(code === 'ENOENT' ? 'the file does not exist' : `it cannot be read (${code})`);
  }
}

function inWords(file: string, problems: readonly FileIssue[]): Bilingual {
  const told = problems.slice(0, MOST_TOLD).map(({ path, message }) => `${path}: ${message}`);
  const more = problems.length - told.length;
  const list = told.join('; ');
  return {
    vi: `RL-017 ${file}: ${list}${more > 0 ? `; và ${more} lỗi khác` : ''}`,
    en: `RL-017 ${file}: ${list}${more > 0 ? `; and ${more} more` : ''}`,
  };
}
