import type { GridBook } from '../store/grid-book.ts';

/** The substations somebody answers for, by name where the grid is known; null: all of them. */
export function areaWords(book: GridBook, areas: readonly string[] | null): string | null {
  if (areas === null) return null;
  return areas.map((id) => book.stationNames.get(id)?.replace(/ 110 kV/u, '') ?? id).join(', ');
}
