import { PlacedFault, PlantTruth, WireRecord } from '@relight/contract';
import type { Misbehaviour, PlaceFault, SimulatorReady } from '@relight/contract';
import { z } from 'zod';
import { CliError, EXIT_NO, EXIT_USAGE } from '../cli-error.ts';

const Wire = z.object({ records: z.array(WireRecord) });

/** The control API of the simulators: places faults, and knows what is really so. */
export class SimulationClient {
  readonly #ready: SimulatorReady;

  constructor(ready: SimulatorReady) {
    this.#ready = ready;
  }

  async placeFault(fault: PlaceFault): Promise<PlacedFault> {
    return PlacedFault.parse(await this.#call('POST', '/faults', fault));
  }

  /** Mends a fault, by its id. */
  async repairFault(id: string): Promise<void> {
    await this.#call('DELETE', `/faults/${encodeURIComponent(id)}`);
  }

  async misbehave(device: string, how: Misbehaviour): Promise<void> {
    await this.#call('POST', `/devices/${encodeURIComponent(device)}/misbehaviour`, how);
  }

  async truth(): Promise<PlantTruth> {
    return PlantTruth.parse(await this.#call('GET', '/truth'));
  }

  /** Every write that reached an RTU, in the order of arrival. */
  async wire(): Promise<readonly WireRecord[]> {
    return Wire.parse(await this.#call('GET', '/wire?since=0')).records;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, this.#ready.control), {
      method,
      headers: {
        authorization: `Bearer ${this.#ready.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    if (response.status === 404 || response.status === 400) {
      throw new CliError('RL-005', `the simulators refuse ${path}: ${text}`, EXIT_USAGE);
    }
    throw new CliError('RL-028', `the simulators answered ${response.status} to ${path}`, EXIT_NO);
  }
}
