import type { SwitchOperation } from '@relight/contract';
import type { Person } from './people.ts';

/** One wanted operation as the gates judge it. */
export interface WantedOperation {
  readonly switchIndex: number;
  readonly operation: SwitchOperation;
  /** The incident whose plan wants it; null for a person. */
  readonly incident: string | null;
  /** The command that asks, so that it does not stand in its own way. */
  readonly command: string | null;
  /** Who asks; absent: the automation, or nobody in particular. */
  readonly person?: Person | null;
  readonly secondPerson?: Person | null;
  /** Names of the gates that a typed reason and a second person have overridden. */
  readonly overridden?: readonly string[];
}
