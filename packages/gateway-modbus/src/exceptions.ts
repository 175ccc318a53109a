import type { Quality } from '@relight/contract';
import type { DriverAnswer } from '@relight/gateway';

/** What a refusal to be read says of the values: busy and out of reach pass, the rest is wrong. */
export function refusalQuality(code: number): Quality {
  return code === 5 || code === 6 || code === 10 || code === 11 ? 'notTopical' : 'invalid';
}

/**
 * What an exception to the operating write says (Modbus Application Protocol 1.1b3, section 7):
 * 5 is an acknowledgement of something slow; after 4 the device had begun to act, and after 11 a
 * gateway lost track of it; all others refuse before anything moved.
 */
export function exceptionAnswer(code: number, reason: string): DriverAnswer {
  if (code === 5) return { outcome: 'acknowledged', reason };
  if (code === 4 || code === 11) return { outcome: 'unknown', reason };
  return { ...failed(reason), byDevice: true };
}

/** Provably nothing was done. */
export function failed(reason: string): DriverAnswer {
  return { outcome: 'failed', reason };
}
