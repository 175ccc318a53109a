/** Thread in which a bench runs, so that the command can end one that overstays. */
import { parentPort, workerData } from 'node:worker_threads';
import { CliError } from '../cli-error.ts';
import { BENCHES, type BenchOptions } from './bench.ts';
import type { FromWorker, ToWorker } from './run-bench.ts';

const { name, seconds, ...asked } = workerData as ToWorker;
const say = (message: FromWorker): void => parentPort?.postMessage(message);
const options: BenchOptions = { ...asked, deadline: performance.now() + 1000 * seconds };
try {
  const bench = await BENCHES.find((entry) => entry.name === name)?.load();
  await bench?.(options, (measured) => say({ kind: 'measured', measured }));
  say({ kind: 'done' });
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  say({ kind: 'refused', code: error.code, message: error.message });
}
