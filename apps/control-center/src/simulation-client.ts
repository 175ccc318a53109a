import type { RestError } from '@relight/contract';

/** Answer of the simulators, or why there is none. */
export interface SimulationAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Passes requests of the console on to the control API of the simulators. */
export class SimulationClient {
  readonly #base: string;
  readonly #token: string;

  constructor(base: string, token: string) {
    this.#base = base.replace(/\/$/, '');
    this.#token = token;
  }

  async send(method: string, path: string, body?: unknown): Promise<SimulationAnswer> {
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      });
      return { status: response.status, body: await response.json() };
    } catch (cause) {
      const error: RestError = {
        code: 'RL-028',
        message: `the simulators do not answer (${cause instanceof Error ? cause.message : String(cause)})`,
      };
      return { status: 503, body: error };
    }
  }
}
