import type { DiagramPath } from '@relight/diagram';

/** What of a path decides its pen apart from live state. */
export type Pen = Pick<DiagramPath, 'kind' | 'nominalVoltage_kV' | 'lateral'>;

/** Geometry and pen of every path in flat arrays: a frame walks them without touching an object. */
export interface LineSheet {
  readonly count: number;
  /** Points of path i: x, y pairs from `starts[i]` to before `starts[i + 1]`. */
  readonly starts: Int32Array;
  readonly points: Float64Array;
  /** Pen of each path, a number in `pens`. */
  readonly penOf: Uint8Array;
  readonly pens: readonly Pen[];
}

const sheets = new WeakMap<readonly DiagramPath[], LineSheet>();

/** Built once per diagram. Cost: linear in its points. */
export function lineSheet(paths: readonly DiagramPath[]): LineSheet {
  const known = sheets.get(paths);
  if (known !== undefined) return known;
  const starts = new Int32Array(paths.length + 1);
  paths.forEach(({ points }, i) => {
    starts[i + 1] = (starts[i] ?? 0) + points.length;
  });
  const points = new Float64Array(starts[paths.length] ?? 0);
  const penOf = new Uint8Array(paths.length);
  const pens: Pen[] = [];
  const numbers = new Map<string, number>();
  paths.forEach((path, i) => {
    points.set(path.points, starts[i]);
    const { kind, nominalVoltage_kV, lateral } = path;
    const key = `${kind}/${nominalVoltage_kV}/${lateral}`;
    let pen = numbers.get(key);
    if (pen === undefined) {
      pen = pens.length;
      pens.push({ kind, nominalVoltage_kV, lateral });
      numbers.set(key, pen);
    }
    penOf[i] = pen;
  });
  const sheet = { count: paths.length, starts, points, penOf, pens };
  sheets.set(paths, sheet);
  return sheet;
}
