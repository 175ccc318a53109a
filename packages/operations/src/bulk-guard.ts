import { raiseAlarm } from './alarms.ts';
import type { Engine } from './engine.ts';
import { entryAt } from './entry-at.ts';
import type { Verdict } from './interlocks/interlock.ts';
import type { Person } from './people.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import type { StepContext } from './step-context.ts';
import type { WantedOperation } from './wanted-operation.ts';

/** More unplanned opens than this by one person within the time need a second person. */
const MOST_OPENS = 3;
const WITHIN_ms = 60_000;

/** Opens this person has asked for within the last minute, those of a prepared list aside. */
function recentOpens(state: OperationsState, person: Person, now_ms: number): number {
  return state.opens.filter((each) => each.user === person.user && now_ms - each.at_ms < WITHIN_ms)
    .length;
}

/** This open would be one too many for one person alone. */
function isBulk(
  state: OperationsState,
  person: Person,
  equipment: string,
  now_ms: number,
): boolean {
  return !isPrepared(state, equipment) && recentOpens(state, person, now_ms) >= MOST_OPENS;
}

/** More than three unplanned opens by one person within 60 s take a second one. */
export function judgeBulk(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
  now_ms: number,
): Verdict {
  const { person, secondPerson } = wanted;
  const equipment = entryAt(engine.grid.switches, wanted.switchIndex).id;
  // A command that is under way has been counted, and agreed to, when it was asked for.
  const alone = (secondPerson ?? null) === null && wanted.command === null;
  if (
    person === undefined ||
    person === null ||
    !alone ||
    !isBulk(state, person, equipment, now_ms)
  ) {
    return { ok: true, text: say('không quá ba lần cắt một phút', 'no more than three a minute') };
  }
  const count = recentOpens(state, person, now_ms) + 1;
  return {
    ok: false,
    text: say(`lần cắt thứ ${count} trong 60 s`, `open number ${count} within 60 s`),
  };
}

/** Remembers an open of a person; from the fourth on every console is told. */
export function noteOpen(context: StepContext, person: Person, equipment: string): void {
  const { state } = context;
  if (isPrepared(state, equipment)) return;
  state.opens = state.opens.filter((each) => context.now_ms - each.at_ms < WITHIN_ms);
  state.opens.push({ user: person.user, at_ms: context.now_ms });
  const count = recentOpens(state, person, context.now_ms);
  if (count <= MOST_OPENS) return;
  raiseAlarm(context, {
    key: `once/bulk/${person.user}`,
    priority: 1,
    equipment,
    text: say(
      `${person.name} yêu cầu cắt ${count} thiết bị trong 60 s`,
      `${person.name} asked to open ${count} devices within 60 s`,
    ),
  });
}

/** It stands in a shedding list that two people have agreed to. */
function isPrepared(state: OperationsState, equipment: string): boolean {
  for (const list of state.sheddingLists.values()) {
    if (list.state === 'approved' && list.equipment.includes(equipment)) return true;
  }
  return false;
}
