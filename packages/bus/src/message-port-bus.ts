import { DEFAULT_OUTSTANDING_LIMIT } from './bus.ts';
import type { Bus, BusCounters } from './bus.ts';
import { Subscribers } from './subscribers.ts';

/** What a `MessagePort`, a worker's `parentPort` and a `Worker` have in common. */
export interface Port {
  postMessage(value: unknown): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
  off(event: 'message', listener: (value: unknown) => void): unknown;
}

type Frame<Message> =
  | { readonly bus: 'message'; readonly message: Message }
  | { readonly bus: 'handled'; readonly upTo: number };

/**
 * A bus end over a message port; both sides of the port must use it, because each message is
 * acknowledged when it was handled: that is how the sender knows that the other side keeps up.
 * Values must survive structured cloning. Frames of anybody else on the port are ignored.
 */
export function createMessagePortBus<Out, In>(
  port: Port,
  limit = DEFAULT_OUTSTANDING_LIMIT,
): Bus<Out, In> {
  let published = 0;
  let handledByPeer = 0;
  let handledHere = 0;
  const inbox = new Subscribers<In>(() => {
    handledHere += 1;
    port.postMessage({ bus: 'handled', upTo: handledHere } satisfies Frame<Out>);
  });
  const listen = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || !('bus' in value)) return;
    const frame = value as Frame<In>;
    if (frame.bus === 'handled') handledByPeer = Math.max(handledByPeer, frame.upTo);
    else inbox.take(frame.message);
  };
  port.on('message', listen);
  let closed = false;
  return {
    publish(message) {
      if (closed) return;
      published += 1;
      port.postMessage({ bus: 'message', message } satisfies Frame<Out>);
    },
    subscribe: (handler) => inbox.subscribe(handler),
    get congested() {
      return published - handledByPeer > limit;
    },
    get counters(): BusCounters {
      return { published, received: inbox.received, outstanding: published - handledByPeer };
    },
    close() {
      closed = true;
      port.off('message', listen);
    },
  };
}
