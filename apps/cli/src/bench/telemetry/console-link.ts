import type { CommandView, ControlCenterReady, EventView, LinkHealth } from '@relight/contract';
import { WebSocket } from 'ws';
import { pause } from '../gateway/wall-clock.ts';

/** What a console receives, as far as the bench looks at it. */
interface Received {
  readonly type: string;
  readonly sequence: number;
  readonly events?: readonly EventView[];
  readonly measurements?: readonly unknown[];
  readonly links?: readonly LinkHealth[];
  readonly commands?: readonly CommandView[];
}

/** A console without a screen: it follows the stream, counts, and gives commands. */
export class ConsoleLink {
  readonly links = new Map<string, LinkHealth>();
  readonly commands = new Map<string, CommandView>();
  /** Called with every event and the time it came, ms since 1970 UTC. */
  onEvent = (_event: EventView, _now_ms: number): void => {};
  /** Rows of measurements received so far. */
  measurements = 0;
  /** Messages whose number did not follow the one before. */
  gaps = 0;
  readonly #origin: string;
  readonly #token: string;
  readonly #socket: WebSocket;
  #sequence: number | null = null;

  constructor({ url, token }: ControlCenterReady) {
    this.#origin = new URL(url).origin;
    this.#token = token;
    const stream = `${this.#origin.replace(/^http/, 'ws')}/api/v1/stream`;
    this.#socket = new WebSocket(stream, { headers: { authorization: `Bearer ${token}` } });
    this.#socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString())));
    this.#socket.on('error', () => this.#socket.close());
  }

  /**
   * Asks for a command and carries it out as soon as it is selected, as a person would at best.
   * @returns ms from the first request until the console shows it verified; null if it never does.
   */
  async command(equipment: string, operation: 'open' | 'close'): Promise<number | null> {
    const start = performance.now();
    const idempotencyKey = `bench ${equipment} ${operation} ${start}`;
    const asked = await this.#post('/commands', { idempotencyKey, equipment, operation });
    const id = asked?.id;
    if (id === undefined) return null;
    if (!(await this.#reaches(id, 'selected'))) return null;
    if ((await this.#post(`/commands/${id}/execute`)) === null) return null;
    return (await this.#reaches(id, 'verified')) ? performance.now() - start : null;
  }

  /** Whether every gate is open for it now. */
  async isAllowed(equipment: string, operation: 'open' | 'close'): Promise<boolean> {
    const view = await this.#post('/commands/check', { equipment, operation });
    return view?.allowed === true;
  }

  close(): void {
    this.#socket.close();
  }

  async #reaches(id: string, state: CommandView['state']): Promise<boolean> {
    const end = performance.now() + 15_000;
    while (performance.now() < end) {
      const now = this.commands.get(id)?.state;
      if (now === state) return true;
      if (now !== undefined && ENDS.has(now)) return false;
      await pause(5);
    }
    return false;
  }

  async #post(
    path: string,
    body: object = {},
  ): Promise<{ readonly id?: string; readonly allowed?: boolean } | null> {
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    return response.ok ? (answer as { id?: string; allowed?: boolean }) : null;
  }

  #take(message: Received): void {
    if (message.type !== 'snapshot' && message.type !== 'delta') return;
    const now_ms = Date.now();
    if (message.type === 'delta' && message.sequence !== (this.#sequence ?? 0) + 1) this.gaps += 1;
    this.#sequence = message.sequence;
    for (const link of message.links ?? []) this.links.set(link.rtu, link);
    for (const command of message.commands ?? []) this.commands.set(command.id, command);
    if (message.type === 'snapshot') return;
    this.measurements += message.measurements?.length ?? 0;
    for (const event of message.events ?? []) this.onEvent(event, now_ms);
  }
}

const ENDS: ReadonlySet<CommandView['state']> = new Set([
  'verified',
  'rejected',
  'expired',
  'cancelled',
  'failed',
  'unknown',
]);
