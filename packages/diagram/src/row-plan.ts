import type { DiagramBuilder } from './builder.ts';
import type { DiagramFeeder } from './feeders.ts';
import { at, otherEnd, type NormalTree } from './normal-tree.ts';
import { hangsAt, placeItems, type RowItem } from './row-items.ts';
import { SPACE } from './spacing.ts';
import { subtree, trunkPath } from './trunk.ts';

/** A trunk (level 0) or a lateral row below (> 0) or above it (< 0), its places along x settled. */
export interface PlannedRow {
  readonly items: readonly RowItem[];
  readonly level: number;
  readonly direction: 1 | -1;
  /** Place along x of a distance from the start of the row. */
  readonly at: (s: number) => number;
  /** Node and place it hangs from; the busbar for a trunk. */
  readonly entryNode: number;
  readonly entryX: number;
  readonly parentLevel: number;
}

/** Where a link leaves a row. */
export interface Takeoff {
  readonly link: number;
  readonly node: number;
  readonly x: number;
  readonly level: number;
  readonly direction: 1 | -1;
}

export interface LayoutContext {
  readonly tree: NormalTree;
  readonly builder: DiagramBuilder;
  readonly links: ReadonlyMap<number, readonly number[]>;
  readonly moments: Float64Array;
  /** Links drawn as a straight stretch between two trunks; they take no column. */
  readonly facing: ReadonlySet<number>;
  /** Row of the picture that the feeder of a node stands in; −1 in a station. */
  readonly rowOf: (node: number) => number;
}

const NOTHING_IN_THE_WAY = (s: number): number => s;

function hangsOf(context: LayoutContext, node: number, next: number | undefined) {
  const { tree, builder, links, facing } = context;
  const facingHere = (links.get(node) ?? []).find((link) => facing.has(link)) ?? -1;
  return hangsAt(tree, builder, links, node, next, facingHere);
}

/** The trunk of a feeder at its tightest, measured from its busbar. */
export function placeTrunk(
  context: LayoutContext,
  feeder: DiagramFeeder,
  path: readonly number[],
): RowItem[] {
  return placeItems(
    context.tree,
    path,
    (node, next) => hangsOf(context, node, next),
    {
      s: feeder.head >= 0 ? SPACE.head - SPACE.switchStub : 0,
      lastSymbol: -SPACE.switchPitch,
      enter: feeder.head >= 0,
    },
    NOTHING_IN_THE_WAY,
  );
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

const LABEL_ROOM = 34;
const HAIR = 1e-6;
const DEEPEST = 60;

/** A lateral rises where most of its ties lead to the row above; else it hangs. */
function rises(context: LayoutContext, first: number, row: number): boolean {
  let above = 0;
  for (const node of subtree(context.tree, first))
    for (const link of context.links.get(node) ?? []) {
      const target = context.rowOf(otherEnd(context.tree, link, node));
      if (target >= 0 && target === row - 1) above += 1;
      else if (target >= row) above -= 1;
    }
  return above > 0;
}

/**
 * Gives every lateral of a row its own row beside the trunk: the first level where it has room.
 * Laterals are taken from the far end inward, so that an inner one passes below an outer one and
 * nothing crosses.
 * @param trunks - The trunks of the row, places settled.
 * @param limits - Smallest and largest x a lateral may reach; one that would pass them turns back.
 */
export function planLaterals(
  context: LayoutContext,
  trunks: readonly PlannedRow[],
  limits: { readonly from: number; readonly to: number },
): { readonly rows: readonly PlannedRow[]; readonly takeoffs: readonly Takeoff[] } {
  const rows: PlannedRow[] = [...trunks];
  const takeoffs: Takeoff[] = [];
  const blocked: number[] = [];
  const occupied = new Map<number, Interval[]>();
  const collectTakeoffs = (row: PlannedRow): void => {
    for (const item of row.items)
      for (const { hang, s } of item.columns) {
        if (hang.kind !== 'takeoff') continue;
        const { level, direction } = row;
        takeoffs.push({ link: hang.link, node: item.node, x: row.at(s), level, direction });
        blocked.push(row.at(s));
      }
  };
  trunks.forEach(collectTakeoffs);

  const free = (level: number, { from, to }: Interval): boolean =>
    (occupied.get(level) ?? []).every((other) => to <= other.from || from >= other.to);
  for (let r = 0; r < rows.length; r += 1) {
    const parent = at(rows, r);
    const pending = parent.items
      .flatMap((item) =>
        item.columns.flatMap((c) =>
          c.hang.kind === 'lateral' ? [{ node: item.node, hang: c.hang, x: parent.at(c.s) }] : [],
        ),
      )
      .reverse();
    for (const { node, hang, x } of pending) {
      const path = trunkPath(
        context.tree,
        context.moments,
        hang.first,
        new Set(),
        new Set(context.links.keys()),
      );
      const place = (direction: 1 | -1): { items: RowItem[]; span: Interval } => {
        const items = placeItems(
          context.tree,
          path,
          (n, next) => hangsOf(context, n, next),
          { s: 0, lastSymbol: -SPACE.switchPitch + SPACE.switchClear, enter: true },
          (s, half) => {
            let fitted = s;
            const clash = (): number | undefined =>
              // Rounding may put it a hair too near to what it was just moved away from.
              blocked.find((b) => Math.abs(x + direction * fitted - b) < half + 10 - HAIR);
            for (let hit = clash(); hit !== undefined; hit = clash())
              fitted = direction * (hit - x) + half + 10;
            return fitted;
          },
        );
        const end = x + direction * (items.at(-1)?.to ?? 0);
        return {
          items,
          span: { from: Math.min(x, end) - LABEL_ROOM, to: Math.max(x, end) + LABEL_ROOM },
        };
      };
      let direction = parent.direction;
      let placed = place(direction);
      if (placed.span.to > limits.to || placed.span.from < limits.from) {
        const back = place(direction === 1 ? -1 : 1);
        if (back.span.to <= limits.to && back.span.from >= limits.from) {
          direction = direction === 1 ? -1 : 1;
          placed = back;
        }
      }
      const up =
        parent.level < 0 ||
        (parent.level === 0 && rises(context, hang.first, context.rowOf(hang.first)));
      const step = up ? -1 : 1;
      const passed = (to: number): number[] => {
        const levels: number[] = [];
        for (let l = parent.level + step; l !== to; l += step) levels.push(l);
        return levels;
      };
      const stem = { from: x - 12, to: x + 12 };
      // Best where its stem crosses no row on the way; else the first level with room.
      const firstLevel = (fits: (l: number) => boolean): number | undefined => {
        for (let n = 1; n <= DEEPEST; n += 1)
          if (free(parent.level + step * n, placed.span) && fits(parent.level + step * n))
            return parent.level + step * n;
        return undefined;
      };
      const level =
        firstLevel((l) => passed(l).every((m) => free(m, stem))) ??
        firstLevel(() => true) ??
        parent.level + step * (occupied.size + 1);
      const occupy = (l: number, interval: Interval): void => {
        const list = occupied.get(l);
        if (list === undefined) occupied.set(l, [interval]);
        else list.push(interval);
      };
      occupy(level, placed.span);
      for (const l of passed(level)) occupy(l, stem);
      const row: PlannedRow = {
        items: placed.items,
        level,
        direction,
        at: (s) => x + direction * s,
        entryNode: node,
        entryX: x,
        parentLevel: parent.level,
      };
      rows.push(row);
      collectTakeoffs(row);
    }
  }
  return { rows, takeoffs };
}
