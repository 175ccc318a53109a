import { WatchdogView } from '@relight/contract';

/** It speaks once a second; silent for longer it is taken for gone, ms. */
const QUIET_MS = 5_000;
const LOOK_EVERY_MS = 500;
/** An answer that is none ends a listener for good: a new one is made after so long, ms. */
const AGAIN_MS = 2_000;

/** What the process says that looks after the control centre. */
export type WatchdogWord =
  /** There is none that this browser reaches. */
  | { readonly kind: 'none' }
  /** It has said nothing for too long. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'heard'; readonly view: WatchdogView };

/** Holds the last word of the watchdog outside React. */
export class WatchdogStore {
  #word: WatchdogWord = { kind: 'none' };
  readonly #listeners = new Set<() => void>();

  get = (): WatchdogWord => this.#word;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(word: WatchdogWord): void {
    if (word.kind !== 'heard' && word.kind === this.#word.kind) return;
    this.#word = word;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Listens to the watchdog, which is a process of its own: it goes on talking when the control centre
 * does not.
 * @param address - Its origin as the session told it last; undefined: there is none.
 * @returns Stops it.
 */
export function listenToWatchdog(
  store: WatchdogStore,
  address: () => string | undefined,
): () => void {
  let source: EventSource | null = null;
  let listeningTo: string | undefined;
  let openedAt_ms = Number.NEGATIVE_INFINITY;
  let heardAt_ms = performance.now();

  const open = (origin: string): void => {
    source?.close();
    openedAt_ms = performance.now();
    const current = new EventSource(`${origin}/watchdog/events`);
    source = current;
    current.addEventListener('message', ({ data }) => {
      if (source !== current) return;
      const parsed = WatchdogView.safeParse(JSON.parse(String(data)));
      if (!parsed.success) {
        console.error('watchdog outside the contract', parsed.error.issues);
        return;
      }
      heardAt_ms = performance.now();
      store.set({ kind: 'heard', view: parsed.data });
    });
  };
  const look = (): void => {
    const origin = address();
    const now_ms = performance.now();
    if (origin !== listeningTo) {
      listeningTo = origin;
      heardAt_ms = now_ms;
      source?.close();
      source = null;
      if (origin === undefined) store.set({ kind: 'none' });
      else open(origin);
    } else if (origin !== undefined) {
      const closed = source === null || source.readyState === EventSource.CLOSED;
      if (closed && now_ms - openedAt_ms > AGAIN_MS) open(origin);
      if (now_ms - heardAt_ms > QUIET_MS) store.set({ kind: 'silent' });
    }
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    source?.close();
  };
}
