import type { Bilingual } from '@relight/contract';
import { planReturn, type PlannedRestoration } from '@relight/flisr';
import { fail, ok, type Result } from '@relight/foundation';
import { pointOf, type Engine } from '../engine.ts';
import type { Incident, WayBack } from '../incident-state.ts';
import { estimateLoads } from '../load-estimate.ts';
import { optionsFor } from '../plan-from-now.ts';
import { goodValue } from '../process-image.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import type { StepContext } from '../step-context.ts';
import { missingConditions } from './conditions.ts';
import { wayBackScope } from './switches.ts';

/**
 * The plan back from the state as it is now; made anew after every surprise, so the conditions are
 * asked for each time. Fails with what stands in its way.
 */
export function planWayBack(
  context: StepContext,
  incident: Incident,
  wayBack: WayBack,
): Result<PlannedRestoration, Bilingual> {
  const { engine, state } = context;
  const scope = wayBackScope(engine, state, incident);
  wayBack.switches = scope.offNormal;
  const missing = missingConditions(engine, state, incident, scope);
  if (missing.length > 0) {
    const list = (language: 'vi' | 'en'): string =>
      missing.map(({ text, next }) => `${text[language]} (${next[language]})`).join('; ');
    return fail(
      say(
        `chưa trả về kết dây cơ bản được: ${list('vi')}`,
        `the return to normal has to wait: ${list('en')}`,
      ),
    );
  }
  return ok(
    planReturn({
      network: engine.network,
      positionsNow: state.positions,
      loads: estimateLoads(engine, state),
      options: optionsFor(context, incident),
      normal: engine.normalPositions,
      only: new Set(scope.offNormal),
      rules: {
        repaired: new Set(incident.liftedSections),
        energisers: energisers(engine, state),
        mayInterrupt: wayBack.mayInterrupt,
      },
    }),
  );
}

/** Breakers and reclosers that do not reclose, or whose reclosing can be switched off from here. */
function energisers(engine: Engine, state: OperationsState): ReadonlySet<number> {
  const found = new Set<number>();
  engine.grid.switches.forEach(({ kind }, at) => {
    if (kind !== 'breaker' && kind !== 'recloser') return;
    const point = pointOf(engine, at, 'reclosing');
    const recloses = point === -1 ? false : goodValue(engine, state, at, 'reclosing');
    // Of one that does not say, nobody knows whether it would close onto the part a second time.
    const mayBeSwitchedOff = recloses === true && engine.points[point]?.commandable === true;
    if (recloses === false || mayBeSwitchedOff) found.add(at);
  });
  return found;
}
