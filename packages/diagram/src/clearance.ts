import type { DiagramSymbol, PlacedSymbol } from './diagram.ts';

/** Symbols nearer than this across their row or column are in line with each other. */
const IN_LINE = 12;

/** For each place the distance along its line to the nearest other one in that line. */
function gaps(
  places: readonly { readonly along: number; readonly across: number; readonly index: number }[],
): Map<number, number> {
  const nearest = new Map<number, number>();
  const sorted = [...places].sort((a, b) => a.along - b.along || a.index - b.index);
  // Lines are walked by cells across, so that a place meets only those of its own and the next line.
  const cells = new Map<number, (typeof sorted)[number][]>();
  for (const place of sorted) {
    const cell = Math.floor(place.across / IN_LINE);
    for (const near of [cell - 1, cell, cell + 1]) {
      const last = (cells.get(near) ?? []).findLast(
        (other) => Math.abs(other.across - place.across) < IN_LINE,
      );
      if (last === undefined) continue;
      const gap = place.along - last.along;
      for (const { index } of [place, last])
        nearest.set(index, Math.min(gap, nearest.get(index) ?? Number.POSITIVE_INFINITY));
    }
    const list = cells.get(cell);
    if (list === undefined) cells.set(cell, [place]);
    else list.push(place);
  }
  return nearest;
}

/**
 * Says of each symbol how much room it has. Fault indicators are flags that lie over lines and
 * count for nothing. Cost: n log n.
 */
export function withClearance(symbols: readonly PlacedSymbol[]): DiagramSymbol[] {
  const solid = symbols.flatMap((symbol, index) =>
    symbol.kind === 'faultIndicator' ? [] : [{ x: symbol.x, y: symbol.y, index }],
  );
  const beside = gaps(solid.map(({ x, y, index }) => ({ along: x, across: y, index })));
  const above = gaps(solid.map(({ x, y, index }) => ({ along: y, across: x, index })));
  const far = Number.POSITIVE_INFINITY;
  return symbols.map((symbol, i) => ({
    ...symbol,
    clear: [beside.get(i) ?? far, above.get(i) ?? far],
  }));
}
