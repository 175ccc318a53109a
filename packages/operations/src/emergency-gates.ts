import type { Gate } from '@relight/contract';
import type { Engine } from './engine.ts';
import { inArea } from './interlocks/area.ts';
import { canBreak, isLinked, isRemote } from './interlocks/device-condition.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { OperationsState } from './state.ts';

/** The only conditions of an emergency open. */
export function judgeEmergency(
  engine: Engine,
  state: OperationsState,
  wanted: Pick<Command, 'switchIndex' | 'person'>,
): readonly Gate[] {
  const { switchIndex, person } = wanted;
  const area = inArea(engine, switchIndex, person, null);
  return [
    {
      name: 'remote',
      label: say('Điều khiển xa', 'Remote control'),
      ...isRemote(engine, switchIndex, 'open'),
    },
    { name: 'link', label: say('Đường truyền', 'Link'), ...isLinked(engine, state, switchIndex) },
    {
      name: 'breaking',
      label: say('Khả năng cắt', 'Breaking'),
      ...canBreak(engine, state, switchIndex),
    },
    // Of a tie between two areas either one may open it.
    { name: 'area', label: say('Khu vực', 'Area'), ok: area.ok || area.askAlso, text: area.text },
  ];
}
