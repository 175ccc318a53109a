import { openJournal, type Journal, type LeaseSeen } from '@relight/journal';
import { StartError } from './start-error.ts';

/**
 * Opens the journal to lead on it.
 * @throws StartError RL-083 where somebody else leads, RL-031 where it cannot be read or written.
 */
export async function openOwnJournal(
  directory: string,
  startedAt_ms: number,
  onDurable: (upTo: number) => void,
  onFailed: (reason: string) => void,
  onDeposed: (reason: string) => void,
  deposes: LeaseSeen | null,
): Promise<Journal> {
  const opened = await openJournal({
    directory,
    startedAt_ms,
    onDurable,
    onFailed,
    onDeposed,
    ...(deposes === null ? {} : { deposes }),
  });
  if (opened.ok) return opened.value;
  const { kind, reason } = opened.error;
  throw new StartError(kind === 'held' ? 'RL-083' : 'RL-031', reason);
}
