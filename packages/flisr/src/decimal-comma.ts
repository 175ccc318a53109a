/** A figure as Vietnamese writes it: 0.07 becomes 0,07. */
export function decimalComma(figure: number | string): string {
  return String(figure).replace('.', ',');
}
