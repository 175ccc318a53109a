import type { Actor, ApprovalView, OperatorRequest } from '@relight/contract';
import type { ScriptedField } from './scripted-field.ts';

/** Somebody who has logged in. */
export function dispatcher(name: string, areas: readonly string[] | null = null): Actor {
  return {
    user: name.toLowerCase(),
    name,
    session: `session of ${name}`,
    roles: ['dispatcher'],
    areas: areas === null ? null : [...areas],
  };
}

export const AN = dispatcher('An');
export const BINH = dispatcher('Binh');
export const CHI = dispatcher('Chi');

let keys = 0;
/** A key no other request has. */
export function newKey(): string {
  keys += 1;
  return `key-of-a-test-${keys}`;
}

export function tagRequest(
  kind: 'doNotOperate' | 'crewAtWork' | 'hotLine' | 'information',
  equipment: string,
): Extract<OperatorRequest, { type: 'placeTag' }> {
  return { type: 'placeTag', idempotencyKey: newKey(), kind, equipment, text: 'Đội 3' };
}

export function earthRequest(equipment: string): Extract<OperatorRequest, { type: 'recordEarth' }> {
  return { type: 'recordEarth', idempotencyKey: newKey(), equipment, label: 'TĐ-12', text: '' };
}

export function commandRequest(
  equipment: string,
  operation: 'open' | 'close' | 'disableReclosing' | 'enableReclosing',
  overrideReason?: string,
): Extract<OperatorRequest, { type: 'command' }> {
  return {
    type: 'command',
    idempotencyKey: newKey(),
    equipment,
    operation,
    ...(overrideReason === undefined ? {} : { overrideReason }),
  };
}

/** What waits for a second person, the first of it. */
export function waiting(world: ScriptedField): ApprovalView {
  const approval = world.views.approvals.find((each) => each.state === 'waiting');
  if (approval === undefined) throw new Error('nothing waits for a second person');
  return approval;
}

/** Agrees to exactly what was shown. */
export function agree({
  id,
  hash,
}: Pick<ApprovalView, 'id' | 'hash'>): Extract<OperatorRequest, { type: 'approve' }> {
  return { type: 'approve', approval: id, hash };
}
