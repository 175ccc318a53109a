import type { AutomationMode, ScopeMode } from '@relight/contract';
import type { Engine } from './engine.ts';
import type { OperationsState } from './state.ts';

/** From the freest to the strictest. */
const STRICTNESS: readonly AutomationMode[] = ['automatic', 'restoreOnly', 'advisory', 'disabled'];

/** The strictest of all that apply; `automatic` where none does. */
export function strictestMode(modes: readonly AutomationMode[]): AutomationMode {
  return modes.reduce<AutomationMode>(
    (strictest, mode) =>
      STRICTNESS.indexOf(mode) > STRICTNESS.indexOf(strictest) ? mode : strictest,
    'automatic',
  );
}

export function scopeModeId(scope: ScopeMode['scope'], equipment: string): string {
  return scope === 'system' ? 'system' : `${scope}/${equipment}`;
}

/** What holds for a feeder: the strictest of system, its substation and its own mode. */
export function feederMode(engine: Engine, state: OperationsState, feeder: number): AutomationMode {
  const own = state.feeders[feeder]?.mode ?? 'disabled';
  if (state.modes.size === 0) return own;
  const substation = substationOf(engine, feeder);
  return strictestMode([
    state.modes.get('system')?.mode ?? 'automatic',
    state.modes.get(scopeModeId('substation', substation))?.mode ?? 'automatic',
    own,
  ]);
}

/** What a person set for one device; `automatic` where nobody did. */
export function deviceMode(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
): AutomationMode {
  const id = engine.grid.switches[switchIndex]?.id ?? '';
  return state.modes.get(scopeModeId('device', id))?.mode ?? 'automatic';
}

/** Feeders whose head stands in a substation, ascending. */
export function feedersOfSubstation(engine: Engine, substation: string): readonly number[] {
  return engine.grid.feeders.flatMap((_, index) =>
    substationOf(engine, index) === substation ? [index] : [],
  );
}

/** Id of the substation a feeder starts from; empty where the file names none. */
function substationOf(engine: Engine, feeder: number): string {
  const { grid } = engine;
  const head = grid.switches[grid.feeders[feeder]?.head ?? -1];
  if (head === undefined) return '';
  for (const end of [head.from, head.to]) {
    const substation = grid.connectivityNodes[end]?.substation ?? null;
    if (substation !== null) return substation;
  }
  return '';
}
