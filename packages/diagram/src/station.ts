import type { GridFile } from '@relight/contract';
import type { DiagramBuilder } from './builder.ts';
import { at, type NormalTree } from './normal-tree.ts';
import { SPACE } from './spacing.ts';

/** A busbar as an upright bar. */
export interface PlacedBus {
  readonly node: number;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

const BUS_COLUMN = 34;
const CHAIN_OFFSET = 58;
/** Between two ways up that would stand in each other's place. */
const CHAIN_COLUMN = 64;
/** Room a way up needs beyond its last device: the source at its end. */
const CHAIN_END = 28;
const COUPLER_OFFSET = 46;
const LONGEST_STEP = 66;
const SHORTEST_STEP = 24;

/**
 * Gives each busbar the rows of its feeders; bars that would stand in each other's way stand
 * side by side.
 * @param side - −1: station on the left, its equipment left of the bars.
 */
export function placeBuses(
  rowsOfBus: ReadonlyMap<number, readonly number[]>,
  x: number,
  side: 1 | -1,
): PlacedBus[] {
  const columns: number[] = [];
  return [...rowsOfBus]
    .map(([node, ys]) => ({ node, top: Math.min(...ys) - 22, bottom: Math.max(...ys) + 22 }))
    .sort((a, b) => a.top - b.top || a.node - b.node)
    .map((bus) => {
      let column = columns.findIndex((end) => end <= bus.top);
      if (column < 0) column = columns.length;
      columns[column] = bus.bottom;
      return { ...bus, x: x + side * column * BUS_COLUMN };
    });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws a station: its bars, the way up from each to its source, couplers, and what is left over. */
export function drawStation(
  builder: DiagramBuilder,
  tree: NormalTree,
  file: GridFile,
  buses: readonly PlacedBus[],
  members: readonly number[],
  side: 1 | -1,
): void {
  const points = new Map<number, Point>();
  const drawn = new Set<number>();
  const outermost = Math.max(0, ...buses.map((b) => Math.abs(b.x - at(buses, 0).x)));
  const firstChain = at(buses, 0).x + side * (outermost + CHAIN_OFFSET);
  const columns: (readonly [number, number])[][] = [];
  /** The first column in which nothing stands between two heights. */
  const columnFor = (y0: number, y1: number): number => {
    const [top, bottom] = [Math.min(y0, y1) - CHAIN_END, Math.max(y0, y1) + CHAIN_END];
    let column = columns.findIndex((taken) => taken.every(([a, b]) => b <= top || a >= bottom));
    if (column < 0) column = columns.push([]) - 1;
    columns[column]?.push([top, bottom]);
    return firstChain + side * column * CHAIN_COLUMN;
  };
  const symbolOn = (branch: number, x: number, y: number, vertical: boolean): void => {
    const { kind } = at(tree.branches, branch);
    if (kind === 'switch')
      builder.switchSymbol(
        branch,
        x,
        y,
        vertical,
        vertical ? (side < 0 ? 'right' : 'left') : 'below',
        true,
      );
    else if (kind === 'transformer')
      builder.transformerSymbol(branch, x, y, vertical, side < 0 ? 'right' : 'left');
  };

  for (const bus of buses) {
    builder.path('bus', bus.node, [bus.x, bus.top, bus.x, bus.bottom]);
    points.set(bus.node, { x: bus.x, y: (bus.top + bus.bottom) / 2 });
    builder.text({
      id: `bus:${builder.nodeId(bus.node)}`,
      kind: 'bus',
      x: bus.x,
      y: bus.top,
      text: builder.nodeId(bus.node).slice(builder.nodeId(bus.node).lastIndexOf('.') + 1),
      align: side < 0 ? 'end' : 'start',
    });
  }

  // From each bar up to its source, or to what was already drawn.
  buses.forEach((bus, i) => {
    const chain: { branch: number; node: number }[] = [];
    for (let n = bus.node; at(tree.parentBranch, n) >= 0;) {
      const branch = at(tree.parentBranch, n);
      n = at(tree.parentNode, n);
      chain.push({ branch, node: n });
      if (points.has(n)) break;
    }
    if (chain.length === 0) return;
    // The first bar is fed from above, the others from below, so that couplers lie between them.
    const upward = i === 0 && buses.length > 1 ? -1 : i === 0 ? -1 : 1;
    const length = bus.bottom - bus.top;
    const step = Math.min(
      LONGEST_STEP,
      Math.max(SHORTEST_STEP, (length - 8) / (chain.length + 0.5)),
    );
    const startY =
      (bus.top + bus.bottom) / 2 - (upward * Math.min(length, step * (chain.length + 0.5))) / 2;
    const chainX = columnFor(startY, startY + upward * step * chain.length);
    builder.path('lead', bus.node, [bus.x, startY, chainX, startY]);
    builder.dot(bus.x, startY, bus.node);
    let below = bus.node;
    let y = startY;
    chain.forEach(({ branch, node }) => {
      drawn.add(branch);
      const known = points.get(node);
      const nextY = y + upward * step;
      const { id, kind } = at(tree.branches, branch);
      if (kind === 'line') {
        builder.path('line', below, [chainX, y, chainX, nextY], { id });
      } else {
        const middle = (y + nextY) / 2;
        builder.path('lead', below, [chainX, y, chainX, middle]);
        builder.path('lead', node, [chainX, middle, chainX, nextY]);
        symbolOn(branch, chainX, middle, true);
      }
      if (known !== undefined) builder.path('lead', node, [chainX, nextY, known.x, known.y]);
      else points.set(node, { x: chainX, y: nextY });
      below = node;
      y = nextY;
    });
  });

  // Bars of the high-voltage side are short and level.
  const isBusbar = new Set(file.nodes.filter((n) => n.busbar === true).map((n) => n.id));
  for (const [node, { x, y }] of points) {
    if (buses.some((b) => b.node === node) || !isBusbar.has(builder.nodeId(node))) continue;
    builder.path('bus', node, [x - 16, y, x + 16, y]);
  }

  // Nodes on no way up stand outside, one below the other.
  const outerX =
    firstChain + side * (Math.max(0, columns.length - 1) * CHAIN_COLUMN + COUPLER_OFFSET);
  let spareY = at(buses, 0).top;
  for (const node of members) {
    if (points.has(node)) continue;
    points.set(node, { x: outerX + side * COUPLER_OFFSET, y: spareY });
    spareY += SHORTEST_STEP;
  }

  // Couplers and every other branch between two nodes of the station.
  const inside = new Set(members);
  let column = 0;
  tree.branches.forEach((branch, b) => {
    if (drawn.has(b) || !inside.has(branch.from) || !inside.has(branch.to)) return;
    const busA = buses.find((x) => x.node === branch.from);
    const busB = buses.find((x) => x.node === branch.to);
    if (busA !== undefined && busB !== undefined) {
      const [upper, lower] = busA.top <= busB.top ? [busA, busB] : [busB, busA];
      const stacked = upper.x === lower.x;
      const [y0, y1] = stacked ? [upper.bottom, lower.top] : [upper.bottom, lower.bottom];
      const middle = stacked ? (y0 + y1) / 2 : Math.max(y0, y1) + 16;
      const x = stacked ? upper.x : (upper.x + lower.x) / 2;
      const [a, c] = stacked
        ? [
            [x, y0, x, middle],
            [x, middle, x, y1],
          ]
        : [
            [upper.x, y0, upper.x, middle, x, middle],
            [x, middle, lower.x, middle, lower.x, y1],
          ];
      if (branch.kind === 'line')
        builder.path('line', lower.node, [...a, ...c.slice(2)], { id: branch.id });
      else {
        builder.path('lead', upper.node, a);
        builder.path('lead', lower.node, c);
        symbolOn(b, x, middle, stacked);
      }
      return;
    }
    const p = at([points.get(branch.from) ?? { x: outerX, y: spareY }], 0);
    const q = at([points.get(branch.to) ?? { x: outerX, y: spareY }], 0);
    const x = outerX + side * column * 26;
    column += 1;
    const middle = (p.y + q.y) / 2;
    const a = [p.x, p.y, x, p.y, x, middle];
    const c = [x, middle, x, q.y, q.x, q.y];
    if (branch.kind === 'line')
      builder.path('line', branch.to, [...a, ...c.slice(2)], { id: branch.id });
    else {
      builder.path('lead', branch.from, a);
      builder.path('lead', branch.to, c);
      symbolOn(b, x, middle, Math.abs(p.y - q.y) > 1);
    }
  });

  // Sources at the ends, anything else beside its node.
  const sources = new Map(file.sources.map((s) => [s.node, s.id]));
  for (const node of members) {
    const point = points.get(node);
    if (point === undefined) continue;
    const source = sources.get(builder.nodeId(node));
    let beside = point.x;
    if (source !== undefined) {
      const onBar = buses.some((b) => b.node === node);
      const x = onBar ? point.x + side * 34 : point.x;
      const parentless = at(tree.parentBranch, node) < 0;
      const away = [...points.values()].some((q) => q.x === point.x && q.y < point.y) ? 1 : -1;
      const y = onBar || !parentless ? point.y : point.y + away * 14;
      if (onBar) builder.path('lead', node, [point.x, point.y, x, y]);
      else builder.path('lead', node, [point.x, point.y, point.x, y]);
      builder.equipmentSymbol({ id: source, kind: 'source', name: undefined }, node, x, y, false);
    }
    for (const equipment of builder.equipmentAt(node)) {
      beside += side * SPACE.column;
      builder.path('wire', node, [point.x, point.y, beside, point.y], { lateral: true });
      builder.equipmentSymbol(equipment, node, beside, point.y, false);
    }
  }
}
