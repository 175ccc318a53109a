import { LEASE_MS } from './lease.ts';

/**
 * Whether this process may write to the field now: shared between the thread that renews the lease
 * and every thread that must not act without it. On the clock that does not jump and goes on while
 * a process stands still, so that one that wakes up late knows it before its first byte.
 */
export class Authority {
  /** Hand this to another thread. */
  readonly shared: SharedArrayBuffer;
  readonly #until_ns: BigInt64Array;

  constructor(shared = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#until_ns = new BigInt64Array(shared);
  }

  /** The lease was renewed by something begun at `since_ns` of `process.hrtime.bigint()`. */
  renewed(since_ns: bigint): void {
    const until_ns = since_ns + BigInt(LEASE_MS) * 1_000_000n;
    // Once deposed, for good.
    if (Atomics.load(this.#until_ns, 0) !== GONE) Atomics.store(this.#until_ns, 0, until_ns);
  }

  /** Another one has the lease. */
  lost(): void {
    Atomics.store(this.#until_ns, 0, GONE);
  }

  get left_ms(): number {
    const left_ns = Atomics.load(this.#until_ns, 0) - process.hrtime.bigint();
    return left_ns <= 0n ? 0 : Number(left_ns) / 1e6;
  }

  get holds(): boolean {
    return this.left_ms > 0;
  }
}

const GONE = -1n;
