import type { AutomationMode, FeederView, ScopeMode } from '@relight/contract';
import type { GridBook } from '../store/grid-book.ts';
import type { LiveState } from '../store/live-store.ts';

/** From the freest to the strictest. */
export const MODES_BY_STRICTNESS = ['automatic', 'restoreOnly', 'advisory', 'disabled'] as const;

/** What a mode was set for. */
export type ModeScope = ScopeMode['scope'] | 'feeder';

/** The mode that holds for a feeder, and the widest scope that says so. */
export interface Binding {
  readonly mode: AutomationMode;
  readonly by: Exclude<ModeScope, 'device'> | 'shedding';
}

function strictness(mode: AutomationMode): number {
  return MODES_BY_STRICTNESS.indexOf(mode);
}

/** The mode set for the system, a substation or a device; automatic where nobody set one. */
export function scopeMode(
  live: Pick<LiveState, 'modes'>,
  scope: ScopeMode['scope'],
  equipment: string,
): AutomationMode {
  return (
    live.modes.get(scope === 'system' ? 'system' : `${scope}/${equipment}`)?.mode ?? 'automatic'
  );
}

/** Id of the substation a feeder starts from; null where the grid file names none. */
export function substationOfFeeder(book: GridBook, feeder: string): string | null {
  const head = book.switches.get(book.file.feeders?.find(({ id }) => id === feeder)?.head ?? '');
  if (head === undefined) return null;
  for (const end of [head.from, head.to]) {
    const substation = book.file.nodes.find(({ id }) => id === end)?.substation;
    if (substation !== undefined) return substation;
  }
  return null;
}

/**
 * The strictest of system, substation and feeder; of equal ones the widest is named. While load is
 * being shed nothing is automated, whatever anybody set.
 */
export function bindingMode(
  live: Pick<LiveState, 'modes'>,
  substation: string | null,
  { mode: own, shedding = false }: Pick<FeederView, 'mode' | 'shedding'>,
): Binding {
  if (shedding) return { mode: 'disabled', by: 'shedding' };
  const all: readonly Binding[] = [
    { mode: scopeMode(live, 'system', ''), by: 'system' },
    ...(substation === null
      ? []
      : [{ mode: scopeMode(live, 'substation', substation), by: 'substation' as const }]),
    { mode: own, by: 'feeder' },
  ];
  return all.reduce((binding, each) =>
    strictness(each.mode) > strictness(binding.mode) ||
    (each.mode === binding.mode && each.mode === 'automatic')
      ? each
      : binding,
  );
}
