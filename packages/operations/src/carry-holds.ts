import type { CarriedOver } from '@relight/contract';
import { raiseAlarm } from './alarms.ts';
import { carryAdopted } from './normal-state/adopt.ts';
import { resolveEarth } from './earths.ts';
import { applyEntered } from './entered-positions.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';
import { resolveTag } from './tag.ts';

/**
 * Takes over the holds that stood when the last run ended: tags, portable earths, joints of
 * unconfirmed phase order, positions that people entered, modes, shedding lists. What the grid file
 * no longer knows cannot be kept and is
 * told to a person at once.
 */
export function carryHoldsOver(context: StepContext, left: CarriedOver): void {
  const { state, touched } = context;
  for (const { switch: id, byName } of left.adopted ?? []) {
    if (context.fileEngine.network.index.switch.has(id)) continue;
    tellLost(context, `normal/${id}`, id, byName);
  }
  carryAdopted(context, left.adopted ?? []);
  const { engine } = context;
  for (const standing of left.tags ?? []) {
    const tag = resolveTag(engine, standing);
    if (tag === null) {
      state.lostHolds.set(standing.id, { kind: 'tag', standing });
      tellLost(context, standing.id, standing.equipment, standing.ownerName);
      continue;
    }
    state.tags.set(standing.id, tag);
    touched.tags.add(standing.id);
    for (const section of tag.sections) touched.sections.add(section);
  }
  for (const standing of left.earths ?? []) {
    const earth = resolveEarth(engine, standing);
    if (earth === null) {
      state.lostHolds.set(standing.id, { kind: 'earth', standing });
      tellLost(context, standing.id, standing.equipment, standing.ownerName);
      continue;
    }
    state.earths.set(standing.id, earth);
    touched.earths.add(standing.id);
    touched.sections.add(earth.section);
  }
  for (const joint of left.joints ?? []) {
    const section = engine.sectionIndex.get(joint.section);
    if (section === undefined) {
      tellLost(context, `phaseOrder/${joint.section}`, joint.section, joint.byName);
      continue;
    }
    state.joints.set(joint.section, joint);
    touched.sections.add(section);
  }
  for (const entered of left.positions ?? []) {
    // How old it is only the wall clock of then can tell; what it says of the future counts as now.
    const age_ms = Math.max(context.at_ms - entered.at_ms, 0);
    const until_ms = context.now_ms + state.configuration.enteredPositionLife_ms - age_ms;
    if (!applyEntered(engine, state, entered, until_ms)) {
      tellLost(context, `position/${entered.equipment}`, entered.equipment, entered.byName);
    }
  }
  for (const set of left.modes ?? []) {
    state.modes.set(set.id, set);
    touched.modes.add(set.id);
  }
  for (const list of left.sheddingLists ?? []) {
    state.sheddingLists.set(list.id, list);
    touched.sheddingLists.add(list.id);
  }
  context.positionsChanged = true;
}

function tellLost(context: StepContext, id: string, equipment: string, owner: string): void {
  raiseAlarm(context, {
    key: `once/lost/${id}`,
    priority: 1,
    equipment,
    text: say(
      `KHÔNG giữ được ${id} của ${owner}: ${equipment} không còn trong tệp lưới`,
      `NOT kept: ${id} of ${owner}, ${equipment} is no longer in the grid file`,
    ),
  });
}
