import type { AdoptedPosition, Bilingual, OperatorRequest } from '@relight/contract';
import { OPEN } from '@relight/topology';
import { refused, type Answer } from '../answers.ts';
import { approvalView, askForApproval, type Approval, type Shown } from '../approvals.ts';
import { areasNotCovered, areasOfSwitch, hasPartIn } from '../areas.ts';
import { switchName, type Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { usersOf, type Person } from '../people.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { addEvent, record, type StepContext } from '../step-context.ts';
import { whyNotAdopt } from './why-not-adopt.ts';

type Adopt = Extract<OperatorRequest, { type: 'adoptNormal' }>;

/** What every such approval is about: only one waits at a time. */
const ABOUT = 'normal state';

/**
 * A person wants the present positions of switches to be the normal ones. Refused with every reason
 * that speaks against it; otherwise laid before a second person, for all later plans lead there.
 */
export function askToAdopt(context: StepContext, person: Person, body: Adopt): Answer {
  const { engine, state } = context;
  const unknown = body.switches.find((id) => !engine.network.index.switch.has(id));
  if (unknown !== undefined) return refused(404, 'RL-005', `no switch ${unknown}`);
  const equipment = [...new Set(body.switches)].sort();
  const switches = indicesOf(engine, equipment);
  const strange = switches.find((at) => !hasPartIn(areasOfSwitch(engine, at), person));
  if (strange !== undefined) {
    const areas = areasOfSwitch(engine, strange).join(', ');
    return refused(403, 'RL-073', `${switchName(engine, strange)} is in the area of ${areas}`);
  }
  for (const waiting of state.approvals.values()) {
    if (waiting.what === 'adoptNormal' && waiting.state === 'waiting') {
      return refused(409, 'RL-025', `${waiting.id} waits for a second person about the same`);
    }
  }
  const no = refusal(engine, state, switches);
  if (no !== null) return no;
  const approval = askForApproval(context, {
    what: 'adoptNormal',
    about: ABOUT,
    equipment,
    reason: body.reason,
    by: person,
    shown: shownOfAdoption(engine, state, equipment),
  });
  return { status: 202, accepted: { ok: true, approval: approvalView(approval) } };
}

/** What a second person is shown: each switch with its new normal position, and who changes feeder. */
export function shownOfAdoption(
  engine: Engine,
  state: OperationsState,
  equipment: readonly string[],
): Shown {
  const switches = indicesOf(engine, equipment);
  return {
    title: say(
      `Nhận vị trí hiện tại của ${switches.length} thiết bị làm kết dây cơ bản`,
      `Adopt the present position of ${switches.length} switches as normal`,
    ),
    details: switches.map((at) => {
      const name = switchName(engine, at);
      const isOpen = state.positions[at] === OPEN;
      return say(
        `${name}: bình thường ${isOpen ? 'mở' : 'đóng'}`,
        `${name}: normally ${isOpen ? 'open' : 'closed'}`,
      );
    }),
  };
}

/** The second person has agreed: judged anew, then it holds from this step on. */
export function adopt(context: StepContext, approval: Approval, second: Person): Answer {
  const { engine, state } = context;
  const switches = indicesOf(engine, approval.equipment);
  const people = [approval.by, second];
  const areas = [...new Set(switches.flatMap((at) => areasOfSwitch(engine, at)))];
  const missing = areasNotCovered(areas, people);
  if (missing.length > 0) {
    return refused(403, 'RL-073', `nobody of the two answers for ${missing.join(', ')}`);
  }
  const no = refusal(engine, state, switches);
  if (no !== null) return no;
  const changed = switches.map((at): AdoptedPosition => ({
    switch: entryAt(engine.grid.switches, at).id,
    position: state.positions[at] === OPEN ? 'open' : 'closed',
    by: usersOf(people),
    byName: people.map(({ name }) => name).join(' + '),
    reason: approval.reason ?? '',
    at_ms: context.at_ms,
  }));
  state.adopted = merged(context.fileEngine, state.adopted, changed);
  touchChanged(context, engine);
  // An incident all of whose switches are normal now is over.
  context.pictureChanged = true;
  record(context, 'normalState', usersOf(people), null, {
    changed,
    adopted: [...state.adopted],
    reason: approval.reason,
  });
  for (const { switch: id, position, byName, reason } of changed) {
    addEvent(context, { equipment: id, text: told(position, byName, reason) });
  }
  return { status: 202 };
}

/**
 * Takes over what was adopted in earlier runs. What an engineer has put into the grid file since, or
 * what the file no longer has, is forgotten on record: it must not come back with a later file.
 */
export function carryAdopted(context: StepContext, adopted: readonly AdoptedPosition[]): void {
  const kept = merged(context.fileEngine, [], adopted);
  context.state.adopted = kept;
  if (kept.length === adopted.length) return;
  record(context, 'normalState', 'relight', null, { changed: [], adopted: kept });
}

/** Sorted by switch; without what the file says itself. */
function merged(
  file: Engine,
  known: readonly AdoptedPosition[],
  changed: readonly AdoptedPosition[],
): readonly AdoptedPosition[] {
  const all = new Map([...known, ...changed].map((each) => [each.switch, each]));
  return [...all.values()]
    .filter(({ switch: id, position }) => {
      const at = file.network.index.switch.get(id);
      if (at === undefined) return false;
      return entryAt(file.grid.switches, at).normallyOpen !== (position === 'open');
    })
    .sort((a, b) => (a.switch < b.switch ? -1 : 1));
}

function refusal(
  engine: Engine,
  state: OperationsState,
  switches: readonly number[],
): Answer | null {
  const why = whyNotAdopt(engine, state, switches);
  if (why.length === 0) return null;
  const list = (language: keyof Bilingual): string => why.map((each) => each[language]).join('; ');
  return refused(409, 'RL-077', list('en'), say(list('vi'), list('en')));
}

function indicesOf({ network }: Engine, ids: readonly string[]): readonly number[] {
  return ids.flatMap((id) => network.index.switch.get(id) ?? []);
}

/** What looks different with another normal state: deviations, feeders of sections, ways back. */
function touchChanged({ engine, state, touched }: StepContext, before: Engine): void {
  engine.grid.switches.forEach(({ normallyOpen }, at) => {
    if (entryAt(before.grid.switches, at).normallyOpen !== normallyOpen) touched.switches.add(at);
  });
  engine.sections.forEach(({ normalFeeder }, at) => {
    const earlier = entryAt(before.sections, at).normalFeeder;
    if (earlier === normalFeeder) return;
    touched.sections.add(at);
    for (const feeder of [earlier, normalFeeder]) if (feeder !== -1) touched.feeders.add(feeder);
  });
  for (const incident of state.incidents) touched.incidents.add(incident.id);
}

function told(position: 'open' | 'closed', names: string, reason: string): Bilingual {
  return position === 'open'
    ? say(
        `${names}: kết dây cơ bản từ nay MỞ (${reason})`,
        `${names}: normally OPEN from now on (${reason})`,
      )
    : say(
        `${names}: kết dây cơ bản từ nay ĐÓNG (${reason})`,
        `${names}: normally CLOSED from now on (${reason})`,
      );
}
