import type { SectionView } from '@relight/contract';
import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

/** In which section everything that is drawn lies. Membership never changes while the grid does not. */
export interface SectionIndex {
  /** Section ids; the numbers below point into it, −1 where the server named no section. */
  readonly ids: readonly string[];
  readonly ofNode: ReadonlyMap<string, number>;
  readonly ofPath: Int32Array;
  /** Two for each symbol: at its first and second node. */
  readonly ofSymbol: Int32Array;
}

const indices = new WeakMap<GridBook, { readonly from: number; readonly index: SectionIndex }>();

/** The index of a book, built when the sections are first heard of. */
export function sectionIndex(book: GridBook, live: LiveState): SectionIndex {
  const known = indices.get(book);
  if (known !== undefined && known.from === live.sections.size) return known.index;
  const ids = [...live.sections.keys()];
  const ofNode = new Map<string, number>();
  ids.forEach((id, i) => {
    for (const node of live.sections.get(id)?.nodes ?? []) ofNode.set(node, i);
  });
  const number = (node: string): number => ofNode.get(node) ?? -1;
  const index = {
    ids,
    ofNode,
    ofPath: Int32Array.from(book.diagram.paths, (path) => number(path.node)),
    ofSymbol: Int32Array.from(
      book.diagram.symbols.flatMap((symbol) => symbol.nodes),
      number,
    ),
  };
  indices.set(book, { from: live.sections.size, index });
  return index;
}

/** The section a node lies in, as it is now. */
export function sectionOf(book: GridBook, live: LiveState, node: string): SectionView | undefined {
  const { ids, ofNode } = sectionIndex(book, live);
  return live.sections.get(ids[ofNode.get(node) ?? -1] ?? '');
}
