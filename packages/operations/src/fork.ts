import type { OperationsState } from './state.ts';

/**
 * A copy that shares nothing with the original, for study, simulation and tests. Cost: the size
 * of the state.
 */
export function fork(state: OperationsState): OperationsState {
  return copy(state);
}

function copy<Value>(value: Value): Value {
  return copyUnknown(value) as Value;
}

function copyUnknown(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copyUnknown);
  if (value instanceof Uint8Array || value instanceof Int32Array || value instanceof Float64Array) {
    return value.slice();
  }
  if (value instanceof Map) {
    return new Map([...value].map(([key, member]) => [copyUnknown(key), copyUnknown(member)]));
  }
  if (value instanceof Set) return new Set([...value].map(copyUnknown));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, copyUnknown(member)]),
  );
}
