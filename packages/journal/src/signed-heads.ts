import { canonicalJson, SignedHead } from '@relight/contract';
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';

/** Beside the journal: one signed head a line, oldest first, only ever appended to. */
export const HEADS_FILE = 'heads.jsonl';

/** Appends heads; each is on disk when `append` returns. */
export class HeadsWriter {
  readonly #file: number;
  readonly #key: KeyObject;
  #last: string;
  /** Last record that a genuine head of earlier starts vouches for. */
  readonly signedUpTo: number;

  /** Takes away what a crash left of a line. @throws Error from the file system. */
  constructor(path: string, key: KeyObject) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    this.#file = openSync(path, 'a', 0o644);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) ftruncateSync(this.#file, Buffer.byteLength(whole));
    this.#key = key;
    const heads = (readHeads(path, createPublicKey(key)) ?? []).flatMap((each) =>
      each.genuine && each.head !== null ? [each.head] : [],
    );
    this.signedUpTo = heads.reduce((most, head) => Math.max(most, head.sequence), 0);
    this.#last = heads.at(-1)?.hash ?? '';
  }

  /** A head that was signed last already is not written again. @throws Error from the file system. */
  append(head: { readonly sequence: number; readonly hash: string; readonly at_ms: number }): void {
    if (head.hash === this.#last || head.sequence === 0) return;
    const body = { format: 'relight-head/1' as const, ...head };
    const signature = sign(null, Buffer.from(canonicalJson(body)), this.#key).toString('base64');
    writeSync(this.#file, `${JSON.stringify({ ...body, signature })}\n`);
    fdatasyncSync(this.#file);
    this.#last = head.hash;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A line of the heads file, and whether the key vouches for it. */
export interface ReadHead {
  readonly line: number;
  /** Null: the line is no head at all. */
  readonly head: SignedHead | null;
  readonly genuine: boolean;
}

/**
 * The lines of a heads file; a last one torn by a crash is left out. Null: there is no file.
 * @throws Error when the file cannot be read.
 */
export function readHeads(path: string, key: KeyObject | null): readonly ReadHead[] | null {
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop(); // Behind the last newline: nothing, or what a crash left of a line.
  return lines.map((text, at) => readLine(text, at + 1, key));
}

function readLine(text: string, line: number, key: KeyObject | null): ReadHead {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { line, head: null, genuine: false };
  }
  const { data: head } = SignedHead.safeParse(json);
  if (head === undefined) return { line, head: null, genuine: false };
  const { signature, ...body } = head;
  const genuine =
    key !== null &&
    verify(null, Buffer.from(canonicalJson(body)), key, Buffer.from(signature, 'base64'));
  return { line, head, genuine };
}
