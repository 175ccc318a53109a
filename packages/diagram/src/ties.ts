import type { DiagramBuilder } from './builder.ts';
import { at, type NormalTree } from './normal-tree.ts';
import { SPACE } from './spacing.ts';

/** One end of a link where it leaves its row. */
export interface LinkEnd {
  readonly node: number;
  readonly x: number;
  /** Place of the row in the picture, from the top; −1 in a station. */
  readonly row: number;
  readonly level: number;
  /** Which way its feeder runs. */
  readonly direction: 1 | -1;
  /** Whether nothing of its own row stands in its way up or down. */
  readonly opensUp: boolean;
  readonly opensDown: boolean;
}

export type Route =
  | {
      readonly kind: 'lane';
      readonly link: number;
      readonly upper: LinkEnd;
      readonly lower: LinkEnd;
      readonly gap: number;
      readonly lane: number;
    }
  | { readonly kind: 'stubs'; readonly link: number; readonly ends: readonly [LinkEnd, LinkEnd] };

const LABEL = 60;

/** Half the room a link needs beside its verticals where its symbol stands on one of them. */
function interval(a: LinkEnd, b: LinkEnd): readonly [number, number] {
  return [Math.min(a.x, b.x) - LABEL / 2, Math.max(a.x, b.x) + LABEL];
}

/**
 * Chooses a way for each link: through the space between its two rows where they are neighbours,
 * as two labelled stubs where it would cross other rows.
 * @returns Routes, and how many lanes each gap between rows needs.
 */
export function routeLinks(
  ends: ReadonlyMap<number, readonly [LinkEnd, LinkEnd]>,
  rowCount: number,
): { readonly routes: readonly Route[]; readonly lanes: readonly number[] } {
  const routes: Route[] = [];
  const gaps: { link: number; upper: LinkEnd; lower: LinkEnd }[][] = Array.from(
    { length: rowCount },
    () => [],
  );
  for (const [link, [a, b]] of [...ends].sort((p, q) => p[0] - q[0])) {
    const [upper, lower] = a.row < b.row || (a.row === b.row && a.x <= b.x) ? [a, b] : [b, a];
    const sameRow = upper.row === lower.row;
    const lowerOpens = sameRow ? lower.opensDown : lower.opensUp;
    const neighbours = sameRow || lower.row === upper.row + 1;
    if (upper.row >= 0 && neighbours && lowerOpens && upper.opensDown)
      at(gaps, upper.row).push({ link, upper, lower });
    else routes.push({ kind: 'stubs', link, ends: [a, b] });
  }
  const lanes = gaps.map((gap, g) => {
    const ends_: number[] = [];
    const sorted = [...gap].sort((p, q) => {
      const [a, b] = [interval(p.upper, p.lower), interval(q.upper, q.lower)];
      return a[0] - b[0] || a[1] - b[1] || p.link - q.link;
    });
    for (const { link, upper, lower } of sorted) {
      const [from, to] = interval(upper, lower);
      let lane = ends_.findIndex((end) => end <= from);
      if (lane < 0) lane = ends_.length;
      ends_[lane] = to;
      routes.push({ kind: 'lane', link, upper, lower, gap: g, lane });
    }
    return ends_.length;
  });
  return { routes, lanes };
}

const LONG_ENOUGH_FOR_SYMBOL = 76;

/** Draws a link through its lane; `yOf` gives the height an end leaves from, `laneY` that of the lane. */
function drawLane(
  builder: DiagramBuilder,
  tree: NormalTree,
  route: Route & { kind: 'lane' },
  yOf: (end: LinkEnd) => number,
  laneY: number,
): void {
  const { upper, lower } = route;
  const branch = at(tree.branches, route.link);
  const [ya, yb] = [yOf(upper), yOf(lower)];
  builder.dot(upper.x, ya, upper.node);
  builder.dot(lower.x, yb, lower.node);
  const level = [upper.x, ya, upper.x, laneY];
  if (branch.kind === 'line') {
    builder.path('line', lower.node, [...level, lower.x, laneY, lower.x, yb], { id: branch.id });
    return;
  }
  const across = Math.abs(upper.x - lower.x);
  const alongLane = across >= LONG_ENOUGH_FOR_SYMBOL;
  const turnY = alongLane ? laneY : laneY - 12;
  const [x, y] = alongLane ? [(upper.x + lower.x) / 2, laneY] : [lower.x, laneY + 8];
  const labelSide = alongLane ? 'above' : lower.direction > 0 ? 'right' : 'left';
  const before = alongLane
    ? [upper.x, ya, upper.x, turnY, x, y]
    : [upper.x, ya, upper.x, turnY, x, turnY, x, y];
  const after = alongLane ? [x, y, lower.x, turnY, lower.x, yb] : [x, y, lower.x, yb];
  builder.path('wire', upper.node, before);
  builder.path('wire', lower.node, after);
  if (branch.kind === 'switch') builder.switchSymbol(route.link, x, y, !alongLane, labelSide);
  else builder.transformerSymbol(route.link, x, y, !alongLane);
}

function drawStubs(
  builder: DiagramBuilder,
  tree: NormalTree,
  route: Route & { kind: 'stubs' },
  yOf: (end: LinkEnd) => number,
  nameOf: (end: LinkEnd) => string,
): void {
  const branch = at(tree.branches, route.link);
  route.ends.forEach((end, i) => {
    const other = at(route.ends, 1 - i);
    const up = end.level <= 0 ? -1 : 1;
    const y = yOf(end);
    builder.dot(end.x, y, end.node);
    const tip = y + up * SPACE.stub * (i === 0 ? 1.4 : 0.8);
    if (i === 0 && branch.kind !== 'line') {
      const middle = y + up * SPACE.stub * 0.8;
      builder.path('wire', end.node, [end.x, y, end.x, middle]);
      builder.path('wire', other.node, [end.x, middle, end.x, tip]);
      builder.switchSymbol(route.link, end.x, middle, true, end.direction > 0 ? 'right' : 'left');
    } else if (i === 0) {
      builder.path('line', end.node, [end.x, y, end.x, tip], { id: branch.id });
    } else {
      builder.path('wire', end.node, [end.x, y, end.x, tip]);
    }
    builder.text({
      id: `stub:${branch.id}:${i}`,
      kind: 'stub',
      x: end.x,
      y: tip + (up < 0 ? -4 : 12),
      text: `› ${nameOf(other)}`,
      align: 'middle',
    });
  });
}

/** Draws every link; see `routeLinks`. */
export function drawLinks(
  builder: DiagramBuilder,
  tree: NormalTree,
  routes: readonly Route[],
  yOf: (end: LinkEnd) => number,
  laneY: (gap: number, lane: number) => number,
  nameOf: (end: LinkEnd) => string,
): void {
  for (const route of routes) {
    if (route.kind === 'lane') drawLane(builder, tree, route, yOf, laneY(route.gap, route.lane));
    else drawStubs(builder, tree, route, yOf, nameOf);
  }
}
