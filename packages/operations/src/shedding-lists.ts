import type { OperatorRequest, SheddingListView } from '@relight/contract';
import { refused, type Answer } from './answers.ts';
import { approvalAbout, approvalView, askForApproval, endApproval } from './approvals.ts';
import { areasOfSwitch, hasPartIn } from './areas.ts';
import { switchName } from './engine.ts';
import type { Person } from './people.ts';
import { say } from './signal-text.ts';
import { record, type StepContext } from './step-context.ts';

/** Lays a list of opens before a second person; once agreed the bulk guard lets them pass. */
export function prepareShedding(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'prepareShedding' }>,
): Answer & { readonly made?: string } {
  const { engine, state } = context;
  for (const id of body.equipment) {
    const index = engine.network.index.switch.get(id);
    if (index === undefined) return refused(404, 'RL-005', `no switch ${id}`);
    const areas = areasOfSwitch(engine, index);
    if (!hasPartIn(areas, person)) {
      return refused(403, 'RL-073', `${id} is in the area of ${areas.join(', ')}`);
    }
  }
  const list: SheddingListView = {
    id: `L${state.run}-${state.nextSheddingList}`,
    name: body.name,
    equipment: [...new Set(body.equipment)],
    state: 'waiting',
    byName: person.name,
    approvedByName: null,
    at_ms: context.at_ms,
  };
  state.nextSheddingList += 1;
  keep(context, list, person.user);
  const names = list.equipment.map((id) => {
    const index = engine.network.index.switch.get(id);
    return index === undefined ? id : switchName(engine, index);
  });
  const approval = askForApproval(context, {
    what: 'sheddingList',
    reason: null,
    about: list.id,
    equipment: list.equipment,
    by: person,
    shown: {
      title: say(`Danh sách sa thải ${list.name}`, `Shedding list ${list.name}`),
      details: names.map((name) => say(`cắt ${name}`, `open ${name}`)),
    },
  });
  return {
    status: 202,
    made: list.id,
    accepted: { ok: true, sheddingList: list, approval: approvalView(approval) },
  };
}

/** A second person has agreed; null where the list is gone. */
export function approveList(
  context: StepContext,
  id: string,
  second: Person,
): SheddingListView | null {
  const list = context.state.sheddingLists.get(id);
  if (list === undefined || list.state !== 'waiting') return null;
  const agreed: SheddingListView = { ...list, state: 'approved', approvedByName: second.name };
  keep(context, agreed, second.user);
  return agreed;
}

export function withdrawShedding(
  context: StepContext,
  person: Person,
  body: Extract<OperatorRequest, { type: 'withdrawShedding' }>,
): Answer {
  const list = context.state.sheddingLists.get(body.list);
  if (list === undefined) return refused(404, 'RL-023', `no shedding list ${body.list}`);
  if (list.state === 'withdrawn') return refused(409, 'RL-027', `${list.id} is withdrawn`);
  const waiting = approvalAbout(context, list.id);
  if (waiting !== null) endApproval(context, waiting, 'withdrawn', person);
  const gone: SheddingListView = { ...list, state: 'withdrawn' };
  keep(context, gone, person.user);
  return { status: 202, accepted: { ok: true, sheddingList: gone } };
}

function keep(context: StepContext, list: SheddingListView, by: string): void {
  context.state.sheddingLists.set(list.id, list);
  context.touched.sheddingLists.add(list.id);
  record(context, 'shedding', by, list.id, { list });
}
