import { asker } from './command-state.ts';
import { switchName, type Engine } from './engine.ts';
import { isClosed } from './incident-state.ts';
import type { Verdict } from './interlocks/interlock.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import type { WantedOperation } from './wanted-operation.ts';

/** Nobody else has the device selected: the later one is told who has. */
export function judgeHolder(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
): Verdict {
  const holder = commandOn(state, wanted.switchIndex, wanted.command);
  if (holder === null)
    return { ok: true, text: say('không ai đang chọn', 'nobody has it selected') };
  const name = switchName(engine, wanted.switchIndex);
  return {
    ok: false,
    text: say(
      `${name} đang do ${asker(holder)} thao tác (${holder.id})`,
      `${name} is held by ${asker(holder)} (${holder.id})`,
    ),
  };
}

/** The command in flight on a device, other than the one given. */
export function commandOn(state: OperationsState, switchIndex: number, except: string | null) {
  for (const id of state.activeCommands) {
    const command = state.commands.get(id);
    if (command === undefined || command.id === except) continue;
    if (command.switchIndex === switchIndex && !command.unsettled) return command;
  }
  return null;
}

/** A plan being carried out holds its devices; a person takes them by holding or aborting it. */
export function judgePlan(state: OperationsState, wanted: WantedOperation): Verdict {
  for (const incident of state.incidents) {
    if (isClosed(incident) || incident.id === wanted.incident) continue;
    const running = incident.state === 'executing' && incident.progress !== null;
    if (!running || incident.progress === null) continue;
    const rest = incident.plan?.switches.slice(incident.progress.at) ?? [];
    if (!rest.includes(wanted.switchIndex)) continue;
    return {
      ok: false,
      text: say(
        `phương án của ${incident.id} đang dùng thiết bị này`,
        `the plan of ${incident.id} is using this device`,
      ),
    };
  }
  return { ok: true, text: say('không thuộc phương án đang chạy', 'in no running plan') };
}
