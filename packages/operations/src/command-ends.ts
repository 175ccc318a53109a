import type { Bilingual, ControlReport } from '@relight/contract';
import { raiseAlarm } from './alarms.ts';
import { enter } from './command-state.ts';
import { switchName } from './engine.ts';
import { operationText, say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { StepContext } from './step-context.ts';

export function expire(context: StepContext, command: Command): void {
  enter(context, command, 'expired', { reason: say('quá thời hạn lệnh', 'its time was over') });
  command.waits = 'nothing';
}

export function reject(context: StepContext, command: Command, reason: Bilingual): void {
  enter(context, command, 'rejected', { reason });
  command.waits = 'nothing';
}

export function refuse(context: StepContext, command: Command, report: ControlReport): void {
  reject(context, command, reportText(report));
  if (report.refusedBy === 'monitor') {
    command.refusedByMonitor = true;
    commandAlarm(
      context,
      command,
      1,
      say('bộ giám sát độc lập từ chối', 'refused by the independent monitor'),
    );
  }
}

export function reportText(report: ControlReport): Bilingual {
  const reason = report.reason ?? report.outcome;
  return report.text ?? say(reason, reason);
}

export function commandAlarm(
  context: StepContext,
  command: Command,
  priority: 1 | 2,
  what: Bilingual,
): void {
  const name = switchName(context.engine, command.switchIndex);
  const verb = operationText(command.operation);
  raiseAlarm(context, {
    key: `once/command/${command.id}`,
    priority,
    equipment: command.equipment,
    incident: command.incident,
    text: say(`${name}: lệnh ${verb.vi}: ${what.vi}`, `${name}: command to ${verb.en}: ${what.en}`),
  });
}
