import { CLOSE_LOGGED_OUT, DownMessage } from '@relight/contract';
import { fromSnapshot, withDelta, type LiveStore } from './live-store.ts';

/** Without a word for this long we ask the server whether it lives. */
const QUIET_MS = 3_000;
const ASK_EVERY_MS = 2_000;
const LISTEN_EVERY_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/**
 * Keeps the store fed from `/api/v1/stream`. A gap in the numbers, a message that breaks the
 * contract or a dead connection ends the socket; the next one starts with a new snapshot.
 * @returns Stops it.
 */
export function connectStream(
  store: LiveStore,
  session: { setLocked(locked: boolean): void },
  address: string,
  health: string,
): () => void {
  let socket: WebSocket | null = null;
  let wait_ms = 250;
  let stopped = false;
  let heardAt_ms = Date.now();
  let beatAt_ms = Date.now();
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = (): void => {
    if (stopped) return;
    const current = new WebSocket(address);
    socket = current;
    current.addEventListener('message', (event) => {
      if (socket !== current) return;
      const parsed = DownMessage.safeParse(JSON.parse(String(event.data)));
      if (!parsed.success) {
        console.error('message outside the contract', parsed.error.issues);
        current.close();
        return;
      }
      heardAt_ms = Date.now();
      wait_ms = 250;
      if (parsed.data.type === 'heartbeat') {
        const { alarmsWork } = parsed.data;
        const known = store.get();
        beatAt_ms = heardAt_ms;
        if (known.alarmsWork !== alarmsWork || known.silent)
          store.set({ ...known, alarmsWork, silent: false });
        return;
      }
      if (parsed.data.type === 'session') {
        session.setLocked(parsed.data.locked);
        return;
      }
      if (parsed.data.type === 'snapshot') {
        beatAt_ms = heardAt_ms;
        store.set(fromSnapshot(parsed.data, heardAt_ms));
        return;
      }
      const next = withDelta(store.get(), parsed.data, heardAt_ms);
      if (next === null) current.close();
      else store.set(next);
    });
    current.addEventListener('close', ({ code }) => {
      if (socket !== current) return;
      // The session ended: the page asks who is there.
      if (code === CLOSE_LOGGED_OUT) location.reload();
      socket = null;
      store.lose();
      retry = setTimeout(open, wait_ms);
      wait_ms = Math.min(LONGEST_WAIT_MS, wait_ms * 2);
    });
  };

  // A connection that hangs half open says nothing either; a quiet grid is asked after.
  const watch = setInterval(() => {
    if (socket === null || Date.now() - heardAt_ms < QUIET_MS) return;
    const asked = socket;
    fetch(health, { signal: AbortSignal.timeout(QUIET_MS) })
      .then((answer) => {
        if (answer.ok) heardAt_ms = Date.now();
        else asked.close();
      })
      .catch(() => {
        store.lose();
        asked.close();
      });
  }, ASK_EVERY_MS);

  // The first watchdog of the alarms is here: a server that answers and no longer beats is not
  // trusted. A page that stood still itself hears what was waiting for it before it judges.
  let lookedAt_ms = Date.now();
  const listen = setInterval(() => {
    const now_ms = Date.now();
    const stoodStill = now_ms - lookedAt_ms > 2 * LISTEN_EVERY_MS;
    lookedAt_ms = now_ms;
    const known = store.get();
    if (stoodStill || known.status !== 'live' || known.silent) return;
    if (now_ms - beatAt_ms > QUIET_MS) store.set({ ...known, silent: true });
  }, LISTEN_EVERY_MS);

  open();
  return () => {
    stopped = true;
    clearInterval(watch);
    clearInterval(listen);
    clearTimeout(retry);
    const last = socket;
    socket = null;
    last?.close();
  };
}
