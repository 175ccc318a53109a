import Flatbush from 'flatbush';
import type { DiagramPath, DiagramSymbol, NetworkDiagram } from './diagram.ts';

export type Hit =
  | { readonly kind: 'symbol'; readonly symbol: DiagramSymbol }
  | { readonly kind: 'line'; readonly path: DiagramPath };

/** Finds what lies at a point or in a box. Cost: logarithmic in what is drawn. */
export interface HitIndex {
  /** Symbols before lines, the nearest first; reach in diagram units along x and y. */
  at(x: number, y: number, reachX: number, reachY: number): Hit | null;
  /** Indices of the symbols and paths whose box meets the box, for culling; unsorted. */
  within(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
  ): { readonly symbols: readonly number[]; readonly paths: readonly number[] };
}

function distanceToPath(points: readonly number[], x: number, y: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x0, y0, x1, y1] = points.slice(i, i + 4) as [number, number, number, number];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const length2 = dx * dx + dy * dy;
    const t =
      length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length2));
    const [ex, ey] = [x - x0 - t * dx, y - y0 - t * dy];
    best = Math.min(best, ex * ex + ey * ey);
  }
  return best;
}

/** Builds the index once per layout. */
export function buildHitIndex(diagram: NetworkDiagram): HitIndex {
  const { symbols, paths } = diagram;
  const boxes = new Flatbush(Math.max(1, symbols.length + paths.length));
  for (const { x, y } of symbols) boxes.add(x, y, x, y);
  for (const { points } of paths) {
    const xs = points.filter((_, i) => i % 2 === 0);
    const ys = points.filter((_, i) => i % 2 === 1);
    boxes.add(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
  }
  if (symbols.length + paths.length === 0) boxes.add(0, 0, 0, 0);
  boxes.finish();
  return {
    at(x, y, reachX, reachY) {
      const near = boxes.search(x - reachX, y - reachY, x + reachX, y + reachY);
      let best: Hit | null = null;
      let bestDistance = Number.POSITIVE_INFINITY;
      for (const i of near) {
        const symbol = symbols[i];
        if (symbol === undefined) continue;
        const [dx, dy] = [(symbol.x - x) / reachX, (symbol.y - y) / reachY];
        const distance = dx * dx + dy * dy;
        if (distance < bestDistance) {
          best = { kind: 'symbol', symbol };
          bestDistance = distance;
        }
      }
      if (best !== null) return best;
      for (const i of near) {
        const path = paths[i - symbols.length];
        if (path === undefined || path.kind !== 'line') continue;
        const distance = distanceToPath(path.points, x, y);
        if (distance <= Math.max(reachX, reachY) ** 2 && distance < bestDistance) {
          best = { kind: 'line', path };
          bestDistance = distance;
        }
      }
      return best;
    },
    within(x0, y0, x1, y1) {
      const found = { symbols: [] as number[], paths: [] as number[] };
      for (const i of boxes.search(x0, y0, x1, y1)) {
        if (i < symbols.length) found.symbols.push(i);
        else if (i < symbols.length + paths.length) found.paths.push(i - symbols.length);
      }
      return found;
    },
  };
}
