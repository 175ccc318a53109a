import { parentPort, workerData } from 'node:worker_threads';

/** Says back what it was given, and the options it was started with. */
interface Echo {
  readonly data: unknown;
  readonly options: readonly string[];
}
const echo: Echo = { data: workerData, options: process.execArgv };
parentPort?.postMessage(echo);
