import type { Bilingual } from '@relight/contract';
import { planReturn, type PlannedRestoration } from '@relight/flisr';
import { fail, ok, type Result } from '@relight/foundation';
import type { Incident, WayBack } from '../incident-state.ts';
import { estimateLoads } from '../load-estimate.ts';
import { optionsFor } from '../plan-from-now.ts';
import { say } from '../signal-text.ts';
import type { StepContext } from '../step-context.ts';
import { missingConditions } from './conditions.ts';
import { energisers, repairedSections } from './first-energising.ts';
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
        repaired: repairedSections(state),
        energisers: energisers(engine, state),
        mayInterrupt: wayBack.mayInterrupt,
      },
    }),
  );
}
