import type { AutomationMode, Bilingual, OperatorRequest, ScopeMode } from '@relight/contract';
import { refused, type Answer } from './answers.ts';
import { areasNotCovered, areasOfSwitch } from './areas.ts';
import { feedersAt } from './feeders-at.ts';
import { stopPlansOn } from './incident-changes.ts';
import { feedersOfSubstation, scopeModeId } from './modes.ts';
import type { Person } from './people.ts';
import { say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';

/** Sets the mode of a feeder; that also ends its being out of automatic. */
export function setFeederMode(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'setMode' }>,
): Answer {
  const { engine, state } = context;
  const index = engine.feederIndex.get(body.feeder);
  const feeder = index === undefined ? undefined : state.feeders[index];
  if (index === undefined || feeder === undefined) {
    return refused(404, 'RL-023', `no feeder ${body.feeder}`);
  }
  const head = engine.grid.feeders[index]?.head ?? -1;
  const missing = areasNotCovered(areasOfSwitch(engine, head), [person]);
  if (missing.length > 0)
    return refused(403, 'RL-073', `${body.feeder} is in ${missing.join(', ')}`);
  record(context, 'mode', person.user, null, {
    feeder: body.feeder,
    from: feeder.mode,
    to: body.mode,
  });
  feeder.mode = body.mode;
  feeder.out = null;
  if (body.mode === 'disabled') {
    stopPlansOn(context, index, disabledNow(engine.grid.feeders[index]?.name ?? ''));
  }
  context.touched.feeders.add(index);
  context.touched.summary = true;
  return { status: 202, accepted: { ok: true } };
}

/** Sets the mode of the whole system, of a substation's feeders, or of one device. */
export function setScopeMode(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'setScopeMode' }>,
): Answer {
  const { engine, state } = context;
  const { scope, mode } = body;
  const equipment = scope === 'system' ? '' : body.equipment;
  const switchIndex = engine.network.index.switch.get(equipment) ?? -1;
  const isKnown = {
    system: true,
    substation: engine.grid.substations.some((each) => each.id === equipment),
    device: switchIndex !== -1,
  }[scope];
  if (!isKnown) return refused(404, 'RL-023', `no ${scope} ${equipment}`);
  const areas = {
    system: engine.grid.substations.map((each) => each.id),
    substation: [equipment],
    device: areasOfSwitch(engine, switchIndex),
  }[scope];
  const missing = areasNotCovered(areas, [person]);
  // Stricter is always the safe way: for that one part of the areas is enough.
  const refuses = mode === 'automatic' ? missing.length > 0 : missing.length === areas.length;
  if (refuses && missing.length > 0) {
    return refused(403, 'RL-073', `needs the areas ${missing.join(', ')}`);
  }
  const id = scopeModeId(scope, equipment);
  const from: AutomationMode = state.modes.get(id)?.mode ?? 'automatic';
  const set: ScopeMode = {
    id,
    scope,
    equipment,
    mode,
    byName: person.name,
    at_ms: context.at_ms,
  };
  record(context, 'mode', person.user, id, { scope: set, from, user: person.user });
  state.modes.set(id, set);
  context.touched.modes.add(id);
  context.touched.summary = true;
  const feeders = {
    system: engine.grid.feeders.map((_, index) => index),
    substation: feedersOfSubstation(engine, equipment),
    device: switchIndex === -1 ? [] : feedersAt(context, switchIndex),
  }[scope];
  for (const feeder of feeders) context.touched.feeders.add(feeder);
  if (switchIndex !== -1) context.touched.switches.add(switchIndex);
  if (mode === 'disabled' && scope !== 'device') {
    const why = disabledNow(equipment === '' ? engine.grid.name : equipment);
    for (const feeder of feeders) stopPlansOn(context, feeder, why);
  }
  return { status: 202, accepted: { ok: true } };
}

function disabledNow(name: string): Bilingual {
  return say(`${name}: tự động hóa vừa bị tắt`, `${name}: automation has just been disabled`);
}
