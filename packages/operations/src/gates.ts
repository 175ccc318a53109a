import type { Actor, Bilingual, Gate, SwitchOperation } from '@relight/contract';
import { CLOSED, OPEN } from '@relight/topology';
import { judgeBulk } from './bulk-guard.ts';
import { controlUnlocked } from './control-lock.ts';
import { incidentOfTrial } from './declared-trial.ts';
import { judgeBlocks } from './device-blocks.ts';
import { judgeHolder, judgePlan } from './device-holders.ts';
import type { Engine } from './engine.ts';
import { engineOf } from './normal-state/effective-engine.ts';
import {
  isLinked,
  isOnRemote,
  isPositionKnown,
  isRemote,
  isSound,
} from './interlocks/device-condition.ts';
import { inArea } from './interlocks/area.ts';
import { breaksCurrent } from './interlocks/breaks-current.ts';
import { closesTripped } from './interlocks/closes-tripped.ts';
import { darkensCritical } from './interlocks/critical-customers.ts';
import { energisesCrew } from './interlocks/energises-crew.ts';
import { energisesEarth } from './interlocks/energises-earth.ts';
import { energisesFault } from './interlocks/energises-fault.ts';
import { disturbsHotLine, reclosesOntoHotLine } from './interlocks/hot-line.ts';
import { regionOfClose, type Verdict, type WantedMove } from './interlocks/interlock.ts';
import { limitsAfter } from './interlocks/limits-after.ts';
import { opensDead } from './interlocks/opens-dead.ts';
import { parallels } from './interlocks/parallels.ts';
import { phaseOrder } from './interlocks/phase-order.ts';
import { isUntagged } from './interlocks/tagged-device.ts';
import { tiesEarthFault } from './interlocks/ties-earth-fault.ts';
import { personOf } from './people.ts';
import { goodValue } from './process-image.ts';
import { judgeAge } from './reading-age.ts';
import { operationText, say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import type { WantedOperation } from './wanted-operation.ts';

/** The gate that a fresh reading can open; every other one that is shut refuses at once. */
export const AGE_GATE = 'age';

/**
 * Every condition a command must meet, met or not, always in the same order. Changes nothing.
 * @returns null where the grid has no such switch.
 */
export function checkGates(
  fileEngine: Engine,
  state: OperationsState,
  wanted: { readonly equipment: string; readonly operation: SwitchOperation },
  at: { readonly monotonic_ms: number; readonly actor?: Actor | undefined },
): readonly Gate[] | null {
  const engine = engineOf(fileEngine, state);
  const switchIndex = engine.network.index.switch.get(wanted.equipment);
  if (switchIndex === undefined) return null;
  return judgeGates(
    engine,
    state,
    {
      switchIndex,
      operation: wanted.operation,
      incident: null,
      command: null,
      person: at.actor === undefined ? null : personOf('', at.actor),
    },
    at.monotonic_ms,
  );
}

/** As `checkGates`, for a command already resolved. */
export function judgeGates(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
  now_ms: number,
): readonly Gate[] {
  const { switchIndex, operation } = wanted;
  const gates: Gate[] = [];
  const gate = (name: string, label: Bilingual, verdict: Verdict): void => {
    gates.push({ name, ok: verdict.ok, label, text: verdict.text });
  };
  /** Opens with a typed reason and a second person. */
  const overridable = (name: string, label: Bilingual, verdict: Verdict): void => {
    const overridden = wanted.overridden?.includes(name) === true;
    gates.push({
      name,
      ok: verdict.ok || overridden,
      label,
      text: verdict.text,
      ...(verdict.ok ? {} : { overridable: true }),
    });
  };
  /** Opens with a second person. */
  const askAlso = (name: string, label: Bilingual, verdict: Verdict, ask: boolean): void => {
    gates.push({
      name,
      ok: verdict.ok || ask,
      label,
      text: verdict.text,
      ...(ask ? { needsSecondPerson: true } : {}),
    });
  };
  gate('remote', say('Điều khiển xa', 'Remote control'), isRemote(engine, switchIndex, operation));
  gate('link', say('Đường truyền', 'Link'), isLinked(engine, state, switchIndex));
  gate('key', say('Từ xa', 'Remote'), isOnRemote(engine, state, switchIndex));
  gate('device', say('Thiết bị', 'Device'), isSound(engine, state, switchIndex));
  gate('quality', say('Tín hiệu', 'Quality'), isPositionKnown(engine, state, switchIndex));
  gate(AGE_GATE, say('Tuổi tín hiệu', 'Age'), judgeAge(engine, state, wanted, now_ms));
  gate('position', say('Trạng thái', 'State'), judgeChange(engine, state, wanted));
  gate('block', say('Khóa thao tác', 'Blocks'), judgeBlocks(engine, state, wanted));
  gate('tag', say('Biển báo', 'Tag'), isUntagged(state, switchIndex));
  if (operation === 'open' || operation === 'close') {
    const region = operation === 'close' ? regionOfClose(engine, state, switchIndex) : [];
    const tried = incidentOfTrial(state, wanted.command);
    const move: WantedMove = { engine, state, switchIndex, operation, now_ms, region };
    gate('fault', say('Phân đoạn sự cố', 'Faulted section'), energisesFault(move, tried));
    gate('trip', say('Bảo vệ', 'Protection'), closesTripped(move, tried));
    gate('earth', say('Tiếp đất', 'Earth'), energisesEarth(move));
    gate('crew', say('Người làm việc', 'Crew'), energisesCrew(move));
    gate('hotLine', say('Sửa chữa nóng', 'Hot line'), disturbsHotLine(move));
    gate('parallel', say('Khép vòng', 'Loop'), parallels(move));
    gate('phaseOrder', say('Thứ tự pha', 'Phase order'), phaseOrder(move));
    gate('neutral', say('Chạm đất 3U0', 'Earth fault'), tiesEarthFault(move, wanted.command));
    gate('breaking', say('Khả năng cắt', 'Breaking'), breaksCurrent(move));
    const since_ms = opensAgainSince_ms(state, wanted);
    if (since_ms !== null) {
      gate('deadLine', say('Đường dây không điện', 'Dead line'), opensDead(move, since_ms));
    }
    overridable('limits', say('Tải, điện áp', 'Load, voltage'), limitsAfter(move));
    if (wanted.incident === null) {
      const label = say('Khách hàng đặc biệt', 'Critical customers');
      overridable('critical', label, darkensCritical(move));
    }
  } else if (operation === 'enableReclosing') {
    const label = say('Sửa chữa nóng', 'Hot line');
    gate('hotLine', label, reclosesOntoHotLine(engine, state, switchIndex));
  }
  const area = inArea(engine, switchIndex, wanted.person ?? null, wanted.secondPerson ?? null);
  askAlso('area', say('Khu vực', 'Area'), area, area.askAlso);
  if (operation === 'open' && wanted.incident === null) {
    const bulk = judgeBulk(engine, state, wanted, now_ms);
    askAlso('bulk', say('Cắt hàng loạt', 'Bulk guard'), bulk, !bulk.ok);
  }
  gate('control', say('Khóa điều khiển', 'Control lock'), controlUnlocked(state));
  gate('operator', say('Người khác', 'Other operator'), judgeHolder(engine, state, wanted));
  gate('plan', say('Trình tự', 'Order'), judgePlan(state, wanted));
  gate('journal', say('Nhật ký', 'Journal'), judgeJournal(state));
  return gates;
}

/** What a plan opens again after a trip upon its close, counted from that trip; else null. */
function opensAgainSince_ms(state: OperationsState, wanted: WantedOperation): number | null {
  const incident = state.incidents.find((each) => each.id === wanted.incident);
  const { guardTrip } = incident ?? {};
  const isIt = wanted.operation === 'open' && guardTrip?.closed === wanted.switchIndex;
  if (!isIt || guardTrip.phase !== 'opening') return null;
  const trip = incident?.trips.find((each) => each.switchIndex === guardTrip.tripped);
  return trip?.phase === 'lockedOut' ? trip.since_ms : Number.POSITIVE_INFINITY;
}

/** The first gate that is shut, leaving out those named. */
export function firstShut(gates: readonly Gate[], except: readonly string[] = []): Gate | null {
  return gates.find((gate) => !gate.ok && !except.includes(gate.name)) ?? null;
}

function judgeChange(engine: Engine, state: OperationsState, wanted: WantedOperation): Verdict {
  const { switchIndex, operation } = wanted;
  if (operation === 'open' || operation === 'close') {
    const already = operation === 'open' ? OPEN : CLOSED;
    return state.positions[switchIndex] === already
      ? {
          ok: false,
          text:
            operation === 'open' ? say('đã mở', 'already open') : say('đã đóng', 'already closed'),
        }
      : { ok: true, text: operationText(operation) };
  }
  const on = goodValue(engine, state, switchIndex, 'reclosing');
  if (typeof on !== 'boolean') {
    return {
      ok: false,
      text: say('chưa biết tự đóng lại bật hay khóa', 'reclosing state not known'),
    };
  }
  if (on === (operation === 'enableReclosing')) {
    return {
      ok: false,
      text: on
        ? say('tự đóng lại đã bật', 'reclosing is already on')
        : say('tự đóng lại đã khóa', 'reclosing is already off'),
    };
  }
  return { ok: true, text: operationText(operation) };
}

function judgeJournal(state: OperationsState): Verdict {
  return state.journalFailure === null
    ? { ok: true, text: say('ghi được', 'can be written') }
    : {
        ok: false,
        text: say('không ghi được nhật ký', `cannot be written: ${state.journalFailure}`),
      };
}
