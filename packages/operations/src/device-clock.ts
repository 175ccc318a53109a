import type { LinkHealth } from '@relight/contract';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { say } from './signal-text.ts';
import type { StepContext } from './step-context.ts';

/** A device's clock further off than this makes its times no evidence, ms … */
const SKEWED_ms = 2_000;
/** … and is right again below this, so that one at the border does not flutter. */
const RIGHT_ms = 1_500;

/** A clock that is wrong is flagged; nothing is decided by it, order is by sequence numbers. */
export function noteClock(context: StepContext, link: LinkHealth): void {
  const key = `clock/${link.rtu}`;
  const skew_ms = Math.abs(link.skew_ms ?? 0);
  if (skew_ms > SKEWED_ms) {
    const text = say(
      `${link.rtu}: đồng hồ lệch quá 2 giây`,
      `${link.rtu}: clock is off by more than 2 s`,
    );
    raiseAlarm(context, { key, priority: 3, equipment: link.rtu, text });
  } else if (skew_ms < RIGHT_ms) {
    clearAlarm(context, key);
  }
}
