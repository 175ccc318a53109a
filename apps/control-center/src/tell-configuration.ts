import type { Configuration } from '@relight/contract';
import type { Tell } from './door.ts';
import { hashOf } from './hash-of.ts';

/** Puts what is in force on record where it differs from what was. */
export function tellConfiguration(
  configuration: Configuration,
  onRecord: string | null,
  tell: Tell,
): void {
  // The free port of a demo is no setting.
  const { server, ...rest } = configuration;
  const told = { ...rest, server: { ...server, port: 0 } };
  const hash = hashOf(told);
  if (hash !== onRecord) tell('configuration', 'relight', null, { hash, configuration: told });
}
