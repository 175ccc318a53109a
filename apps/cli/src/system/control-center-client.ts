import { EventEmitter, once } from 'node:events';
import { DownMessage } from '@relight/contract';
import type { AutomationMode, ControlCenterReady, Delta, Snapshot } from '@relight/contract';
import { WebSocket } from 'ws';
import { CliError, EXIT_NO } from '../cli-error.ts';

type Listed = 'switches' | 'measurements' | 'sections' | 'feeders' | 'incidents' | 'commands';
const LISTED: readonly Listed[] = [
  'switches',
  'measurements',
  'sections',
  'feeders',
  'incidents',
  'commands',
];

/** The picture as the console would see it: one snapshot, then every delta in order. */
export class ControlCenterClient {
  readonly #ready: ControlCenterReady;
  readonly #origin: string;
  readonly #changed = new EventEmitter();
  #socket: WebSocket | null = null;
  #broken: CliError | null = null;
  #sequence = -1;
  #picture: Snapshot | null = null;

  constructor(ready: ControlCenterReady) {
    this.#ready = ready;
    this.#origin = new URL(ready.url).origin;
  }

  /** Follows the stream until `close`; `onMessage` sees every message with its local time. */
  async follow(onMessage: (message: Snapshot | Delta) => void): Promise<void> {
    const url = `${this.#origin.replace(/^http/, 'ws')}/api/v1/stream`;
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${this.#ready.token}` },
    });
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const parsed = DownMessage.safeParse(JSON.parse(data.toString()));
      if (!parsed.success) return this.#fail(`unreadable message: ${parsed.error.message}`);
      if (parsed.data.type !== 'snapshot' && parsed.data.type !== 'delta') return;
      this.#take(parsed.data);
      onMessage(parsed.data);
      this.#changed.emit('change');
    });
    socket.on('close', (code) => {
      if (this.#socket !== null) this.#fail(`stream closed (${code})`);
    });
    socket.on('error', (error) => this.#fail(`stream failed (${error.message})`));
    await this.until(() => this.#picture !== null, 10_000, 'the first snapshot');
  }

  get picture(): Snapshot {
    if (this.#picture === null) throw new CliError('RL-029', 'no snapshot yet', EXIT_NO);
    return this.#picture;
  }

  /** Waits until the picture shows it; looks again at each message. */
  async until(condition: () => boolean, limit_ms: number, what: string): Promise<void> {
    const timeout = AbortSignal.timeout(limit_ms);
    while (!condition()) {
      if (this.#broken !== null) throw this.#broken;
      try {
        await once(this.#changed, 'change', { signal: timeout });
      } catch {
        const seconds = Math.round(limit_ms / 1_000);
        throw new CliError('RL-029', `waited ${seconds} s for ${what}`, EXIT_NO);
      }
    }
  }

  async setMode(feeder: string, mode: AutomationMode): Promise<void> {
    const path = `/api/v1/feeders/${encodeURIComponent(feeder)}/mode`;
    const response = await fetch(`${this.#origin}${path}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${this.#ready.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ mode }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new CliError(
        'RL-029',
        `mode of ${feeder} not set: ${response.status} ${text}`,
        EXIT_NO,
      );
    }
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #fail(why: string): void {
    this.#broken ??= new CliError('RL-013', `the control centre's ${why}`, EXIT_NO);
    this.#changed.emit('change');
  }

  #take(message: Snapshot | Delta): void {
    if (message.type === 'snapshot') this.#picture = structuredClone(message);
    else if (message.sequence !== this.#sequence + 1) {
      this.#fail(`stream jumped from ${this.#sequence} to ${message.sequence}`);
    } else if (this.#picture !== null) applyDelta(this.#picture, message);
    this.#sequence = message.sequence;
  }
}

function applyDelta(picture: Snapshot, delta: Delta): void {
  for (const list of LISTED) upsert<{ readonly id: string }>(picture[list], delta[list] ?? []);
  for (const link of delta.links ?? []) {
    const at = picture.links.findIndex((known) => known.rtu === link.rtu);
    if (at < 0) picture.links.push(link);
    else picture.links[at] = link;
  }
  picture.summary = delta.summary ?? picture.summary;
  picture.serverTime_ms = delta.serverTime_ms;
}

function upsert<Item extends { readonly id: string }>(
  list: Item[],
  changes: readonly Item[],
): void {
  for (const change of changes) {
    const at = list.findIndex((item) => item.id === change.id);
    if (at < 0) list.push(change);
    else list[at] = change;
  }
}
