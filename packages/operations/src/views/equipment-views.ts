import type {
  FeederView,
  LostHoldView,
  MeasurementView,
  Quality,
  SectionView,
  StandingJoint,
  SummaryView,
  SwitchView,
} from '@relight/contract';
import { alarmLoadView } from '../alarm-load.ts';
import { customersOut } from '../picture.ts';
import { isInSwitchView, pointOf, type Engine } from '../engine.ts';
import { commandOn } from '../device-holders.ts';
import { isClosed } from '../incident-state.ts';
import { isLocated, sectionsKeptDead } from '../interlocks/energises-fault.ts';
import { isShedding } from '../load-shedding.ts';
import { deviceMode, feederMode, strictestMode } from '../modes.ts';
import { say } from '../signal-text.ts';
import { goodValue } from '../process-image.ts';
import type { OperationsState } from '../state.ts';

export function isMeasurement(engine: Engine, pointIndex: number): boolean {
  const point = engine.points[pointIndex];
  return point !== undefined && (point.switchIndex === -1 || !isInSwitchView(point.signal));
}

export function switchView(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
): SwitchView {
  const device = engine.grid.switches[switchIndex];
  const point = state.points[pointOf(engine, switchIndex, 'position')];
  const normally = device?.normallyOpen === true ? 'open' : 'closed';
  // Without telemetry the diagram's position stands, and is marked as put in by hand.
  const entered = state.entered.get(device?.id ?? '');
  const position = point === undefined ? (entered?.position ?? normally) : positionOf(point.value);
  const quality: Quality =
    point === undefined
      ? state.doubtful.has(device?.id ?? '')
        ? 'questionable'
        : 'substituted'
      : point.quality;
  const flag = (signal: 'reclosing' | 'faultIndicator'): boolean | null => {
    const value = goodValue(engine, state, switchIndex, signal);
    return typeof value === 'boolean' ? value : null;
  };
  return {
    id: device?.id ?? '',
    position,
    quality,
    sourceTime_ms: point === undefined ? (entered?.at_ms ?? null) : point.sourceTime_ms,
    normal: position === normally,
    ...adoptedView(state, device?.id ?? ''),
    reclosing: flag('reclosing'),
    lockout: goodValue(engine, state, switchIndex, 'lockout') === true,
    faultIndicator: flag('faultIndicator'),
    local: goodValue(engine, state, switchIndex, 'localRemote') === false,
    commandId: commandOn(state, switchIndex, null)?.id ?? null,
    outOfAutomation: whyLeftAlone(engine, state, switchIndex),
    outOfAutomationAlarm: state.alarmKeys.get(state.manual.get(switchIndex) ?? '') ?? null,
  };
}

function adoptedView({ adopted }: OperationsState, id: string): Pick<SwitchView, 'adopted'> {
  const known = adopted.find((each) => each.switch === id);
  if (known === undefined) return {};
  const { switch: _, ...shown } = known;
  return { adopted: shown };
}

/** Why the automation leaves a device alone; null where it does not. */
function whyLeftAlone(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
): SwitchView['outOfAutomation'] {
  if (state.manual.has(switchIndex)) {
    return say('thao tác tay, chờ xác nhận', 'moved by a person, to be acknowledged');
  }
  const mode = deviceMode(engine, state, switchIndex);
  if (mode === 'disabled') return say('tự động hóa tắt', 'automation is disabled');
  return mode === 'advisory' ? say('chế độ tư vấn', 'advisory mode') : null;
}

function positionOf(value: unknown): SwitchView['position'] {
  return value === 'open' || value === 'closed' || value === 'intermediate' || value === 'bad'
    ? value
    : null;
}

export function measurementView(
  engine: Engine,
  state: OperationsState,
  pointIndex: number,
): MeasurementView {
  const compiled = engine.points[pointIndex];
  const point = state.points[pointIndex];
  return {
    id: compiled?.id ?? '',
    equipment: compiled?.equipment ?? '',
    signal: compiled?.signal ?? 'position',
    value: point?.value ?? null,
    quality: point?.quality ?? 'notTopical',
    sourceTime_ms: point?.sourceTime_ms ?? null,
  };
}

export function sectionView(
  engine: Engine,
  state: OperationsState,
  sectionIndex: number,
): SectionView {
  const info = engine.sections[sectionIndex];
  const section = state.sections[sectionIndex];
  const condition = section?.condition ?? 'unknown';
  let shown: SectionView['state'] = condition;
  let share: number | null = null;
  for (const incident of state.incidents) {
    if (incident.lifted) continue;
    if (!isClosed(incident) || condition !== 'live') {
      share ??=
        incident.location?.candidates.find((each) => each.section === sectionIndex)?.probability ??
        null;
    }
    if (condition === 'live' || !sectionsKeptDead(incident).includes(sectionIndex)) continue;
    shown = isLocated(incident) ? 'faulted' : 'suspected';
  }
  return {
    id: info?.id ?? '',
    name: info?.name ?? '',
    nodes: [...(info?.nodes ?? [])],
    lines: [...(info?.lines ?? [])],
    customers: info?.customers ?? 0,
    p_kW: info?.p_kW ?? 0,
    normalFeeder: engine.grid.feeders[info?.normalFeeder ?? -1]?.id ?? null,
    state: shown,
    feeder: engine.grid.feeders[section?.feeder ?? -1]?.id ?? null,
    share,
    deadSince_ms: section?.deadSince_ms ?? null,
    restoredAt_ms: section?.restoredAt_ms ?? null,
    inLoop: section?.inLoop ?? false,
    ...jointView(state.joints.get(info?.id ?? '')),
  };
}

function jointView(joint: StandingJoint | undefined): Pick<SectionView, 'phaseUnconfirmed'> {
  if (joint === undefined) return {};
  const { section: _, ...shown } = joint;
  return { phaseUnconfirmed: shown };
}

export function feederView(
  engine: Engine,
  state: OperationsState,
  feederIndex: number,
): FeederView {
  const feeder = engine.grid.feeders[feederIndex];
  const feederState = state.feeders[feederIndex];
  const head = feeder?.head ?? -1;
  const current = goodValue(engine, state, head, 'current_A');
  return {
    id: feeder?.id ?? '',
    name: feeder?.name ?? '',
    head: engine.grid.switches[head]?.id ?? '',
    mode: feederState?.mode ?? 'disabled',
    outOfAutomatic: feederState?.out?.reason ?? null,
    outOfAutomaticAlarm: state.alarmKeys.get(feederState?.out?.alarmKey ?? '') ?? null,
    shedding: isShedding(feederState),
    customers: engine.sections.reduce(
      (sum, info) => (info.normalFeeder === feederIndex ? sum + info.customers : sum),
      0,
    ),
    customersOut: customersOut(engine, state, feederIndex),
    current_A: typeof current === 'number' ? current : null,
  };
}

function lostHoldViews(state: OperationsState): LostHoldView[] {
  return [...state.lostHolds.values()]
    .map(({ kind, standing: { id, equipment, text, ownerName, placedAt_ms } }) => ({
      id,
      kind,
      equipment,
      text,
      ownerName,
      placedAt_ms,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function summaryView(engine: Engine, state: OperationsState): SummaryView {
  return {
    customers: engine.customers,
    customersOut: customersOut(engine, state),
    incidentsOpen: state.incidents.filter((incident) => !isClosed(incident)).length,
    rtus: engine.rtus.length,
    rtusUp: state.rtus.filter((rtu) => rtu.link.state === 'up').length,
    automation: strictestMode(state.feeders.map((_, feeder) => feederMode(engine, state, feeder))),
    alarms: alarmLoadView(state),
    controlLock: state.controlLock,
    ...(state.lostHolds.size === 0 ? {} : { lostHolds: lostHoldViews(state) }),
  };
}
