import type { Bilingual } from '@relight/contract';
import { record, type StepContext } from './step-context.ts';

/** Takes the feeders at a switch out of automatic until its alarm is acknowledged. */
export function takeFeedersOut(
  context: StepContext,
  switchIndex: number,
  reason: Bilingual,
  alarmKey: string,
): void {
  for (const feeder of feedersAt(context, switchIndex)) {
    const feederState = context.state.feeders[feeder];
    if (feederState === undefined) continue;
    feederState.out = { reason, alarmKey };
    record(context, 'mode', 'relight', null, {
      feeder: context.engine.grid.feeders[feeder]?.id ?? '',
      outOfAutomatic: reason,
      alarmKey,
    });
    context.touched.feeders.add(feeder);
  }
}

/** Feeders a switch belongs to in the normal state: as head, or by either of its ends. */
export function feedersAt(context: StepContext, switchIndex: number): readonly number[] {
  const { network, sections } = context.engine;
  const found = new Set<number>();
  const head = network.switchFeeder[switchIndex] ?? -1;
  if (head !== -1) found.add(head);
  for (const section of [
    network.switchSectionFrom[switchIndex] ?? -1,
    network.switchSectionTo[switchIndex] ?? -1,
  ]) {
    const feeder = sections[section]?.normalFeeder ?? -1;
    if (feeder !== -1) found.add(feeder);
  }
  return [...found].sort((a, b) => a - b);
}
