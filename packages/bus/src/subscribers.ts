/**
 * The receiving half of a bus end: keeps what arrives before anybody listens, then hands on in
 * order. `handled` is called once per message, after its handlers returned.
 */
export class Subscribers<In> {
  #handlers: ((message: In) => void)[] = [];
  #early: In[] = [];
  #received = 0;
  readonly #handled: () => void;

  constructor(handled: () => void) {
    this.#handled = handled;
  }

  get received(): number {
    return this.#received;
  }

  take(message: In): void {
    this.#received += 1;
    if (this.#handlers.length === 0) this.#early.push(message);
    else this.#deliver(message);
  }

  subscribe(handler: (message: In) => void): () => void {
    this.#handlers = [...this.#handlers, handler];
    const waiting = this.#early;
    this.#early = [];
    for (const message of waiting) this.#deliver(message);
    return () => {
      this.#handlers = this.#handlers.filter((other) => other !== handler);
    };
  }

  #deliver(message: In): void {
    try {
      for (const handler of this.#handlers) handler(message);
    } finally {
      this.#handled();
    }
  }
}
