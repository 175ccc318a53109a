import type { Right, SessionView } from '@relight/contract';
import { readSession, sayPresent } from '../store/rest.ts';

const PRESENT_EVERY_MS = 30_000;

/** Who sits here: what the server said of this session last. */
export class SessionStore {
  #session: SessionView | null = null;
  readonly #listeners = new Set<() => void>();

  get = (): SessionView | null => this.#session;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(session: SessionView | null): void {
    this.#session = session;
    for (const listener of this.#listeners) listener();
  }

  /** The stream tells of a lock or an unlock. */
  setLocked(locked: boolean): void {
    if (this.#session !== null && this.#session.locked !== locked)
      this.set({ ...this.#session, locked });
  }

  async refresh(): Promise<void> {
    this.set(await readSession());
  }
}

/** Whether any role of this person gives it, the desk locked or not. */
export function hasRight(session: SessionView | null, right: Right): boolean {
  return session === null || session.rights.includes(right);
}

/** What no role of this person names is denied by the server; here it is shown as such. */
export function mayDo(session: SessionView | null, right: Right): boolean {
  return hasRight(session, right) && session?.locked !== true;
}

/**
 * Tells the server that somebody is there, at most every half minute, so that an unattended desk
 * locks and an attended one does not.
 * @returns Stops it.
 */
export function attachPresence(session: SessionStore): () => void {
  let last_ms = Number.NEGATIVE_INFINITY;
  const note = (): void => {
    const now_ms = performance.now();
    const current = session.get();
    if (current === null || current.locked || current.idleLock_ms === null) return;
    if (now_ms - last_ms < PRESENT_EVERY_MS) return;
    last_ms = now_ms;
    // A desk that cannot reach the server has a banner that says so.
    sayPresent().catch(() => undefined);
  };
  addEventListener('keydown', note);
  addEventListener('pointerdown', note);
  return () => {
    removeEventListener('keydown', note);
    removeEventListener('pointerdown', note);
  };
}
