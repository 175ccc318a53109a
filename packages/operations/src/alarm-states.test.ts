import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CORE_CONFIGURATION, type AlarmState } from '@relight/contract';
import { advanceAlarmLoad } from './alarm-load.ts';
import { advanceShelves, answerAlarmRequest, type AlarmRequest } from './alarm-requests.ts';
import { shownState } from './alarm-state.ts';
import { alarmOf, clearAlarm, raiseAlarm } from './alarms.ts';
import { createOperations } from './engine.ts';
import { initialState } from './initial-state.ts';
import { openContext, type StepContext } from './step-context.ts';
import { twoFeeders } from './testing/two-feeders.ts';

const engine = createOperations(twoFeeders());
const KEY = 'test/alarm';

/** One alarm as ISA-18.2 draws it, in a few lines of its own. */
class Model {
  cause = false;
  seen = true;
  shelvedUntil: number | null = null;
  outOfService = false;

  get aside(): boolean {
    return this.shelvedUntil !== null || this.outOfService;
  }
  get known(): boolean {
    return this.cause || !this.seen || this.aside;
  }
  get state(): AlarmState {
    if (this.outOfService) return 'outOfService';
    if (this.shelvedUntil !== null) return 'shelved';
    if (this.cause) return this.seen ? 'acknowledged' : 'unacknowledged';
    return this.seen ? 'normal' : 'returnedUnacknowledged';
  }
  raise(): void {
    if (!this.cause) this.seen = false;
    this.cause = true;
  }
  clear(): void {
    if (!this.cause) return;
    this.cause = false;
    if (this.aside) this.seen = true;
  }
  back(): void {
    if (this.cause && !this.aside) this.seen = false;
  }
}

const minutes = fc.integer({ min: 1, max: 30 });
const deed = fc.oneof(
  fc.constant({ type: 'raise' } as const),
  fc.constant({ type: 'clear' } as const),
  fc.constant({ type: 'acknowledgeAlarm' } as const),
  fc.record({ type: fc.constant('shelveAlarm' as const), minutes }),
  fc.constant({ type: 'unshelveAlarm' } as const),
  fc.constant({ type: 'takeAlarmOutOfService' } as const),
  fc.constant({ type: 'returnAlarmToService' } as const),
  fc.record({ type: fc.constant('wait' as const), minutes }),
);

test('whatever happens in whatever order, an alarm is in the state ISA-18.2 gives it', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const state = initialState(engine, DEFAULT_CORE_CONFIGURATION);
      const model = new Model();
      let now = 0;
      const at = (): StepContext =>
        openContext(engine, state, {
          sequence: 0,
          at_ms: 1_000_000 + now,
          monotonic_ms: now,
          event: { kind: 'deadline' },
        });
      for (const each of deeds) {
        const context = at();
        const id = alarmOf(context, KEY)?.id ?? 'none';
        const ask = (body: AlarmRequest): boolean =>
          answerAlarmRequest(context, 'Bình', body).status === 202;
        const { known } = model;
        switch (each.type) {
          case 'raise':
            raiseAlarm(context, {
              key: KEY,
              priority: 3,
              equipment: 'T.471',
              text: { vi: 'thử', en: 'test' },
            });
            model.raise();
            break;
          case 'clear':
            clearAlarm(context, KEY);
            model.clear();
            break;
          case 'acknowledgeAlarm':
            expect(ask({ type: 'acknowledgeAlarm', alarm: id })).toBe(known);
            model.seen = true;
            break;
          case 'shelveAlarm': {
            const for_ms = each.minutes * 60_000;
            const done = ask({ type: 'shelveAlarm', alarm: id, reason: 'test', for_ms });
            expect(done).toBe(known);
            if (known) model.shelvedUntil = now + for_ms;
            break;
          }
          case 'unshelveAlarm':
            expect(ask({ type: 'unshelveAlarm', alarm: id })).toBe(model.shelvedUntil !== null);
            if (model.shelvedUntil === null) break;
            model.shelvedUntil = null;
            model.back();
            break;
          case 'takeAlarmOutOfService':
            expect(ask({ type: each.type, alarm: id, reason: 'test' })).toBe(known);
            if (known) model.outOfService = true;
            break;
          case 'returnAlarmToService':
            expect(ask({ type: each.type, alarm: id })).toBe(model.outOfService);
            if (!model.outOfService) break;
            model.outOfService = false;
            model.back();
            break;
          case 'wait':
            now += each.minutes * 60_000;
            if (model.shelvedUntil === null || model.shelvedUntil > now) break;
            model.shelvedUntil = null;
            model.back();
            break;
        }
        const after = at();
        advanceShelves(after);
        advanceAlarmLoad(after);
        const alarm = alarmOf(after, KEY);
        expect(alarm === undefined ? 'normal' : shownState(alarm)).toBe(model.state);
        // What has no cause, was seen and is not put aside is forgotten; everything else is known.
        expect(alarm !== undefined).toBe(model.known);
        expect(state.alarmLoad.rang_ms.every((rang) => now - rang < 600_000)).toBe(true);
      }
    }),
    { numRuns: 5_000 },
  );
});
