import { open, readFile, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SwitchOperation, ControlReport } from '@relight/contract';
import type { CommandMemory, CommandStore, ControlOutcome } from './command-store.ts';

/** Commands remembered; an order lives seconds, so the oldest of these are long void. */
const REMEMBERED = 10_000;
/** The file is written anew, shorter, once it holds this many lines. */
const LONGEST_FILE_lines = 4 * REMEMBERED;

type Line =
  | { readonly kind: 'start'; readonly epoch: number }
  | { readonly kind: 'token'; readonly token: number }
  | {
      readonly kind: 'begin';
      readonly commandId: string;
      readonly equipment: string;
      readonly operation: SwitchOperation;
    }
  | { readonly kind: 'finish'; readonly commandId: string; readonly outcome: ControlOutcome };

/**
 * A command store in one append-only file, a JSON record a line, each synced to disk before its
 * promise resolves. A torn last line (power loss in the middle of a write) is cut off on opening;
 * any other unreadable line makes the file unusable, because a forgotten command could be written
 * twice.
 * @throws If the file cannot be opened, or is damaged before its last line.
 */
export async function fileCommandStore(path: string): Promise<CommandStore> {
  const state = await load(path);
  state.epoch += 1;
  await rewrite(path, state);
  return new FileCommandStore(path, state, await open(path, 'a'));
}

interface State {
  epoch: number;
  newestToken: number;
  readonly commands: Map<string, CommandMemory>;
  lines: number;
}

class FileCommandStore implements CommandStore {
  readonly #path: string;
  readonly #state: State;
  #file: FileHandle;
  /** Appends run one after another, so that the order in the file is the order of the calls. */
  #queue: Promise<void> = Promise.resolve();
  /** A write failed half-way: the file is written anew before anything else is trusted to it. */
  #torn = false;

  constructor(path: string, state: State, file: FileHandle) {
    this.#path = path;
    this.#state = state;
    this.#file = file;
  }

  get epoch(): number {
    return this.#state.epoch;
  }

  get newestToken(): number {
    return this.#state.newestToken;
  }

  find(commandId: string): CommandMemory | undefined {
    return this.#state.commands.get(commandId);
  }

  begin(command: Omit<CommandMemory, 'outcome'>): Promise<void> {
    return this.#append({ kind: 'begin', ...command });
  }

  finish(commandId: string, outcome: ControlOutcome): Promise<void> {
    return this.#append({ kind: 'finish', commandId, outcome });
  }

  raiseToken(token: number): Promise<void> {
    if (token <= this.#state.newestToken) return Promise.resolve();
    return this.#append({ kind: 'token', token });
  }

  async close(): Promise<void> {
    await this.#queue.catch(() => {});
    await this.#file.close();
  }

  #append(line: Line): Promise<void> {
    // Known at once, before it is on disk: a second order must not slip in meanwhile.
    apply(this.#state, line);
    const written = this.#queue.catch(() => {}).then(() => this.#write(line));
    this.#queue = written;
    return written;
  }

  async #write(line: Line): Promise<void> {
    // The state holds `line` already, so writing the whole state anew includes it.
    if (this.#torn || this.#state.lines > LONGEST_FILE_lines) return this.#compact();
    this.#torn = true;
    await this.#file.appendFile(`${JSON.stringify(line)}\n`);
    await this.#file.datasync();
    this.#torn = false;
  }

  async #compact(): Promise<void> {
    await rewrite(this.#path, this.#state);
    const old = this.#file;
    this.#file = await open(this.#path, 'a');
    this.#torn = false;
    await old.close();
  }
}

function apply(state: State, line: Line): void {
  state.lines += 1;
  switch (line.kind) {
    case 'start':
      state.epoch = Math.max(state.epoch, line.epoch);
      break;
    case 'token':
      state.newestToken = Math.max(state.newestToken, line.token);
      break;
    case 'begin': {
      const { commandId, equipment, operation } = line;
      state.commands.set(commandId, { commandId, equipment, operation, outcome: null });
      const oldest = state.commands.keys().next().value;
      if (state.commands.size > REMEMBERED && oldest !== undefined) state.commands.delete(oldest);
      break;
    }
    case 'finish': {
      const begun = state.commands.get(line.commandId);
      if (begun !== undefined) {
        state.commands.set(line.commandId, { ...begun, outcome: line.outcome });
      }
      break;
    }
  }
}

async function load(path: string): Promise<State> {
  const state: State = { epoch: 0, newestToken: 0, commands: new Map(), lines: 0 };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return state;
    throw error;
  }
  const lines = text.split('\n');
  for (const [index, raw] of lines.entries()) {
    if (raw === '') continue;
    const line = parseLine(raw);
    if (line !== null) apply(state, line);
    else if (index < lines.length - 1) {
      throw new Error(`${path}: line ${index + 1} is damaged; commands cannot be trusted`);
    }
  }
  return state;
}

/** Writes the state to a second file, syncs it, and puts it in the place of the first. */
async function rewrite(path: string, state: State): Promise<void> {
  const lines: Line[] = [
    { kind: 'start', epoch: state.epoch },
    { kind: 'token', token: state.newestToken },
  ];
  for (const { commandId, equipment, operation, outcome } of state.commands.values()) {
    lines.push({ kind: 'begin', commandId, equipment, operation });
    if (outcome !== null) lines.push({ kind: 'finish', commandId, outcome });
  }
  const next = await open(`${path}.next`, 'w');
  await next.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await next.datasync();
  await next.close();
  await rename(`${path}.next`, path);
  const folder = await open(dirname(path), 'r');
  await folder.datasync();
  await folder.close();
  state.lines = lines.length;
}

function parseLine(raw: string): Line | null {
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null || !('kind' in json)) return null;
  const record = json as Record<string, unknown>;
  const { kind, epoch, token, commandId, equipment } = record;
  if (kind === 'start') return typeof epoch === 'number' ? { kind, epoch } : null;
  if (kind === 'token') return typeof token === 'number' ? { kind, token } : null;
  if (typeof commandId !== 'string') return null;
  if (kind === 'begin') {
    const operation = SwitchOperation.safeParse(record['operation']);
    if (!operation.success || typeof equipment !== 'string') return null;
    return { kind, commandId, equipment, operation: operation.data };
  }
  if (kind !== 'finish') return null;
  const outcome = ControlReport.shape.outcome.safeParse(record['outcome']);
  return outcome.success ? { kind, commandId, outcome: outcome.data } : null;
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
