import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';
import { traceFrom } from '../trace/trace.ts';

/** A device that could reclose onto hot-line work. */
export interface RecloserAbove {
  readonly id: string;
  /** `silent`: it reports no reclosing, so a person has to look at it on the spot. */
  readonly reclosing: 'on' | 'off' | 'silent';
}

/**
 * Breakers and reclosers on the way up from a device or section now, the device itself with them,
 * nearest the source last. The control centre judges again whatever is claimed of them.
 */
export function reclosersAbove(
  book: GridBook,
  live: LiveState,
  equipment: string,
): readonly RecloserAbove[] {
  const start = live.sections.get(equipment)?.lines[0] ?? equipment;
  const way = traceFrom(book, live, start, 'up')?.branches ?? new Set<string>();
  return [...way].flatMap((id) => {
    const device = book.switches.get(id);
    const trips = device?.protects ?? (device?.kind === 'breaker' || device?.kind === 'recloser');
    if (device === undefined || device.kind === 'fuse' || !trips) return [];
    const told = live.switches.get(id)?.reclosing ?? null;
    return [{ id, reclosing: told === null ? 'silent' : told ? 'on' : 'off' } as const];
  });
}
