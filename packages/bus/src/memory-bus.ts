import { DEFAULT_OUTSTANDING_LIMIT } from './bus.ts';
import type { Bus, BusCounters, ControlBus, GatewayBus } from './bus.ts';
import { Subscribers } from './subscribers.ts';

class MemoryEnd<Out, In> implements Bus<Out, In> {
  #peer: ((message: Out) => void) | null = null;
  #published = 0;
  #handledByPeer = 0;
  #closed = false;
  readonly #limit: number;
  readonly inbox: Subscribers<In>;

  constructor(limit: number, acknowledge: () => void) {
    this.#limit = limit;
    this.inbox = new Subscribers<In>(acknowledge);
  }

  connect(deliver: (message: Out) => void): void {
    this.#peer = deliver;
  }

  peerHandledOne(): void {
    this.#handledByPeer += 1;
  }

  publish(message: Out): void {
    const peer = this.#peer;
    if (this.#closed || peer === null) return;
    this.#published += 1;
    // Never inside the caller's stack: a bus between processes would not do that either.
    queueMicrotask(() => peer(message));
  }

  subscribe(handler: (message: In) => void): () => void {
    return this.inbox.subscribe(handler);
  }

  get congested(): boolean {
    return this.#published - this.#handledByPeer > this.#limit;
  }

  get counters(): BusCounters {
    return {
      published: this.#published,
      received: this.inbox.received,
      outstanding: this.#published - this.#handledByPeer,
    };
  }

  close(): void {
    this.#closed = true;
  }
}

/** Both ends of a bus within one thread; delivery is asynchronous and in order. */
export function createMemoryBus(limit = DEFAULT_OUTSTANDING_LIMIT): {
  readonly gateway: GatewayBus;
  readonly control: ControlBus;
} {
  type GatewayEnd = Parameters<GatewayBus['publish']>[0];
  type ControlEnd = Parameters<ControlBus['publish']>[0];
  const gateway = new MemoryEnd<GatewayEnd, ControlEnd>(limit, () => control.peerHandledOne());
  const control = new MemoryEnd<ControlEnd, GatewayEnd>(limit, () => gateway.peerHandledOne());
  gateway.connect((message) => control.inbox.take(message));
  control.connect((message) => gateway.inbox.take(message));
  return { gateway, control };
}
