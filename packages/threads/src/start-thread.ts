import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';

/**
 * Calls from WebAssembly before V8 compiles a wrapper of its own for a signature: never. Each
 * thread strips types by a WebAssembly module, and V8 13.6 (Node.js 24) ends the whole process
 * (`Check failed: jit_page.has_value()`) when one thread drops such a wrapper while another ends.
 */
const NO_COMPILED_WRAPPERS = '--wasm-wrapper-tiering-budget=2147483647';

/**
 * Starts a thread: the one way of doing so here (decision 86).
 *
 * @param entry its TypeScript file
 * @param data what it finds as `workerData`; must survive a structured clone
 * @param options its memory limits; `stdout: true` keeps what it prints to itself
 */
export function startThread(
  entry: URL,
  data: unknown,
  options: Pick<WorkerOptions, 'resourceLimits' | 'stdout'> = {},
): Worker {
  setFlagsFromString(NO_COMPILED_WRAPPERS);
  return new Worker(entry, {
    ...options,
    workerData: data,
    // Options of the parent (--input-type, --eval) must not reach the thread.
    execArgv: [],
  });
}
