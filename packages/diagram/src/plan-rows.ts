import type { Block } from './arrange.ts';
import type { FacingTie } from './facing-tie.ts';
import type { FeederPartition } from './feeders.ts';
import { at } from './normal-tree.ts';
import { stretchItems, type RowItem } from './row-items.ts';
import {
  placeTrunk,
  planLaterals,
  type LayoutContext,
  type PlannedRow,
  type Takeoff,
} from './row-plan.ts';
import { SPACE } from './spacing.ts';
import { trunkPath } from './trunk.ts';

/** A row of the picture with the plans of its one or two feeders. */
export interface RowPlan {
  readonly block: number;
  readonly left: number;
  readonly right: number;
  readonly rows: readonly PlannedRow[];
  readonly takeoffs: readonly Takeoff[];
  /** Lateral rows below and above the trunk. */
  readonly below: number;
  readonly above: number;
  readonly facing: number;
}

/** Room between two stations with little between them. */
const LEAST_INNER = 640;
/** Wider rows are stretched, which may move a lateral outward again. */
const WIDER_ATTEMPTS = 6;

/** Trunks and laterals of every row, and the width that all of them need. */
export function planRows(
  context: LayoutContext,
  part: FeederPartition,
  blocks: readonly Block[],
  facingOf: ReadonlyMap<string, FacingTie>,
  least = LEAST_INNER,
  attempts = WIDER_ATTEMPTS,
): { plans: RowPlan[]; width: number } {
  const { tree, moments, links } = context;
  const tieNodes = new Set(links.keys());
  const trunks = new Map<number, RowItem[]>();
  let inner = least;
  for (const { rows } of blocks)
    for (const { left, right } of rows) {
      const tie = facingOf.get(`${left}:${right}`);
      let length = SPACE.facing;
      for (const [f, end] of [
        [left, tie?.left],
        [right, tie?.right],
      ] as const) {
        if (f < 0) continue;
        const feeder = at(part.feeders, f);
        const wanted = new Set(end === undefined ? [] : [end]);
        const path = trunkPath(tree, moments, feeder.first, wanted, tieNodes);
        const items = placeTrunk(context, feeder, path);
        trunks.set(f, items);
        length += trunkLength(items);
      }
      inner = Math.max(inner, length);
    }
  const width = inner + 2 * SPACE.station;

  const plans: RowPlan[] = [];
  blocks.forEach((block, b) => {
    for (const { left, right } of block.rows) {
      const total = [left, right].reduce(
        (sum, f) => sum + (f < 0 ? 0 : trunkLength(trunks.get(f) ?? [])),
        0,
      );
      const factor = total > 0 ? Math.min(1.8, (inner - SPACE.facing) / total) : 1;
      const planned = ([1, -1] as const).flatMap((direction): PlannedRow[] => {
        const f = direction > 0 ? left : right;
        if (f < 0) return [];
        const base = direction > 0 ? SPACE.station : width - SPACE.station;
        return [
          {
            items: stretchItems(trunks.get(f) ?? [], factor),
            level: 0,
            direction,
            at: (s) => base + direction * s,
            entryNode: at(part.feeders, f).bus,
            entryX: base,
            parentLevel: 0,
          },
        ];
      });
      const { rows, takeoffs } = planLaterals(context, planned, {
        from: SPACE.station + SPACE.head,
        to: width - SPACE.station - SPACE.head,
      });
      const facing = facingOf.get(`${left}:${right}`)?.link ?? -1;
      const below = Math.max(...rows.map((row) => row.level));
      const above = -Math.min(...rows.map((row) => row.level));
      plans.push({ block: b, left, right, rows, takeoffs, below, above, facing });
    }
  });
  // A lateral longer than its row would reach into a station: then all rows become wider.
  const [from, to] = [SPACE.station + SPACE.head, width - SPACE.station - SPACE.head];
  let beyond = 0;
  for (const { rows } of plans)
    for (const row of rows) {
      if (row.level === 0) continue;
      const end = row.at(row.items.at(-1)?.to ?? 0);
      beyond = Math.max(beyond, from - end, end - to);
    }
  return beyond > 0 && attempts > 0
    ? planRows(context, part, blocks, facingOf, inner + beyond, attempts - 1)
    : { plans, width };
}

/** Length of a trunk to its last item. */
export function trunkLength(items: readonly RowItem[]): number {
  return items.at(-1)?.to ?? 0;
}
