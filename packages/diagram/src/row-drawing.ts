import type { DiagramBuilder } from './builder.ts';
import { at, type NormalTree } from './normal-tree.ts';
import type { Column } from './row-items.ts';
import type { PlannedRow } from './row-plan.ts';
import { SPACE } from './spacing.ts';

function drawDrop(
  builder: DiagramBuilder,
  tree: NormalTree,
  column: Column,
  node: number,
  x: number,
  y: number,
  down: 1 | -1,
): void {
  const { hang } = column;
  if (hang.kind === 'equipment') {
    const end = y + down * (SPACE.drop - 8);
    builder.path('wire', node, [x, y, x, end], { lateral: true });
    builder.equipmentSymbol(hang.equipment, node, x, end + down * SPACE.dropEnd, true);
    return;
  }
  if (hang.kind !== 'drop') return;
  const length = down * (SPACE.drop + (hang.branches.length - 1) * 18);
  const share = length / hang.branches.length;
  let above = node;
  hang.branches.forEach((b, i) => {
    const { id, kind, from, to } = at(tree.branches, b);
    const below = from === above ? to : from;
    const [top, bottom] = [y + i * share, y + (i + 1) * share];
    if (kind === 'line') {
      builder.path('line', below, [x, top, x, bottom], { id, lateral: true });
    } else {
      const middle = (top + bottom) / 2;
      builder.path('wire', above, [x, top, x, middle], { lateral: true });
      builder.path('wire', below, [x, middle, x, bottom], { lateral: true });
      if (kind === 'switch') builder.switchSymbol(b, x, middle, true, 'right');
      else builder.transformerSymbol(b, x, middle, true);
    }
    above = below;
  });
  if (hang.equipment !== null)
    builder.equipmentSymbol(hang.equipment, hang.leaf, x, y + length + down * SPACE.dropEnd, true);
}

/**
 * Draws one row of items at height `y`.
 * @param entry - Points from where the row hangs to its first item, for the branch that enters it.
 */
export function drawRow(
  builder: DiagramBuilder,
  tree: NormalTree,
  row: PlannedRow,
  y: number,
  entry: readonly number[],
): void {
  const trunk = row.level === 0;
  const lateral = !trunk;
  // The head is named by the label of its feeder.
  const head = trunk ? row.items[0] : undefined;
  let before = row.entryNode;
  let points: readonly number[] = entry;
  for (const item of row.items) {
    const from = row.at(item.from);
    const to = row.at(item.to);
    const startX = points.at(-2) ?? from;
    if (item.branch >= 0) {
      const { id, kind } = at(tree.branches, item.branch);
      if (kind === 'line') {
        builder.path('line', item.node, [...points, from, y], { id, lateral });
        builder.stretch(item.node, startX, from, y, trunk);
      } else {
        const x = row.at(item.symbolAt ?? item.from);
        builder.path('wire', before, [...points, x, y], { lateral });
        builder.path('wire', item.node, [x, y, from, y], { lateral });
        if (kind === 'switch')
          builder.switchSymbol(item.branch, x, y, false, item === head ? 'none' : 'below');
        else builder.transformerSymbol(item.branch, x, y, false);
        // Bar to breaker belongs to the bar: no room for a card.
        builder.stretch(before, startX, x, y, trunk && item !== head);
        builder.stretch(item.node, x, from, y, trunk);
      }
    }
    if (from !== to) builder.path('wire', item.node, [from, y, to, y], { lateral });
    builder.stretch(item.node, from, to, y, trunk);
    for (const column of item.columns) {
      const x = row.at(column.s);
      if (column.hang.kind === 'lateral') builder.dot(x, y, item.node);
      else drawDrop(builder, tree, column, item.node, x, y, row.level < 0 ? -1 : 1);
    }
    before = item.node;
    points = [to, y];
  }
}
