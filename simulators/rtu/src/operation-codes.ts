import type { SwitchOperation } from '@relight/contract';

/** Command codes, in Modbus registers and OPC UA arguments alike. */
const OPERATION_CODES: readonly (SwitchOperation | null)[] = [
  null,
  'open',
  'close',
  'disableReclosing',
  'enableReclosing',
];

/** The operation of a code on the wire; null for any other number. */
export function operationOf(code: number): SwitchOperation | null {
  return OPERATION_CODES[code] ?? null;
}

/** How long an arm or a selection holds, ms. */
export const SELECTION_HOLD_MS = 10_000;
