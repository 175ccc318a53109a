import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { HealthView, WatchdogTarget, type WatchdogView } from '@relight/contract';
import { eventOf, EventListeners } from './event-listeners.ts';
import { ANSWER_WITHIN_MS, ASK_EVERY_MS, ProcessWatch, type Sign } from './watch-process.ts';

// The watchdog: a process of its own that shares nothing with the control centre. It asks it for a
// sign of life, shows on a port of its own what it finds, and ends one that hangs; whoever started
// both starts it anew and says so here, one line of JSON on standard input for each start. It ends
// when that input closes.

const watch = new ProcessWatch(Date.now());
const listeners = new EventListeners();
let target: WatchdogTarget | null = null;

const view = (): WatchdogView => ({
  format: 'relight-watchdog/1',
  at_ms: Date.now(),
  controlCenter: watch.view,
});

const server = createServer((request, response) => {
  // A console has another origin than this; nobody else's page may look. One of before a restart
  // of the control centre has the origin it had.
  const { origin } = request.headers;
  response.setHeader('vary', 'origin');
  response.setHeader('cache-control', 'no-store');
  if (origin !== undefined && (target?.pages ?? []).includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
  }
  if (request.method === 'GET' && request.url === '/watchdog') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(view()));
  } else if (request.method === 'GET' && request.url === '/watchdog/events') {
    if (!listeners.add(response)) {
      response.statusCode = 503;
      response.end();
      return;
    }
    response.setHeader('content-type', 'text/event-stream');
    response.setHeader('x-accel-buffering', 'no'); // A proxy must not save them up.
    response.write(eventOf(view()));
  } else {
    response.statusCode = 404;
    response.end();
  }
});

function tell(): void {
  listeners.tell(view());
}

async function ask(origin: string): Promise<Sign> {
  try {
    const answer = await fetch(`${origin}/api/v1/health?by=watchdog`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    // 503 is an answer too: a part beside the fold is silent, and the alarms say so.
    const { parts } = HealthView.parse(await answer.json());
    return { kind: 'answered', turnAge_ms: parts['cycle'] ?? 0 };
  } catch (cause) {
    const reason = cause instanceof TypeError ? (cause.cause as NodeJS.ErrnoException) : null;
    return { kind: reason?.code === 'ECONNREFUSED' ? 'refused' : 'silent' };
  }
}

async function look(): Promise<void> {
  const asked = target;
  if (asked === null) return;
  const before = watch.view.state;
  const sign = await ask(asked.origin);
  // Another process may have taken its place while we waited.
  if (asked !== target) return;
  if (watch.take(sign, Date.now())) {
    try {
      process.kill(asked.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
  if (watch.view.state !== before) tell();
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const first = target === null;
    target = WatchdogTarget.parse(JSON.parse(line));
    if (!first) watch.restarted(Date.now());
    tell();
  })
  .on('close', () => process.exit(0));
// Started again it takes the port it had: people have its address.
const [, , wanted = '0', host = '127.0.0.1'] = process.argv;
server.listen(Number(wanted), host, () => {
  const { port } = server.address() as AddressInfo;
  const any = host === '0.0.0.0' || host === '::';
  const name = any ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  process.stdout.write(`${JSON.stringify({ ready: true, url: `http://${name}:${port}` })}\n`);
  const next = (): void => {
    void look().finally(() => setTimeout(next, ASK_EVERY_MS));
  };
  next();
  setInterval(tell, 1_000);
});
