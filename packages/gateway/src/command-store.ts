import type { ControlReport, SwitchOperation } from '@relight/contract';

export type ControlOutcome = ControlReport['outcome'];

/** What is kept of a command whose write was about to leave. */
export interface CommandMemory {
  readonly commandId: string;
  readonly equipment: string;
  readonly operation: SwitchOperation;
  /** null: the gateway died, or is still busy, between the record and the answer. */
  readonly outcome: ControlOutcome | null;
}

/**
 * The gateway's memory across restarts: which commands it has begun to write, and the newest
 * fencing token it has seen. A promise resolves when the record would survive a power loss.
 */
export interface CommandStore {
  /** Counts the starts of this gateway from 1; sequence numbers build on it. */
  readonly epoch: number;
  readonly newestToken: number;
  find(commandId: string): CommandMemory | undefined;
  /** @returns Rejects if the record is not durable; then nothing may be written. */
  begin(command: Omit<CommandMemory, 'outcome'>): Promise<void>;
  finish(commandId: string, outcome: ControlOutcome): Promise<void>;
  /** A newer token makes every older one void, for good. */
  raiseToken(token: number): Promise<void>;
  close(): Promise<void>;
}
