import type { Bilingual } from '@relight/contract';
import type { FaultLocation } from '@relight/flisr';
import { CLOSED, energise, OPEN, type Positions } from '@relight/topology';
import { raiseAlarm } from './alarms.ts';
import { isEnded, isRecallable } from './command-state.ts';
import { AUTOMATION, cancelCommand, createCommand } from './commands.ts';
import { switchName, type Engine } from './engine.ts';
import { AGE_GATE, firstShut, judgeGates } from './gates.ts';
import type { GuardTrip, Incident } from './incident-state.ts';
import { opensDead } from './interlocks/opens-dead.ts';
import { deviceMode, feederMode } from './modes.ts';
import { isShedding } from './load-shedding.ts';
import { ascending } from './outage.ts';
import { say } from './signal-text.ts';
import type { Command } from './command.ts';
import type { OperationsState } from './state.ts';
import { addEvent, record, requestReading, wakeAt, type StepContext } from './step-context.ts';

/** How often the readings are asked for that show whether a line is dead. */
const READ_AGAIN_ms = 2_000;
/**
 * What had held until a close counts so much less as the place of a fault that trips upon that close
 * than what the close has just made live: docs/decisions/0088-a-trip-upon-a-close.md.
 */
const HELD_UNTIL_NOW = 0.05;

/**
 * A protective device has tripped upon a close of the plan. Where the closed switch was supplied
 * through it, that switch is to be opened again; any other trip is for a person alone.
 */
export function beginGuardTrip(
  context: StepContext,
  incident: Incident,
  trip: {
    readonly closed: number;
    readonly tripped: number;
    /** Positions before the trip, as last known. */
    readonly before: Positions;
    readonly told: readonly Bilingual[];
  },
): void {
  const { closed, tripped, told } = trip;
  const before = trip.before.slice();
  // Its own report may come later than that of the trip.
  before[closed] = CLOSED;
  const transferred = transferredBy(context.engine, before, closed, tripped);
  if (transferred.length === 0) return;
  const isFirst = incident.guardTrip === null;
  if (incident.beforeLast !== null) incident.beforeLast = before;
  incident.guardTrip = {
    closed,
    tripped,
    transferred,
    automatic: incident.automatic && isFirst,
    told: told.slice(),
    phase: 'opening',
    opened: false,
    cameWithClose: false,
    command: null,
    asked_ms: null,
  };
}

/** Something else has come up: what is still to be done about it a person decides. */
export function endGuardTrip({ guardTrip }: Incident): void {
  if (guardTrip !== null) guardTrip.phase = 'asks';
}

/**
 * Sections that were live through the switch, all of them through the tripped device; none where
 * the two have nothing to do with each other. Ascending.
 */
function transferredBy(
  { network }: Engine,
  before: Positions,
  closed: number,
  tripped: number,
): readonly number[] {
  if (closed === tripped) return [];
  const without = (switchIndex: number) => {
    const positions = before.slice();
    positions[switchIndex] = OPEN;
    return energise(network, positions).nodeSource;
  };
  const lit = energise(network, before).nodeSource;
  const withoutSwitch = without(closed);
  const withoutDevice = without(tripped);
  const sections: number[] = [];
  for (let section = 0; section < network.sectionCount; section++) {
    const node = network.sectionNodes[network.sectionStart[section] ?? 0] ?? -1;
    if ((lit[node] ?? -1) === -1 || (withoutSwitch[node] ?? -1) !== -1) continue;
    if ((withoutDevice[node] ?? -1) !== -1) return [];
    sections.push(section);
  }
  return sections;
}

/** Opens the switch again as soon as it may be. True if anything changed. */
export function advanceGuardTrip(context: StepContext, incident: Incident): boolean {
  const { guardTrip } = incident;
  if (guardTrip?.phase !== 'opening') return false;
  const command = context.state.commands.get(guardTrip.command ?? '');
  if (command !== undefined) return followOpening(context, incident, guardTrip, command);
  const { engine, state } = context;
  const name = switchName(engine, guardTrip.closed);
  const forbidden = whyNotBySelf(context, incident, guardTrip);
  if (forbidden !== null) return ask(context, incident, guardTrip, forbidden);
  const closing = commandAt(state, guardTrip.closed);
  if (closing?.state === 'unknown') {
    const why = say(
      `${name}: không rõ kết quả lệnh đóng`,
      `${name}: the outcome of its close is unknown`,
    );
    return ask(context, incident, guardTrip, why);
  }
  // Its close has not been reported yet: one command at a time on a device.
  if (closing !== undefined) return false;
  if (state.positions[guardTrip.closed] === OPEN) {
    // It never closed, or somebody was faster: then the trip may have nothing to do with it.
    if (incident.beforeLast !== null) incident.beforeLast[guardTrip.closed] = OPEN;
    const why = say(`${name} đã mở sẵn`, `${name} is open already`);
    return ask(context, incident, guardTrip, why);
  }
  return openAgain(context, incident, guardTrip);
}

/** Null: opening what the plan has just closed belongs to the step that was released. */
function whyNotBySelf(
  { engine, state }: StepContext,
  incident: Incident,
  { closed, tripped }: GuardTrip,
): Bilingual | null {
  if (incident.held) return say('phương án đang tạm giữ', 'the plan is held');
  const works = [...incident.feeders, ...(incident.plan?.helpingFeeders ?? [])];
  const isOff =
    works.some(
      (feeder) =>
        feederMode(engine, state, feeder) === 'disabled' || isShedding(state.feeders[feeder]),
    ) || deviceMode(engine, state, closed) === 'disabled';
  if (isOff) return say('tự động hóa tắt', 'automation is disabled');
  const trip = incident.trips.find((each) => each.switchIndex === tripped);
  if (trip?.phase === 'held') {
    const name = switchName(engine, tripped);
    return say(`${name} đã tự đóng lại và giữ`, `${name} has reclosed and holds`);
  }
  return null;
}

function openAgain(context: StepContext, incident: Incident, guardTrip: GuardTrip): boolean {
  const { engine, state, now_ms } = context;
  const { closed, tripped } = guardTrip;
  const trip = incident.trips.find((each) => each.switchIndex === tripped);
  const lockedOut_ms = trip?.phase === 'lockedOut' ? trip.since_ms : Number.POSITIVE_INFINITY;
  const move = {
    engine,
    state,
    switchIndex: closed,
    operation: 'open' as const,
    now_ms,
    region: [],
  };
  const dead = opensDead(move, lockedOut_ms);
  const isKnown = state.positions[closed] === CLOSED;
  if (!dead.ok || !isKnown) {
    if (lockedOut_ms > now_ms) return false;
    const until_ms = lockedOut_ms + state.configuration.motorFeedback_ms;
    if (now_ms >= until_ms) return ask(context, incident, guardTrip, dead.text);
    readAgain(context, guardTrip);
    wakeAt(context, until_ms);
    return false;
  }
  const wanted = {
    switchIndex: closed,
    operation: 'open' as const,
    incident: incident.id,
    command: null,
  };
  const shut = firstShut(judgeGates(engine, state, wanted, now_ms), [AGE_GATE]);
  if (shut !== null) {
    const why = say(`${shut.label.vi}: ${shut.text.vi}`, `${shut.label.en}: ${shut.text.en}`);
    return ask(context, incident, guardTrip, why);
  }
  guardTrip.command = createCommand(context, {
    switchIndex: closed,
    operation: 'open',
    by: AUTOMATION,
    incident: incident.id,
    step: null,
    automatic: true,
  }).id;
  // So that whatever stops the plan takes this command back too.
  if (incident.progress !== null) incident.progress.command = guardTrip.command;
  record(context, 'incident', 'flisr', incident.id, {
    opensAgain: engine.grid.switches[closed]?.id,
    tripped: engine.grid.switches[tripped]?.id,
  });
  context.touched.incidents.add(incident.id);
  return true;
}

function readAgain(context: StepContext, guardTrip: GuardTrip): void {
  const { engine } = context;
  const due_ms = guardTrip.asked_ms === null ? 0 : guardTrip.asked_ms + READ_AGAIN_ms;
  if (context.now_ms >= due_ms) {
    guardTrip.asked_ms = context.now_ms;
    const rtus = new Set(
      engine.points.flatMap(({ switchIndex, rtu }) =>
        switchIndex === guardTrip.closed ? [engine.rtus[rtu]?.id ?? ''] : [],
      ),
    );
    requestReading(context, [...rtus]);
  }
  wakeAt(context, (guardTrip.asked_ms ?? context.now_ms) + READ_AGAIN_ms);
}

function followOpening(
  context: StepContext,
  incident: Incident,
  guardTrip: GuardTrip,
  command: Command,
): boolean {
  const { engine, state } = context;
  const name = switchName(engine, guardTrip.closed);
  if (!isEnded(command) && command.state !== 'unknown') {
    if (!incident.held || !isRecallable(command)) return false;
    cancelCommand(context, command, 'flisr', say('phương án tạm giữ', 'the plan is held'));
  }
  if (command.state === 'verified' && state.positions[guardTrip.closed] === OPEN) {
    guardTrip.phase = 'opened';
    guardTrip.opened = true;
    if (incident.progress !== null) incident.progress.command = null;
    const tripped = switchName(engine, guardTrip.tripped);
    const text = say(
      `${name} đã mở lại sau khi ${tripped} nhảy; phần vừa chuyển giữ không điện`,
      `${name} has been opened again after ${tripped} tripped; the part it took over stays dead`,
    );
    guardTrip.told.push(text);
    tell(context, incident, guardTrip, text);
    return true;
  }
  if (command.state === 'failed' || command.state === 'expired') {
    incident.stuck = ascending(new Set([...incident.stuck, guardTrip.closed]));
  }
  const why = command.reason ?? say(command.state, command.state);
  return ask(context, incident, guardTrip, why);
}

/** The switch is not opened by itself, or did not open: its helper is not restored by itself. */
function ask(
  context: StepContext,
  incident: Incident,
  guardTrip: GuardTrip,
  why: Bilingual,
): boolean {
  guardTrip.phase = 'asks';
  const name = switchName(context.engine, guardTrip.closed);
  tell(
    context,
    incident,
    guardTrip,
    say(
      `${name} không được mở lại (${why.vi}): không khôi phục lộ hỗ trợ, chờ người quyết định`,
      `${name} has not been opened again (${why.en}): the helping feeder is not restored, a person decides`,
    ),
  );
  return true;
}

function tell(
  context: StepContext,
  incident: Incident,
  { closed }: GuardTrip,
  text: Bilingual,
): void {
  const equipment = context.engine.grid.switches[closed]?.id ?? '';
  incident.mustAsk.push(text);
  incident.reasons = incident.mustAsk.slice();
  addEvent(context, { equipment, text });
  record(context, 'incident', 'flisr', incident.id, { tells: text });
  raiseAlarm(context, {
    key: `once/guard/${incident.id}/${equipment}`,
    priority: 1,
    equipment,
    incident: incident.id,
    text: say(`${incident.id}: ${text.vi}`, `${incident.id}: ${text.en}`),
  });
  context.touched.incidents.add(incident.id);
}

function commandAt(state: OperationsState, switchIndex: number): Command | undefined {
  return state.activeCommands
    .map((id) => state.commands.get(id))
    .find((command) => command?.switchIndex === switchIndex);
}

/**
 * What was located after a trip upon a close: where the evidence puts the fault into what the close
 * had made live, all of that counts as faulted, and no more.
 */
export function withTransferred(
  state: OperationsState,
  { guardTrip }: Incident,
  located: FaultLocation,
): FaultLocation {
  if (guardTrip?.opened !== true) return located;
  const { transferred } = guardTrip;
  let inside = 0;
  let all = 0;
  for (const { section, probability } of located.candidates) {
    all += probability;
    if (transferred.includes(section)) inside += probability;
  }
  const elsewhere = HELD_UNTIL_NOW * Math.max(Math.max(all, 1) - inside, 0);
  const outside = inside === 0 ? 1 : elsewhere / (elsewhere + inside);
  guardTrip.cameWithClose = outside <= state.configuration.automaticRisk;
  if (!guardTrip.cameWithClose) return located;
  return {
    candidates: located.candidates,
    isolate: ascending(new Set([...located.isolate, ...transferred])),
    outside,
    because: [
      ...located.because,
      say(
        'Bảo vệ nhảy ngay khi đóng điện cho phần này: cả phần vừa chuyển coi là sự cố.',
        'The trip came with the close that made this part live: all that was transferred counts as faulted.',
      ),
    ],
  };
}

/** Device of the helping feeder that may come back by itself now; null: none. */
export function helperToRestore({ guardTrip }: Incident): number | null {
  if (guardTrip?.phase !== 'opened' || !guardTrip.automatic) return null;
  return guardTrip.cameWithClose ? guardTrip.tripped : null;
}

/** The helping feeder is closed again: nothing more goes by itself. */
export function noteHelperClosed(
  context: StepContext,
  incident: Incident,
  switchIndex: number,
): void {
  const { guardTrip } = incident;
  if (guardTrip?.phase !== 'opened' || guardTrip.tripped !== switchIndex) return;
  if (!guardTrip.automatic || incident.plan?.document.steps.length !== 1) {
    // In a plan that a person has released: it goes on as released.
    guardTrip.phase = 'asks';
    return;
  }
  guardTrip.phase = 'restored';
  const name = switchName(context.engine, switchIndex);
  const text = say(
    `${name} đã đóng lại, lộ hỗ trợ có điện; dừng lại chờ người quyết định`,
    `${name} is closed again and the helping feeder live; it stops and asks a person`,
  );
  guardTrip.told.push(text);
  tell(context, incident, guardTrip, text);
}
