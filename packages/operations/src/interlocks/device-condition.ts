import { FORBIDDING_ALARMS, type Bilingual, type SwitchOperation } from '@relight/contract';
import { UNKNOWN } from '@relight/topology';
import { pointOf, type Engine } from '../engine.ts';
import { goodValue } from '../process-image.ts';
import { positionText, say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import type { Verdict } from './interlock.ts';

/** Interlock 4 in its parts: the device must be fit to be operated from afar. */

/** The device can be commanded at all. */
export function isRemote(engine: Engine, switchIndex: number, operation: SwitchOperation): Verdict {
  const position = engine.points[pointOf(engine, switchIndex, 'position')];
  const reclosing = engine.points[pointOf(engine, switchIndex, 'reclosing')];
  const ok =
    operation === 'open' || operation === 'close'
      ? position?.commandable === true
      : reclosing?.commandable === true;
  return ok
    ? { ok, text: say('có điều khiển xa', 'can be commanded') }
    : { ok, text: say('không có lệnh điều khiển xa này', 'has no such remote command') };
}

/** The local/remote key stands on Remote, where the device has one. */
export function isOnRemote(engine: Engine, state: OperationsState, switchIndex: number): Verdict {
  if (pointOf(engine, switchIndex, 'localRemote') === -1) {
    return { ok: true, text: say('thiết bị không có khóa chọn', 'the device has no such key') };
  }
  const remote = goodValue(engine, state, switchIndex, 'localRemote');
  if (remote === true)
    return { ok: true, text: say('khóa điều khiển ở Từ xa', 'key is on Remote') };
  return remote === false
    ? { ok: false, text: say('khóa điều khiển ở Tại chỗ', 'key is on Local') }
    : {
        ok: false,
        text: say('chưa biết khóa ở Từ xa hay Tại chỗ', 'not known whether on Remote or Local'),
      };
}

/**
 * Its quenching medium lets it break at all, as far as anybody knows. Only the last word "low"
 * forbids, also one that has grown old: an emergency open is not refused because of a doubt.
 */
export function canBreak(engine: Engine, state: OperationsState, switchIndex: number): Verdict {
  const at = pointOf(engine, switchIndex, 'gasLow');
  const point = state.points[at];
  const isWord = point?.quality === 'good' || point?.quality === 'notTopical';
  if (isWord && point.value === true) {
    return { ok: false, text: say('khí SF6 thấp: cấm cắt', 'gas is low: breaking is forbidden') };
  }
  return at !== -1 && goodValue(engine, state, switchIndex, 'gasLow') !== false
    ? { ok: true, text: ALARM_WORDS.gasLow.unknown }
    : { ok: true, text: say('được phép cắt', 'may break') };
}

type ForbiddingAlarm = (typeof FORBIDDING_ALARMS)[number];

const ALARM_WORDS: Readonly<
  Record<ForbiddingAlarm, { readonly stands: Bilingual; readonly unknown: Bilingual }>
> = {
  gasLow: {
    stands: say('khí SF6 thấp', 'gas is low'),
    unknown: say('chưa biết khí SF6 có thấp hay không', 'not known whether gas is low'),
  },
  batteryLow: {
    stands: say('ắc quy yếu', 'battery is low'),
    unknown: say('chưa biết ắc quy có yếu hay không', 'not known whether the battery is low'),
  },
  operationBlocked: {
    stands: say('thiết bị đang bị khóa thao tác', 'the device is blocked'),
    unknown: say(
      'chưa biết thiết bị có bị khóa thao tác hay không',
      'not known whether the device is blocked',
    ),
  },
  underTest: {
    stands: say('thiết bị đang thử nghiệm', 'the device is under test'),
    unknown: say(
      'chưa biết thiết bị có đang thử nghiệm hay không',
      'not known whether the device is under test',
    ),
  },
  lockoutRelay86: {
    stands: say('rơ le khóa 86 đã tác động', 'lockout relay 86 has operated'),
    unknown: say(
      'chưa biết rơ le khóa 86 đã tác động hay chưa',
      'not known whether lockout relay 86 has operated',
    ),
  },
};

/**
 * No equipment alarm that forbids an operation, and each of them that the device has is known not
 * to stand: what was never read, or reads badly, forbids as well.
 */
export function isSound(engine: Engine, state: OperationsState, switchIndex: number): Verdict {
  const value = (alarm: ForbiddingAlarm) => goodValue(engine, state, switchIndex, alarm);
  const standing = FORBIDDING_ALARMS.find((alarm) => value(alarm) === true);
  if (standing !== undefined) return { ok: false, text: ALARM_WORDS[standing].stands };
  const inDoubt = FORBIDDING_ALARMS.find(
    (alarm) => pointOf(engine, switchIndex, alarm) !== -1 && value(alarm) !== false,
  );
  return inDoubt === undefined
    ? { ok: true, text: say('không có cảnh báo thiết bị', 'no equipment alarm') }
    : { ok: false, text: ALARM_WORDS[inDoubt].unknown };
}

/** The reported position is good and definite. */
export function isPositionKnown(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
): Verdict {
  const point = state.points[pointOf(engine, switchIndex, 'position')];
  const text = positionText(point?.value ?? null);
  if (state.positions[switchIndex] !== UNKNOWN) return { ok: true, text };
  return point?.quality === 'good'
    ? { ok: false, text }
    : {
        ok: false,
        text: say(`vị trí không tin cậy (${text.vi})`, `position cannot be trusted (${text.en})`),
      };
}

/** The link to its RTU is up. */
export function isLinked(engine: Engine, state: OperationsState, switchIndex: number): Verdict {
  const rtu = state.rtus[engine.points[pointOf(engine, switchIndex, 'position')]?.rtu ?? -1];
  if (rtu === undefined) return { ok: false, text: say('không có RTU', 'has no RTU') };
  const { link } = rtu;
  if (link.state !== 'up') {
    return { ok: false, text: say(`${link.rtu} mất kết nối`, `${link.rtu} is not connected`) };
  }
  const trip = link.roundTrip_ms === null ? '' : ` ${link.roundTrip_ms.toFixed(0)} ms`;
  return { ok: true, text: say(`${link.rtu}${trip}`, `${link.rtu}${trip}`) };
}
