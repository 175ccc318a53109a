/**
 * The only file of the core that may call functions whose last digit differs between engines
 * (IEEE 754 does not fix them). Decisions use + − × ÷ and Math.sqrt; what comes from here is
 * shown, or rounded with `round9` before it enters a hash.
 */

/** Up to this slope the series of the arc tangent below is exact to the last digits. */
const SMALL_SLOPE = 1 / 8;

/** Angle of a complex number in degree, in (−180, 180]. Small angles, which voltages have, cost least. */
export function angle_deg(re: number, im: number): number {
  const t = im / re;
  if (re > 0 && t <= SMALL_SLOPE && t >= -SMALL_SLOPE) {
    const s = t * t;
    const series =
      1 +
      s *
        (-1 / 3 + s * (1 / 5 + s * (-1 / 7 + s * (1 / 9 + s * (-1 / 11 + s * (1 / 13 - s / 15))))));
    return (t * series * 180) / Math.PI;
  }
  return (Math.atan2(im, re) * 180) / Math.PI;
}
/** Sine of an angle in radian. */
export function sine(radian: number): number {
  return Math.sin(radian);
}
/** Cosine of an angle in radian. */
export function cosine(radian: number): number {
  return Math.cos(radian);
}
/** e to the power of x. */
export function exponential(x: number): number {
  return Math.exp(x);
}
/** Length of a vector, by sqrt so that it is exact to the last digit everywhere. */
export function magnitude(re: number, im: number): number {
  return Math.sqrt(re * re + im * im);
}
/** Rounds to nine significant digits, so that hashed figures do not depend on the last bits. */
export function round9(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(9));
}
