import { InputRecord } from '@relight/contract';
import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { closeSync, openSync, readSync } from 'node:fs';

export interface InputLogEnd {
  readonly records: number;
  /**
   * The process died while it wrote the last line: the line's number (from 1), where it starts
   * and how long it is. Nothing was ever decided on it, so reading stops before it.
   */
  readonly torn: { readonly line: number; readonly offset: number; readonly bytes: number } | null;
}

/** A line that ends properly and yet is wrong: edited, dropped, or not an input log at all. */
export interface DamagedLine {
  readonly kind: 'damaged';
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/**
 * Reads an input log record by record, with memory for one chunk and one line only.
 * @param onRecord - Called in order; records count up by one from 0.
 * @throws Error when the file cannot be opened or read.
 */
export function readInputLog(
  path: string,
  onRecord: (record: InputRecord) => void,
): Result<InputLogEnd, DamagedLine> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let offset = 0;
    let records = 0;
    for (;;) {
      const count = readSync(file, chunk);
      if (count === 0) break;
      let bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
        const record = readLine(bytes.toString('utf8', 0, end), records);
        if (typeof record === 'string') {
          return fail({ kind: 'damaged', line: records + 1, offset, reason: record });
        }
        onRecord(record);
        records++;
        offset += end + 1;
        bytes = bytes.subarray(end + 1);
      }
      rest = bytes;
    }
    const torn = rest.length === 0 ? null : { line: records + 1, offset, bytes: rest.length };
    return ok({ records, torn });
  } finally {
    closeSync(file);
  }
}

/** The record of a line, or what is wrong with it. */
function readLine(text: string, expected: number): InputRecord | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const parsed = InputRecord.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `is no input record: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
  }
  if (parsed.data.sequence !== expected) {
    return `has sequence ${parsed.data.sequence}, expected ${expected}`;
  }
  return parsed.data;
}
