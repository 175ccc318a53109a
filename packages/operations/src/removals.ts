import type { StepContext } from './step-context.ts';

/** Ends the tags and earths whose removal is on disk by now: from here on they forbid nothing. */
export function finishRemovals(context: StepContext): void {
  const { engine, state, touched } = context;
  for (const { tag, earth, durableFrom } of state.leaving) {
    if (state.durable < durableFrom) continue;
    const sections = [...(tag?.sections ?? []), ...(earth === null ? [] : [earth.section])];
    for (const id of sections) touched.sections.add(engine.sectionIndex.get(id) ?? -1);
    if (tag !== null && state.tags.delete(tag.id)) {
      touched.removedTags.push(tag);
      const device = engine.network.index.switch.get(tag.equipment);
      if (device !== undefined) touched.switches.add(device);
    }
    if (earth !== null && state.earths.delete(earth.id)) touched.removedEarths.push(earth);
    context.pictureChanged = true;
  }
  state.leaving = state.leaving.filter(({ durableFrom }) => state.durable < durableFrom);
}
