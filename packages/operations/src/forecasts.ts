import type { Bilingual, InputEvent } from '@relight/contract';
import { forecastHours, hourAt, type BeforeFault, type ForecastHour } from '@relight/flisr';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import type { Incident } from './incident-state.ts';
import { HOUR_ms, isRepairOverdue, repairLeft_h } from './repair-time.ts';
import { figure, say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import { record, type StepContext } from './step-context.ts';

const REFUSED = 'forecast/refused';
const UNUSABLE = 'forecast/unusable';

/** Takes a forecast into force, and says what is wrong with one that was refused. */
export function takeForecast(
  context: StepContext,
  { taken, refused }: Extract<InputEvent, { kind: 'forecast' }>,
): void {
  const { state } = context;
  if (taken !== undefined && taken.hash !== state.forecast?.hash) {
    state.forecast = taken;
    record(context, 'forecast', 'relight', null, {
      hash: taken.hash,
      madeAt_ms: taken.madeAt_ms,
      step_h: taken.forecast.step_h,
      hours: taken.forecast.hours.length,
    });
  }
  if (refused === null) return clearAlarm(context, REFUSED);
  record(context, 'forecast', 'relight', null, { refused });
  raiseAlarm(context, {
    key: REFUSED,
    priority: 3,
    equipment: 'forecast',
    text: say(
      `Dự báo mới bị từ chối, dùng tiếp dự báo cũ: ${refused.vi}`,
      `The new forecast is refused, the old one stays in force: ${refused.en}`,
    ),
  });
}

/** A forecast that can be used no more is told before a fault needs it. */
export function watchForecast(context: StepContext): void {
  const { state, at_ms } = context;
  if (state.forecast === null) return;
  const { isUsed, from_h } = forecastStatus(state, at_ms);
  if (isUsed) return clearAlarm(context, UNUSABLE);
  // The text stays the same while its age grows: a new one would ring again.
  const isOld = from_h > state.configuration.forecastLife_h;
  raiseAlarm(context, {
    key: UNUSABLE,
    priority: 3,
    equipment: 'forecast',
    text: isOld
      ? say('Dự báo phụ tải đã quá cũ, không dùng nữa', 'The forecast is too old and not used')
      : say(
          'Dự báo phụ tải không bao gồm giờ hiện tại, không dùng',
          'The forecast does not tell of this hour and is not used',
        ),
  });
}

/** A new run knows no forecast yet: what the last one said of its own is over. */
export function endForecastAlarms(context: StepContext): void {
  clearAlarm(context, REFUSED);
  clearAlarm(context, UNUSABLE);
}

/** Whether plans may rest on the forecast now, and why not. */
interface ForecastStatus {
  readonly isUsed: boolean;
  readonly text: Bilingual;
  /** Hours since it was made. */
  readonly from_h: number;
}

/** @param at_ms - wall time: a forecast is made by the clock on the wall. */
export function forecastStatus(
  { forecast, configuration }: OperationsState,
  at_ms: number,
): ForecastStatus {
  if (forecast === null) {
    return { isUsed: false, from_h: 0, text: say('Không có dự báo.', 'No forecast.') };
  }
  const from_h = (at_ms - forecast.madeAt_ms) / HOUR_ms;
  const age = figure(from_h, 1);
  const { forecastLife_h } = configuration;
  if (from_h > forecastLife_h) {
    const allowed = figure(forecastLife_h, 0);
    const text = say(
      `Không có dự báo dùng được: dự báo đã lập cách đây ${age.vi} giờ, cho phép ${allowed.vi} giờ.`,
      `No forecast: the one there is was made ${age.en} h ago, ${allowed.en} h are allowed.`,
    );
    return { isUsed: false, from_h, text };
  }
  if (hourAt(forecast.forecast, from_h) === undefined) {
    const text = say(
      'Không có dự báo cho thời điểm hiện tại: dự báo hiện có không bao gồm giờ này.',
      'No forecast for now: the one there is does not tell of this hour.',
    );
    return { isUsed: false, from_h, text };
  }
  const text = say(
    `Dùng dự báo lập cách đây ${age.vi} giờ.`,
    `By the forecast made ${age.en} h ago.`,
  );
  return { isUsed: true, from_h, text };
}

/** What a plan for an incident knows of the time until its repair. */
interface Outlook {
  readonly hours: readonly ForecastHour[];
  /** null where nothing is known of the time ahead. */
  readonly repair_h: number | null;
  /** What the plan has to say of it, among its warnings. */
  readonly remarks: readonly Bilingual[];
}

/** @param before - state and gross load before the fault. */
export function outlookOf(context: StepContext, incident: Incident, before: BeforeFault): Outlook {
  const { engine, state, at_ms, now_ms } = context;
  if (state.forecast === null) return { hours: [], repair_h: null, remarks: [] };
  const { isUsed, from_h, text } = forecastStatus(state, at_ms);
  if (!isUsed) return { hours: [], repair_h: null, remarks: [text] };
  const repair_h = repairLeft_h(state, incident, now_ms);
  const { forecast } = state.forecast;
  return {
    hours: forecastHours(engine.network, before, forecast, from_h, repair_h) ?? [],
    repair_h,
    remarks: isRepairOverdue(state, incident, now_ms)
      ? [
          say(
            'Đã quá thời gian sửa chữa dự kiến: chỉ kiểm tra giờ tới, hãy nhập thời gian mới.',
            'The expected repair time is over: only the next hour is checked, enter a new one.',
          ),
        ]
      : [],
  };
}
