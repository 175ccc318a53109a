import type { DiagramBuilder } from './builder.ts';
import type { SymbolKind } from './diagram.ts';
import { at, otherEnd, type NormalTree } from './normal-tree.ts';
import { SPACE } from './spacing.ts';

export interface Equipment {
  readonly id: string;
  readonly kind: SymbolKind;
  readonly name: string | undefined;
}

/** What hangs at a node of a row, one column each. */
export type Hang =
  | { readonly kind: 'equipment'; readonly equipment: Equipment }
  | {
      readonly kind: 'drop';
      readonly branches: readonly number[];
      readonly leaf: number;
      readonly equipment: Equipment | null;
    }
  | { readonly kind: 'takeoff'; readonly link: number }
  | { readonly kind: 'lateral'; readonly branch: number; readonly first: number };

export interface Column {
  readonly hang: Hang;
  readonly s: number;
}

/** A node along a row with the branch that leads to it; `s` counts from the start of the row. */
export interface RowItem {
  readonly node: number;
  /** Branch from the item before; −1 at the start. */
  readonly branch: number;
  /** Place of the symbol on that branch, if it has one. */
  readonly symbolAt: number | null;
  readonly from: number;
  readonly to: number;
  readonly columns: readonly Column[];
}

/** Links (ties and loop-closing branches) by the node they end at, in order of their branches. */
export function linksByNode(tree: NormalTree): ReadonlyMap<number, readonly number[]> {
  const map = new Map<number, number[]>();
  for (const link of tree.links) {
    const { from, to } = at(tree.branches, link);
    for (const node of from === to ? [from] : [from, to]) {
      const list = map.get(node);
      if (list === undefined) map.set(node, [link]);
      else list.push(link);
    }
  }
  return map;
}

const LONGEST_DROP = 2;

/** A lateral short and plain enough to be one stub: no branching, at most one thing at its end. */
function asDrop(
  tree: NormalTree,
  builder: DiagramBuilder,
  links: ReadonlyMap<number, readonly number[]>,
  branch: number,
  node: number,
): Hang | null {
  const branches: number[] = [];
  let b = branch;
  let n = node;
  for (;;) {
    branches.push(b);
    n = otherEnd(tree, b, n);
    if (branches.length > LONGEST_DROP || links.has(n)) return null;
    const children = at(tree.children, n);
    const equipment = builder.equipmentAt(n);
    if (children.length === 0) {
      if (equipment.length > 1) return null;
      return { kind: 'drop', branches, leaf: n, equipment: equipment[0] ?? null };
    }
    if (children.length > 1 || equipment.length > 0) return null;
    b = at(children, 0);
  }
}

/** What hangs at a node, in the order of its columns: laterals last, so that they cross nothing. */
export function hangsAt(
  tree: NormalTree,
  builder: DiagramBuilder,
  links: ReadonlyMap<number, readonly number[]>,
  node: number,
  next: number | undefined,
  skipLink: number,
): Hang[] {
  const hangs: Hang[] = builder
    .equipmentAt(node)
    .map((equipment) => ({ kind: 'equipment', equipment }));
  const laterals: Hang[] = [];
  for (const branch of at(tree.children, node)) {
    const first = otherEnd(tree, branch, node);
    if (first === next) continue;
    const drop = asDrop(tree, builder, links, branch, node);
    if (drop !== null) hangs.push(drop);
    else laterals.push({ kind: 'lateral', branch, first });
  }
  const takeoffs = (links.get(node) ?? [])
    .filter((link) => link !== skipLink)
    .map((link): Hang => ({ kind: 'takeoff', link }));
  return [...hangs, ...takeoffs, ...laterals];
}

/**
 * Places a path of nodes along a row, as tight as its symbols allow.
 * @param fit - Moves a wanted place outward until nothing already standing there is in the way.
 * @returns Items in order; the row ends at the `to` of the last.
 */
export function placeItems(
  tree: NormalTree,
  path: readonly number[],
  hangs: (node: number, next: number | undefined) => readonly Hang[],
  start: { readonly s: number; readonly lastSymbol: number; readonly enter: boolean },
  fit: (s: number, half: number) => number,
): RowItem[] {
  const items: RowItem[] = [];
  let end = start.s;
  let lastSymbol = start.lastSymbol;
  let columnsBefore = false;
  path.forEach((node, i) => {
    const branch = i === 0 && !start.enter ? -1 : at(tree.parentBranch, node);
    let symbolAt: number | null = null;
    let from = end;
    if (branch >= 0) {
      if (at(tree.branches, branch).kind === 'line') {
        from = end + SPACE.line;
      } else {
        const wanted = end + (columnsBefore ? SPACE.switchClear : SPACE.switchStub);
        symbolAt = fit(Math.max(wanted, lastSymbol + SPACE.switchPitch), SPACE.switchStub);
        lastSymbol = symbolAt;
        from = symbolAt + SPACE.switchStub;
      }
    }
    const columns: Column[] = [];
    let s = Math.max(from, lastSymbol + SPACE.switchClear);
    for (const hang of hangs(node, path[i + 1])) {
      s = fit(s, SPACE.dropEnd);
      columns.push({ hang, s });
      s += SPACE.column;
    }
    const last = columns.at(-1);
    end = last === undefined ? from : last.s;
    columnsBefore = columns.length > 0;
    items.push({ node, branch, symbolAt, from, to: end, columns });
  });
  return items;
}

/** The same row pulled longer; distances only grow. */
export function stretchItems(items: readonly RowItem[], factor: number): RowItem[] {
  return items.map((item) => ({
    ...item,
    symbolAt: item.symbolAt === null ? null : item.symbolAt * factor,
    from: item.from * factor,
    to: item.to * factor,
    columns: item.columns.map((c) => ({ ...c, s: c.s * factor })),
  }));
}
