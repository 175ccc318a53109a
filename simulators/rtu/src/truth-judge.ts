import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { PlantTruth } from '@relight/contract';
import { closeTruth, openTruth, type SupplyQuestion } from '@relight/plant';
import { startThread } from '@relight/threads';
import type { FieldWorld } from './field-world.ts';
import type { TruthWorkerAnswer, TruthWorkerQuestion } from './truth-worker.ts';

/** An answer holds for the same switches and faults so long; loads drift slowly. */
const ANSWER_LIFE_MS = 30_000;

/** Tells the truth about the plant without keeping the RTUs waiting. */
export class TruthJudge {
  readonly #world: FieldWorld;
  readonly #waiting = new Map<number, PromiseWithResolvers<number>>();
  #worker: Worker | null = null;
  #asked = 0;
  #last: { readonly key: string; readonly at_ms: number; readonly customers: Promise<number> } = {
    key: '',
    at_ms: 0,
    customers: Promise.resolve(0),
  };

  constructor(world: FieldWorld) {
    this.#world = world;
  }

  async truth(): Promise<PlantTruth> {
    const { plant, vanished, refusing } = this.#world;
    const open = openTruth(plant, new Set([...vanished, ...refusing]));
    if (open.question === null) return closeTruth(open, 0);
    return closeTruth(open, await this.#restorable(open.question));
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  /** The same state is searched once, however many ask. */
  #restorable(question: SupplyQuestion): Promise<number> {
    const key = keyOf(question);
    const now_ms = this.#world.now_ms();
    if (this.#last.key !== key || now_ms - this.#last.at_ms > ANSWER_LIFE_MS) {
      this.#last = { key, at_ms: now_ms, customers: this.#search(question) };
    }
    return this.#last.customers;
  }

  #search(question: SupplyQuestion): Promise<number> {
    this.#worker ??= this.#startWorker();
    this.#asked += 1;
    const message: TruthWorkerQuestion = { number: this.#asked, question };
    this.#worker.postMessage(message);
    const waiting = Promise.withResolvers<number>();
    this.#waiting.set(this.#asked, waiting);
    return waiting.promise;
  }

  #startWorker(): Worker {
    const worker = startThread(
      new URL('./truth-worker.ts', import.meta.url),
      this.#world.plant.network.grid,
    );
    worker.on('message', ({ number, customers }: TruthWorkerAnswer) => {
      this.#waiting.get(number)?.resolve(customers);
      this.#waiting.delete(number);
    });
    worker.on('error', (error) => this.#giveUp(error));
    worker.on('exit', () => this.#giveUp(new Error('the search for supply was stopped')));
    // It must not keep the process alive.
    worker.unref();
    return worker;
  }

  /** The next question starts a new worker. */
  #giveUp(error: unknown): void {
    this.#worker = null;
    this.#last = { ...this.#last, key: '' };
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Of all that the answer depends on but the slowly drifting loads. */
function keyOf(question: SupplyQuestion): string {
  const hash = createHash('sha256');
  for (const part of [question.positions, question.movable, question.mustStayDead]) {
    hash.update(part);
  }
  hash.update(question.wentDark);
  return hash.digest('hex');
}
