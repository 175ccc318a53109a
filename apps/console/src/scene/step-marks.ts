import type { DiagramSymbol } from '@relight/diagram';
import { sizeOf, type SymbolSizes } from './draw-symbols.ts';
import { toScreen, type Viewport } from './viewport.ts';

/** Of the round mark with the number of a step, CSS pixels. */
export const MARK_RADIUS = 9;
const GAP = 3;
const RING = 4;

/** Middles of the marks at a switch, CSS pixels: beside a vertical switch, above a level one. */
export function markPlaces(
  view: Viewport,
  symbol: DiagramSymbol,
  sizes: SymbolSizes,
  count: number,
  ringed: boolean,
): (readonly [number, number])[] {
  const [x, y] = toScreen(view, symbol.x, symbol.y);
  const half = sizeOf(symbol, sizes) / 2 + (ringed ? RING : 0);
  const beside = symbol.vertical && symbol.labelSide === 'right';
  return Array.from({ length: count }, (_, i) => {
    const [mx, my] = beside
      ? [x - half - MARK_RADIUS - GAP - 1 - i * (2 * MARK_RADIUS + GAP), y]
      : [x + (i - (count - 1) / 2) * (2 * MARK_RADIUS + GAP), y - half - MARK_RADIUS - GAP];
    return [Math.round(mx) + 0.5, Math.round(my) + 0.5];
  });
}
