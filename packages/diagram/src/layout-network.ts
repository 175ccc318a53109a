import type { GridFile } from '@relight/contract';
import { arrangeRows } from './arrange.ts';
import { DiagramBuilder } from './builder.ts';
import type { NetworkDiagram } from './diagram.ts';
import { chooseFacing, type FacingTie } from './facing-tie.ts';
import { partition, type FeederPartition } from './feeders.ts';
import { shortLabel } from './labels.ts';
import { at, buildNormalTree } from './normal-tree.ts';
import { drawRow } from './row-drawing.ts';
import { planRows, trunkLength, type RowPlan } from './plan-rows.ts';
import { linksByNode } from './row-items.ts';
import type { LayoutContext } from './row-plan.ts';
import { SPACE } from './spacing.ts';
import { drawStation, placeBuses } from './station.ts';
import { drawLinks, routeLinks, type LinkEnd } from './ties.ts';
import { loadMoments, subtree } from './trunk.ts';

/** Place of the head's symbol; of the busbar where a feeder has no head. */
function headX(plan: RowPlan, direction: 1 | -1, width: number): number {
  const row = plan.rows.find((r) => r.level === 0 && r.direction === direction);
  const symbolAt = row?.items[0]?.symbolAt ?? null;
  if (row !== undefined && symbolAt !== null) return row.at(symbolAt);
  return direction > 0 ? SPACE.station : width - SPACE.station;
}

/**
 * Lays out the whole network as one schematic, from the normal state alone: live state only
 * recolours it. Stations that share ties face each other, feeders that share ties stand in one
 * row and meet in the middle, trunks are straight, laterals comb downward, ties run between
 * neighbouring rows or end in labelled stubs. The same grid gives the same picture whatever the
 * order of the file. Cost: near linear; the order of rows is searched within each pair of stations.
 * @param file - A valid grid file.
 */
export function layoutNetwork(file: GridFile): NetworkDiagram {
  const tree = buildNormalTree(file);
  const part = partition(file, tree);
  const moments = loadMoments(tree, part);
  const links = linksByNode(tree);
  const builder = new DiagramBuilder(file, tree);
  const blocks = arrangeRows(tree, part);

  const facingOf = new Map<string, FacingTie>();
  for (const { rows } of blocks)
    for (const { left, right } of rows) {
      if (left < 0 || right < 0) continue;
      const tie = chooseFacing(tree, part, moments, left, right);
      if (tie !== null) facingOf.set(`${left}:${right}`, tie);
    }
  const rowOfFeeder = new Map<number, number>();
  blocks
    .flatMap(({ rows }) => rows)
    .forEach(({ left, right }, r) => rowOfFeeder.set(left, r).set(right, r));
  const context: LayoutContext = {
    rowOf: (node) => {
      const feeder = at(part.feederOf, node);
      return feeder < 0 ? -1 : (rowOfFeeder.get(feeder) ?? -1);
    },
    tree,
    builder,
    links,
    moments,
    facing: new Set([...facingOf.values()].map((f) => f.link)),
  };

  const { plans, width } = planRows(context, part, blocks, facingOf);
  const { tops, routes, laneTop } = stackRows(context, part, plans);
  const yOfRow = (row: number): number => at(tops, row);

  // Stations first: their bars lie behind everything.
  blocks.forEach((block, b) => {
    for (const side of [-1, 1] as const) {
      const station = side < 0 ? block.left : block.right;
      if (station === null) continue;
      drawOneStation(context, file, part, plans, yOfRow, b, station, side, width);
    }
  });
  plans.forEach((plan, r) => {
    const y = yOfRow(r);
    for (const row of plan.rows) {
      const rowY = y + row.level * SPACE.level;
      const parentY = y + row.parentLevel * SPACE.level;
      const entry = row.level === 0 ? [row.entryX, y] : [row.entryX, parentY, row.entryX, rowY];
      drawRow(builder, tree, row, rowY, entry);
    }
    drawFacing(context, plan, facingOf, y);
    for (const [index, direction] of [
      [plan.left, 1],
      [plan.right, -1],
    ] as const) {
      if (index < 0) continue;
      const feeder = at(part.feeders, index);
      const head = feeder.head >= 0 ? at(tree.branches, feeder.head).id : '';
      builder.head({
        feeder: feeder.id,
        name: feeder.name,
        label: feeder.head >= 0 ? shortLabel(head, undefined) : feeder.id,
        head,
        x: headX(plan, direction, width),
        y,
        direction,
      });
    }
  });
  drawLinks(
    builder,
    tree,
    routes,
    (end) => at(tops, end.row) + end.level * SPACE.level,
    (gap, lane) => laneTop(gap) + lane * SPACE.lane,
    (end) => {
      const feeder = at(part.feederOf, end.node);
      const id = feeder >= 0 ? at(part.feeders, feeder).id : at(tree.nodes, end.node);
      return id.replace(/^F(?=\d)/u, '');
    },
  );
  return builder.finish(SPACE.margin);
}

/** Stacks the rows, with a gap below each that is wide enough for the ties through it. */
function stackRows(context: LayoutContext, part: FeederPartition, plans: readonly RowPlan[]) {
  const { tree, facing } = context;
  const found = new Map<number, LinkEnd[]>();
  plans.forEach((plan, row) => {
    for (const { link, node, x, level, direction } of plan.takeoffs) {
      const clear = (side: 1 | -1): boolean =>
        level * side >= 0 &&
        !plan.rows.some(
          (other) =>
            (other.level - level) * side > 0 &&
            other.items.some(
              (item) =>
                (item.symbolAt !== null && Math.abs(other.at(item.symbolAt) - x) < 22) ||
                item.columns.some((c) => Math.abs(other.at(c.s) - x) < 12),
            ),
        );
      const list = found.get(link) ?? [];
      const [opensUp, opensDown] = [clear(-1), clear(1)];
      list.push({ node, x, row, level, direction, opensUp, opensDown });
      found.set(link, list);
    }
  });
  const pairs = new Map<number, readonly [LinkEnd, LinkEnd]>();
  for (const link of tree.links) {
    if (facing.has(link)) continue;
    const { from, to } = at(tree.branches, link);
    if (at(part.feederOf, from) < 0 && at(part.feederOf, to) < 0) continue;
    const ends = found.get(link) ?? [];
    const a = ends.find((e) => e.node === from);
    const b = ends.find((e) => e.node === to && e !== a);
    const only = a ?? b;
    if (only === undefined) continue;
    // A link that ends in a station is one stub with its symbol.
    pairs.set(link, [a ?? { ...only, row: -1 }, b ?? { ...only, row: -1 }]);
  }
  const { routes, lanes } = routeLinks(pairs, plans.length);

  const tops: number[] = [];
  const laneTops: number[] = [];
  let y = SPACE.margin;
  let block = -1;
  plans.forEach((plan, r) => {
    if (plan.block !== block) {
      y += block < 0 ? 32 : 72;
      block = plan.block;
    }
    y += plan.above > 0 ? plan.above * SPACE.level + SPACE.below - 12 : SPACE.card;
    tops.push(y);
    y += SPACE.below + plan.below * SPACE.level;
    laneTops.push(y + 6);
    y += (lanes[r] ?? 0) * SPACE.lane;
  });
  return { tops, routes, laneTop: (gap: number) => at(laneTops, gap) };
}

function drawFacing(
  context: LayoutContext,
  plan: RowPlan,
  facingOf: ReadonlyMap<string, FacingTie>,
  y: number,
): void {
  const { builder, tree } = context;
  const tie = facingOf.get(`${plan.left}:${plan.right}`);
  const [left, right] = [1, -1].map((d) =>
    plan.rows.find((row) => row.level === 0 && row.direction === d),
  );
  if (tie === undefined || left === undefined || right === undefined) return;
  const x0 = left.at(trunkLength(left.items));
  const x1 = right.at(trunkLength(right.items));
  const branch = at(tree.branches, tie.link);
  if (branch.kind === 'line') {
    builder.path('line', tie.left, [x0, y, x1, y], { id: branch.id });
    return;
  }
  const middle = (x0 + x1) / 2;
  builder.path('wire', tie.left, [x0, y, middle, y]);
  builder.path('wire', tie.right, [middle, y, x1, y]);
  builder.stretch(tie.left, x0, middle, y, true);
  builder.stretch(tie.right, middle, x1, y, true);
  if (branch.kind === 'switch') builder.switchSymbol(tie.link, middle, y, false, 'above');
  else builder.transformerSymbol(tie.link, middle, y, false);
}

function drawOneStation(
  context: LayoutContext,
  file: GridFile,
  part: FeederPartition,
  plans: readonly RowPlan[],
  yOfRow: (row: number) => number,
  block: number,
  station: string,
  side: 1 | -1,
  width: number,
): void {
  const { tree, builder } = context;
  const rowsOfBus = new Map<number, number[]>();
  plans.forEach((plan, r) => {
    const f = side < 0 ? plan.left : plan.right;
    if (plan.block !== block || f < 0) return;
    const { bus, head } = at(part.feeders, f);
    if (head < 0) return;
    const list = rowsOfBus.get(bus) ?? [];
    list.push(yOfRow(r));
    rowsOfBus.set(bus, list);
  });
  if (rowsOfBus.size === 0) return;
  const x = side < 0 ? SPACE.station : width - SPACE.station;
  const buses = placeBuses(rowsOfBus, x, side);
  // Feeders of a bar that stands further out cross to it.
  for (const bus of buses)
    if (bus.x !== x)
      for (const y of rowsOfBus.get(bus.node) ?? [])
        builder.path('lead', bus.node, [bus.x, y, x, y]);

  const own = new Set(rowsOfBus.keys());
  for (const bus of rowsOfBus.keys())
    for (let n = bus; n >= 0; n = at(tree.parentNode, n)) own.add(n);
  const substation = new Map(file.nodes.map((n) => [n.id, n.substation]));
  for (const root of [...own].sort((a, b) => a - b))
    for (const n of subtree(tree, root))
      if (at(part.feederOf, n) < 0 && (substation.get(at(tree.nodes, n)) ?? station) === station)
        own.add(n);
  file.nodes.forEach((n) => {
    const index = tree.nodeIndex.get(n.id) ?? -1;
    if (n.substation === station && at(part.feederOf, index) < 0) own.add(index);
  });
  drawStation(
    builder,
    tree,
    file,
    buses,
    [...own].sort((a, b) => a - b),
    side,
  );
  const name = (file.substations ?? []).find((s) => s.id === station)?.name ?? station;
  builder.text({
    id: `station:${station}`,
    kind: 'station',
    x: side < 0 ? 8 : width - 8,
    y: Math.min(...[...rowsOfBus.values()].flat()) - SPACE.card - 12,
    text: name,
    align: side < 0 ? 'start' : 'end',
  });
}
