import type { Bilingual } from '@relight/contract';
import { feedersAt } from './feeders-at.ts';
import { isClosed, type Incident } from './incident-state.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';

/**
 * A hold has landed where a plan works: the plan stops, is made anew around it, and a person
 * releases it, since somebody is at the site now. Also where only its feeder is the same: what the
 * crew does next the engine cannot know.
 */
export function haltPlansAt(
  context: StepContext,
  hold: { readonly switches: readonly number[]; readonly sections: readonly number[] },
  what: Bilingual,
): void {
  for (const incident of context.state.incidents) {
    if (isClosed(incident) || !concerns(context, incident, hold)) continue;
    const why = say(
      `có thêm "${what.vi}" trong phạm vi phương án`,
      `"${what.en}" was put where the plan works`,
    );
    if (!incident.mustAsk.some((each) => each.en === why.en)) incident.mustAsk.push(why);
    if (incident.progress !== null) incident.surprise ??= why;
    context.touched.incidents.add(incident.id);
  }
}

function concerns(
  context: StepContext,
  incident: Incident,
  hold: { readonly switches: readonly number[]; readonly sections: readonly number[] },
): boolean {
  const { engine, state } = context;
  if (incident.plan?.switches.some((each) => hold.switches.includes(each)) === true) return true;
  if (incident.outSections.some((section) => hold.sections.includes(section))) return true;
  const works = [...incident.feeders, ...(incident.plan?.helpingFeeders ?? [])];
  const held = [
    ...hold.switches.flatMap((each) => feedersAt(context, each)),
    ...hold.sections.flatMap((section) => [
      engine.sections[section]?.normalFeeder ?? -1,
      state.sections[section]?.feeder ?? -1,
    ]),
  ];
  return held.some((feeder) => feeder !== -1 && works.includes(feeder));
}
