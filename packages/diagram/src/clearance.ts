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

/** What hangs from the network gives way to the devices in it. */
const HANGING = new Set<PlacedSymbol['kind']>([
  'load',
  'capacitor',
  'generator',
  'groundDisconnector',
]);

/**
 * Says of each symbol how much room it has: of a device to the next device, of what hangs from the
 * network to whatever is next. Fault indicators are flags that lie over lines and count for nothing.
 * Cost: n log n.
 */
export function withClearance(symbols: readonly PlacedSymbol[]): DiagramSymbol[] {
  const solid = symbols.flatMap(({ kind, x, y }, index) =>
    kind === 'faultIndicator' ? [] : [{ kind, x, y, index }],
  );
  const devices = solid.filter(({ kind }) => !HANGING.has(kind));
  const measured = (list: typeof solid) => ({
    beside: gaps(list.map(({ x, y, index }) => ({ along: x, across: y, index }))),
    above: gaps(list.map(({ x, y, index }) => ({ along: y, across: x, index }))),
  });
  const [among, amongAll] = [measured(devices), measured(solid)];
  const far = Number.POSITIVE_INFINITY;
  return symbols.map((symbol, i) => {
    const { beside, above } = HANGING.has(symbol.kind) ? amongAll : among;
    return { ...symbol, clear: [beside.get(i) ?? far, above.get(i) ?? far] };
  });
}
