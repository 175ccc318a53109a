import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '@relight/foundation';
import type { Grid } from '@relight/grid';
import { createSupplySearch, type SupplyQuestion } from '@relight/plant';

/** The search behind `GET /truth` on a thread of its own: RTUs must go on answering meanwhile. */
export interface TruthWorkerAnswer {
  readonly number: number;
  readonly customers: number;
}
export interface TruthWorkerQuestion {
  readonly number: number;
  readonly question: SupplyQuestion;
}

assert(parentPort !== null, 'runs as a worker thread only');
const port = parentPort;
const search = createSupplySearch(workerData as Grid);
port.on('message', ({ number, question }: TruthWorkerQuestion) => {
  const answer: TruthWorkerAnswer = { number, customers: search(question).customers };
  port.postMessage(answer);
});
