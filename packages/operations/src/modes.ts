import type { AutomationMode } from '@relight/contract';

/** From the freest to the strictest. */
const STRICTNESS: readonly AutomationMode[] = ['automatic', 'restoreOnly', 'advisory', 'disabled'];

/** The strictest of all that apply; `automatic` where none does. */
export function strictestMode(modes: readonly AutomationMode[]): AutomationMode {
  return modes.reduce<AutomationMode>(
    (strictest, mode) =>
      STRICTNESS.indexOf(mode) > STRICTNESS.indexOf(strictest) ? mode : strictest,
    'automatic',
  );
}
