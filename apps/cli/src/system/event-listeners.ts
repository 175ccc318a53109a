import type { Writable } from 'node:stream';

/** Consoles that may listen at once. */
const MOST_LISTENERS = 500;
/** One that has not read so much is not listening, and would fill our memory: it goes, bytes. */
const MOST_UNREAD = 64 * 1_024;

/** Whoever listens to a stream of events (SSE). */
export class EventListeners {
  readonly #listeners = new Set<Writable>();

  /** False where there are too many already: then it is not one of them. */
  add(response: Writable): boolean {
    if (this.#listeners.size >= MOST_LISTENERS) return false;
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
    return true;
  }

  /** Tells all of them; one that has stopped reading is cut off. */
  tell(message: unknown): void {
    for (const response of this.#listeners) {
      if (response.writableLength > MOST_UNREAD) response.destroy();
      else response.write(eventOf(message));
    }
  }
}

/** A message as an event of the stream. */
export function eventOf(message: unknown): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}
