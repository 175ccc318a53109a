import { incidentOfTrial } from './declared-trial.ts';
import { switchName, type Engine } from './engine.ts';
import { sectionsKeptDead } from './interlocks/energises-fault.ts';
import { deadPartAt, endsOf, type Verdict } from './interlocks/interlock.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { OperationsState } from './state.ts';
import type { WantedOperation } from './wanted-operation.ts';

/** Blocks: an outcome not known, the border of a faulted part, a device moved by hand. */
export function judgeBlocks(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
): Verdict {
  const { switchIndex, operation } = wanted;
  for (const id of state.activeCommands) {
    const command = state.commands.get(id);
    if (command?.unsettled === true && command.switchIndex === switchIndex) {
      return {
        ok: false,
        text: say(
          `lệnh ${command.id} chưa rõ kết quả`,
          `the outcome of ${command.id} is not known yet`,
        ),
      };
    }
  }
  if (operation === 'close') {
    const other = closeUnderWay(engine, state, wanted);
    if (other !== null) {
      const name = switchName(engine, other.switchIndex);
      return {
        ok: false,
        text: say(
          `cùng phần mất điện còn lệnh đóng ${name} (${other.id}) chưa có kết quả`,
          `the same dead part waits for the outcome of the close of ${name} (${other.id})`,
        ),
      };
    }
    const tried = incidentOfTrial(state, wanted.command);
    const holder = state.incidents.find(
      (incident) =>
        incident !== tried &&
        sectionsKeptDead(incident).some(
          (section) =>
            engine.network.switchSectionFrom[switchIndex] === section ||
            engine.network.switchSectionTo[switchIndex] === section,
        ),
    );
    if (holder !== undefined) {
      return {
        ok: false,
        text: say(
          `cấm đóng: biên vùng sự cố ${holder.id}`,
          `do not close: border of the part ${holder.id} isolates`,
        ),
      };
    }
  }
  if (wanted.incident !== null && state.manual.has(switchIndex)) {
    return {
      ok: false,
      text: say(
        'điều độ viên vừa thao tác tay, chờ xác nhận',
        'moved by a person: out of automation until acknowledged',
      ),
    };
  }
  return { ok: true, text: say('không bị khóa', 'not blocked') };
}

/**
 * Another close that has been written and whose outcome has not been reported, at the dead part
 * this one would reach: nobody can say what hangs together until it has ended. Null: none.
 */
function closeUnderWay(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
): Command | null {
  const others = state.activeCommands.flatMap((id): Command[] => {
    const command = state.commands.get(id);
    return command?.operation === 'close' &&
      command.operated_ms !== null &&
      command.switchIndex !== wanted.switchIndex
      ? [command]
      : [];
  });
  if (others.length === 0) return null;
  const reach = new Set(deadPartAt(engine, state, endsOf(engine, wanted.switchIndex)));
  const touches = ({ switchIndex }: Command): boolean =>
    endsOf(engine, switchIndex).some((end) => reach.has(end));
  return others.find(touches) ?? null;
}
