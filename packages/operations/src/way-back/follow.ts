import { canonicalJson } from '@relight/contract';
import type { StepContext } from '../step-context.ts';
import { noteReturned } from './end.ts';
import { deviatingSwitches } from './switches.ts';
import { wayBackView } from './view.ts';

/**
 * Ends incidents at rest that are back to normal, and tells the console where what stands in the way
 * of a way back has changed: a tag, an earth, a position, a mode or what counts as normal, of which
 * the incident itself hears nothing.
 */
export function followWaysBack(context: StepContext): void {
  const { engine, state, touched } = context;
  const mayChange =
    context.pictureChanged ||
    touched.incidents.size + touched.tags.size + touched.earths.size + touched.feeders.size > 0 ||
    touched.removedTags.length + touched.removedEarths.length + touched.entered.size > 0 ||
    touched.earthFaults.size + touched.modes.size + touched.switches.size > 0;
  if (!mayChange) return;
  const deviating = deviatingSwitches(engine, state);
  for (const incident of state.incidents) {
    noteReturned(context, incident);
    const view = wayBackView(engine, state, incident, deviating);
    const shown = view === null ? '' : canonicalJson(view);
    if (shown === incident.wayBackShown) continue;
    incident.wayBackShown = shown;
    touched.incidents.add(incident.id);
  }
}
