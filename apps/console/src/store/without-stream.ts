import type { SessionView } from '@relight/contract';
import type { LiveStore } from './live-store.ts';
import { readSession, RequestRefused } from './rest.ts';

const ASK_EVERY_MS = 2_000;

/**
 * For somebody who may not see the grid there is no stream: the server is asked now and again who
 * they are, which also shows a lock and the end of the session.
 */
export function askInsteadOfStream(
  store: LiveStore,
  session: { set(view: SessionView): void },
): void {
  const ask = (): void => {
    readSession().then(
      (view) => {
        session.set(view);
        const now_ms = Date.now();
        // It tells no time of its own; ages on this page are read by minutes.
        const heard = { server_ms: now_ms, local_ms: now_ms };
        store.set({ ...store.get(), status: 'live', heard });
      },
      (error: unknown) => {
        if (error instanceof RequestRefused && error.code === 'RL-020') location.reload();
        store.lose();
      },
    );
  };
  ask();
  setInterval(ask, ASK_EVERY_MS);
}
