import type { TagKind } from '@relight/contract';
import { sectionIndex } from '../scene/section-index.ts';
import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

/** Symbol of the sheet for each kind of tag. */
export const TAG_SYMBOLS: Readonly<Record<TagKind, string>> = {
  doNotOperate: 'tag-closed',
  crewAtWork: 'crew-closed',
  hotLine: 'tag-mid',
  information: 'tag-open',
};

/** Conductors that cross: joined, and in which order nobody has confirmed. */
export const PHASE_ORDER_SYMBOL = 'phase-order-bad';

/** A sign that hangs in the picture. */
export interface TagMark {
  readonly symbol: string;
  /** Place in the diagram. */
  readonly x: number;
  readonly y: number;
  /** It hangs on a device, so it stands beside its symbol. */
  readonly onDevice: boolean;
  /** Number among the signs of the same place, from 0. */
  readonly n: number;
}

/** Middle of the longest stretch among the lines of a section. */
function placeInSection(
  book: GridBook,
  live: LiveState,
  section: string,
): readonly [number, number] | null {
  const index = sectionIndex(book, live);
  const number = index.ids.indexOf(section);
  let best: readonly [number, number] | null = null;
  let longest = -1;
  book.diagram.paths.forEach(({ points }, path) => {
    if (index.ofPath[path] !== number) return;
    for (let i = 0; i + 3 < points.length; i += 2) {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = points.slice(i, i + 4);
      const length = Math.abs(x1 - x0) + Math.abs(y1 - y0);
      if (length > longest) [best, longest] = [[(x0 + x1) / 2, (y0 + y1) / 2], length];
    }
  });
  return best;
}

/**
 * Tags, portable earths and unconfirmed phase orders where they hang.
 * Cost: the paths of the diagram for each on a section.
 */
export function tagMarks(book: GridBook, live: LiveState): readonly TagMark[] {
  const count = new Map<string, number>();
  const marks: TagMark[] = [];
  const hang = (symbol: string, equipment: string, on: 'device' | 'section'): void => {
    const device = book.symbols.get(equipment);
    const place =
      on === 'device'
        ? device === undefined
          ? null
          : ([device.x, device.y] as const)
        : placeInSection(book, live, equipment);
    if (place === null) return;
    const n = count.get(equipment) ?? 0;
    count.set(equipment, n + 1);
    marks.push({ symbol, x: place[0], y: place[1], onDevice: on === 'device', n });
  };
  for (const { kind, equipment, on } of live.tags.values()) hang(TAG_SYMBOLS[kind], equipment, on);
  for (const { kind, section } of live.earths.values())
    if (kind === 'portable') hang('ground-disconnector-closed', section, 'section');
  for (const { id, phaseUnconfirmed } of live.sections.values())
    if (phaseUnconfirmed !== undefined) hang(PHASE_ORDER_SYMBOL, id, 'section');
  return marks;
}
