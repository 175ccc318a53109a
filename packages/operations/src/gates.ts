import {
  FORBIDDING_ALARMS,
  type Actor,
  type Bilingual,
  type Gate,
  type SwitchOperation,
} from '@relight/contract';
import { CLOSED, OPEN } from '@relight/topology';
import { asker } from './command-state.ts';
import { controlUnlocked } from './control-lock.ts';
import { isBulk, recentOpens } from './bulk-guard.ts';
import { pointOf, switchName, type Engine } from './engine.ts';
import { entryAt } from './entry-at.ts';
import { isClosed } from './incident-state.ts';
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
import { energisesFault, sectionsKeptDead } from './interlocks/energises-fault.ts';
import { disturbsHotLine, reclosesOntoHotLine } from './interlocks/hot-line.ts';
import {
  deadPartAt,
  endsOf,
  regionOfClose,
  type Verdict,
  type WantedMove,
} from './interlocks/interlock.ts';
import { limitsAfter } from './interlocks/limits-after.ts';
import { opensDead } from './interlocks/opens-dead.ts';
import { parallels } from './interlocks/parallels.ts';
import { isUntagged } from './interlocks/tagged-device.ts';
import { personOf, type Person } from './people.ts';
import { tiesEarthFault } from './interlocks/ties-earth-fault.ts';
import { goodValue, readingAge_ms } from './process-image.ts';
import { incidentOfTrial } from './declared-trial.ts';
import { figure, operationText, say } from './signal-text.ts';
import type { Command, OperationsState } from './state.ts';

/** One wanted operation as the gates judge it. */
export interface WantedOperation {
  readonly switchIndex: number;
  readonly operation: SwitchOperation;
  /** The incident whose plan wants it; null for a person. */
  readonly incident: string | null;
  /** The command that asks, so that it does not stand in its own way. */
  readonly command: string | null;
  /** Who asks; absent: the automation, or nobody in particular. */
  readonly person?: Person | null;
  readonly secondPerson?: Person | null;
  /** Names of the gates that a typed reason and a second person have overridden. */
  readonly overridden?: readonly string[];
}

/** The gate that a fresh reading can open; every other one that is shut refuses at once. */
export const AGE_GATE = 'age';

/**
 * Every condition a command must meet, met or not, always in the same order. Changes nothing.
 * @returns null where the grid has no such switch.
 */
export function checkGates(
  engine: Engine,
  state: OperationsState,
  wanted: { readonly equipment: string; readonly operation: SwitchOperation },
  at: { readonly monotonic_ms: number; readonly actor?: Actor | undefined },
): readonly Gate[] | null {
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

/** More than three unplanned opens by one person within 60 s take a second one. */
function judgeBulk(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
  now_ms: number,
): Verdict {
  const { person, secondPerson } = wanted;
  const equipment = entryAt(engine.grid.switches, wanted.switchIndex).id;
  // A command that is under way has been counted, and agreed to, when it was asked for.
  const alone = (secondPerson ?? null) === null && wanted.command === null;
  if (
    person === undefined ||
    person === null ||
    !alone ||
    !isBulk(state, person, equipment, now_ms)
  ) {
    return { ok: true, text: say('không quá ba lần cắt một phút', 'no more than three a minute') };
  }
  const count = recentOpens(state, person, now_ms) + 1;
  return {
    ok: false,
    text: say(`lần cắt thứ ${count} trong 60 s`, `open number ${count} within 60 s`),
  };
}

/** The first gate that is shut, leaving out those named. */
export function firstShut(gates: readonly Gate[], except: readonly string[] = []): Gate | null {
  return gates.find((gate) => !gate.ok && !except.includes(gate.name)) ?? null;
}

/**
 * Points whose reading the decision rests on: the device's own, and for a close the open
 * switches that keep what it energises apart from everything else. Ascending.
 */
export function readingsUsed(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
): readonly number[] {
  const { switchIndex, operation } = wanted;
  const used = new Set([pointOf(engine, switchIndex, 'position')]);
  for (const signal of ['localRemote', ...FORBIDDING_ALARMS] as const) {
    used.add(pointOf(engine, switchIndex, signal));
  }
  if (operation === 'close') {
    const { network } = engine;
    for (const node of regionOfClose(engine, state, switchIndex)) {
      const last = entryAt(network.adjacencyStart, node + 1);
      for (let entry = entryAt(network.adjacencyStart, node); entry < last; entry++) {
        const at = entryAt(network.adjacencyBranch, entry) - network.firstSwitchBranch;
        if (at >= 0 && state.positions[at] === OPEN) used.add(pointOf(engine, at, 'position'));
      }
    }
  } else if (operation !== 'open') used.add(pointOf(engine, switchIndex, 'reclosing'));
  used.delete(-1);
  return [...used].sort((a, b) => a - b);
}

/** Ids of the RTUs whose readings are too old to decide on, sorted. */
export function rtusToRead(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
  now_ms: number,
): readonly string[] {
  const limit_ms = state.configuration.oldestReading_ms;
  const rtus = new Set<string>();
  for (const point of readingsUsed(engine, state, wanted)) {
    const age_ms = readingAge_ms(engine, state, point, now_ms);
    if (age_ms !== null && age_ms <= limit_ms) continue;
    rtus.add(entryAt(engine.rtus, entryAt(engine.points, point).rtu).id);
  }
  return [...rtus].sort();
}

function judgeAge(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
  now_ms: number,
): Verdict {
  const limit_ms = state.configuration.oldestReading_ms;
  let oldest_ms = 0;
  for (const point of readingsUsed(engine, state, wanted)) {
    const age_ms = readingAge_ms(engine, state, point, now_ms);
    if (age_ms === null) {
      const id = entryAt(engine.points, point).equipment;
      return { ok: false, text: say(`${id}: không có số liệu tốt`, `${id}: no good reading`) };
    }
    oldest_ms = Math.max(oldest_ms, age_ms);
  }
  const age = figure(oldest_ms / 1_000, 1);
  const limit = figure(limit_ms / 1_000, 0);
  return {
    ok: oldest_ms <= limit_ms,
    text: say(`${age.vi} s (cho phép ${limit.vi} s)`, `${age.en} s (limit ${limit.en} s)`),
  };
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

/** Blocks: an outcome not known, the border of a faulted part, a device moved by hand. */
function judgeBlocks(engine: Engine, state: OperationsState, wanted: WantedOperation): Verdict {
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

function judgeHolder(engine: Engine, state: OperationsState, wanted: WantedOperation): Verdict {
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
function judgePlan(state: OperationsState, wanted: WantedOperation): Verdict {
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

function judgeJournal(state: OperationsState): Verdict {
  return state.journalFailure === null
    ? { ok: true, text: say('ghi được', 'can be written') }
    : {
        ok: false,
        text: say('không ghi được nhật ký', `cannot be written: ${state.journalFailure}`),
      };
}
