import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { tagsOnDevice, tagText } from '../tag.ts';
import type { Verdict } from './interlock.ts';

/** Interlock 1, its device side: a device tagged "do not operate" takes no command, either way. */
export function isUntagged(state: OperationsState, switchIndex: number): Verdict {
  const tag = tagsOnDevice(state, switchIndex).find(
    ({ standing }) => standing.kind === 'doNotOperate',
  );
  return tag === undefined
    ? { ok: true, text: say('không có biển cấm', 'no tag forbids it') }
    : { ok: false, text: tagText(tag) };
}
