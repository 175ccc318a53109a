import { MILLIWATT_PER_PU, type Relaxation } from './relaxation.ts';

/** The direction of the power plane in which loads are weighed. */
type Direction = Pick<Relaxation, 'cosine' | 'sine'>;

/**
 * Weight (mW) that can be added to a flow before a limit (squared, pu) is reached; −1: broken.
 * @param active_mW - least that flows; below 0 where what feeds in beside it could turn it round.
 */
export function roomUnder(
  power2_pu: number,
  active_mW: number,
  reactive_mvar: number,
  { cosine, sine }: Direction,
): number {
  if (power2_pu === Number.POSITIVE_INFINITY) return power2_pu;
  const limit = Math.sqrt(power2_pu) * MILLIWATT_PER_PU;
  const active = Math.max(0, active_mW);
  const reactive = Math.max(0, reactive_mvar);
  if (active * active + reactive * reactive > limit * limit) return -1;
  return Math.max(0, limit - active_mW * cosine - reactive_mvar * sine);
}

/**
 * Least that a weight of 1 takes off the square of a voltage.
 * @param tangents - smallest and largest reactive power per active of the loads. Between the two the
 *   share rises or falls all the way, so the ends decide.
 */
export function lossOfVoltage(
  byActive: number,
  byReactive: number,
  [least, most]: readonly [number, number],
  { cosine, sine }: Direction,
): number {
  const at = (tangent: number): number => {
    if (tangent === Number.POSITIVE_INFINITY) return sine > 0 ? byReactive / sine : 0;
    const weight = cosine + sine * tangent;
    return weight > 0 ? (byActive + byReactive * tangent) / weight : 0;
  };
  return Math.min(at(least), at(most));
}
