import { CLOSED } from '@relight/topology';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { switchName } from './engine.ts';
import { figure, say } from './signal-text.ts';
import { wakeAt, type StepContext } from './step-context.ts';

/** A permitted parallel is for changing over, not for staying. */
const LONGEST_PARALLEL_ms = 60_000;

/**
 * The time limit of interlock 2: a normally open switch that closes a ring for longer than it may
 * is an alarm until one of the ring's switches opens. Cost: the switches, where the picture changed.
 */
export function watchParallels(context: StepContext): void {
  const { engine, state } = context;
  const { network } = engine;
  if (context.pictureChanged) {
    engine.grid.switches.forEach((device, index) => {
      const closesRing =
        device.normallyOpen &&
        state.positions[index] === CLOSED &&
        state.sections[network.switchSectionFrom[index] ?? -1]?.inLoop === true &&
        state.sections[network.switchSectionTo[index] ?? -1]?.inLoop === true;
      if (closesRing && !state.parallels.has(index)) state.parallels.set(index, context.now_ms);
      if (closesRing || !state.parallels.delete(index)) return;
      clearAlarm(context, `parallel/${device.id}`);
    });
  }
  for (const [index, since_ms] of state.parallels) {
    if (context.now_ms < since_ms + LONGEST_PARALLEL_ms) {
      wakeAt(context, since_ms + LONGEST_PARALLEL_ms);
      continue;
    }
    const name = switchName(engine, index);
    const most = figure(LONGEST_PARALLEL_ms / 1_000, 0);
    raiseAlarm(context, {
      key: `parallel/${engine.grid.switches[index]?.id ?? ''}`,
      priority: 2,
      equipment: engine.grid.switches[index]?.id ?? '',
      text: say(
        `${name}: khép vòng quá ${most.vi} s`,
        `${name}: closes a ring for longer than ${most.en} s`,
      ),
    });
  }
}
