import type { InputRecord } from '@relight/contract';
import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** One JSON record a line, each batch on disk when `append` returns. */
export class InputLogWriter {
  readonly path: string;
  readonly #file: number;
  /** Bytes that are whole and synced; anything behind them is the rest of a failed write. */
  #length = 0;

  /** Creates a new file; @throws Error when it exists or cannot be made. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'ax');
    // The name of the file must survive a power cut too, not only its contents.
    const directory = openSync(dirname(path), 'r');
    fsyncSync(directory);
    closeSync(directory);
  }

  /** @throws Error from the file system; the same records may be given again afterwards. */
  append(records: readonly InputRecord[]): void {
    const bytes = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
      fdatasyncSync(this.#file);
    } catch (cause) {
      ftruncateSync(this.#file, this.#length);
      throw cause;
    }
    this.#length += bytes.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}
