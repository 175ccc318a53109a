import {
  FORBIDDING_ALARMS,
  type LinkHealth,
  type PointUpdate,
  type Signal,
} from '@relight/contract';
import { CLOSED, OPEN, UNKNOWN } from '@relight/topology';
import { clearAlarm, raiseAlarm } from './alarms.ts';
import { noteLinkBack, noteLinkLost } from './link-losses.ts';
import { noteClock } from './device-clock.ts';
import { earthingPosition } from './earths.ts';
import { isInSwitchView, pointOf, switchName, type Engine } from './engine.ts';
import { changeText, say } from './signal-text.ts';
import type { OperationsState, PointState } from './state.ts';
import { addEvent, type StepContext } from './step-context.ts';

const FORBIDDING: ReadonlySet<Signal> = new Set(FORBIDDING_ALARMS);

/**
 * Takes a batch of reports into the image. Order is by the sequence of each RTU: what is older
 * than what stands there is dropped. Cost: the size of the batch.
 */
export function applyTelemetry(context: StepContext, updates: readonly PointUpdate[]): void {
  for (const update of updates) {
    const index = context.engine.pointIndex.get(update.point);
    const point = index === undefined ? undefined : context.state.points[index];
    if (index === undefined || point === undefined || update.sequence < point.sequence) continue;
    applyUpdate(context, index, point, update);
  }
}

function applyUpdate(
  context: StepContext,
  index: number,
  point: PointState,
  update: PointUpdate,
): void {
  const { engine, state } = context;
  const compiled = engine.points[index];
  if (compiled === undefined) return;
  const valueChanged = update.value !== point.value;
  const wasKnown = point.value !== null;
  const wasGood = point.quality === 'good';
  const changed =
    valueChanged ||
    update.quality !== point.quality ||
    update.sourceTime_ms !== point.sourceTime_ms;
  if (changed) context.touched.points.add(index);
  if (valueChanged && wasKnown) {
    point.changedAt_ms = update.sourceTime_ms ?? update.receiveTime_ms;
    noteChange(context, index, update);
  } else if (valueChanged) {
    // The first reading says what is so, not since when, unless the device dates it.
    point.changedAt_ms = update.sourceTime_ms;
  } else if (update.sourceTime_ms !== null && update.sourceTime_ms !== point.sourceTime_ms) {
    // The device dates the same value anew: an indicator that saw a second passage.
    point.changedAt_ms = update.sourceTime_ms;
  }
  point.value = update.value;
  point.quality = update.quality;
  point.sourceTime_ms = update.sourceTime_ms;
  point.receiveTime_ms = update.receiveTime_ms;
  point.sequence = update.sequence;
  if (update.quality === 'good') point.confirmed_ms = context.now_ms;
  if (compiled.signal === 'loadShedding' && point.quality === 'good') {
    context.sheddingSignals.push({ point: index, isOn: point.value === true });
  }
  if (compiled.earthing !== -1) applyEarthing(context, compiled.earthing);
  if (compiled.signal === 'lossOfSupply' || compiled.signal === 'voltagePresent') {
    context.supplyRead ||= changed;
  }
  if (compiled.switchIndex === -1) return;
  if (changed && isInSwitchView(compiled.signal)) {
    context.touched.switches.add(compiled.switchIndex);
  }
  // A plan that passed over the device may find it fit now.
  if (changed && FORBIDDING.has(compiled.signal)) context.pictureChanged = true;
  if (compiled.signal === 'position') applyPosition(context, compiled.switchIndex, point);
  else if (compiled.signal === 'activePower_kW') sampleHead(context, compiled.switchIndex, point);
  else if (compiled.signal === 'current_A') {
    const feeder = engine.network.switchFeeder[compiled.switchIndex] ?? -1;
    if (feeder !== -1) context.touched.feeders.add(feeder);
  }
  if (compiled.signal === 'position') watchPositionQuality(state, context, compiled.switchIndex);
  const trip = compiled.signal === 'protectionTrip' || compiled.signal === 'lockoutRelay86';
  if (trip && valueChanged && wasKnown && update.value === true) {
    context.tripSignals.push(compiled.switchIndex);
  }
  const trips = compiled.signal === 'protectionTrip' || compiled.signal === 'lockout';
  const tells = compiled.signal === 'position' || (trips && update.value === true);
  if (tells && (valueChanged || !wasGood)) {
    context.firstSeen.push(compiled.switchIndex);
  }
}

/** An earthing switch has reported, or fallen silent. */
function applyEarthing(context: StepContext, index: number): void {
  const { engine, state } = context;
  const now = earthingPosition(engine, state, index);
  if (state.earthing[index] === now) return;
  state.earthing[index] = now;
  const device = engine.grid.groundDisconnectors[index];
  context.touched.earths.add(device?.id ?? '');
  context.touched.sections.add(engine.network.nodeSection[device?.node ?? -1] ?? -1);
  context.pictureChanged = true;
}

/** The double point as supply and safety see it: only good and definite counts. */
function applyPosition(context: StepContext, switchIndex: number, point: PointState): void {
  const { state } = context;
  const known =
    point.quality !== 'good'
      ? UNKNOWN
      : point.value === 'closed'
        ? CLOSED
        : point.value === 'open'
          ? OPEN
          : UNKNOWN;
  if (state.positions[switchIndex] !== known) {
    state.positions[switchIndex] = known;
    context.positionsChanged = true;
  }
  if (known === UNKNOWN) return;
  const before = state.lastGood[switchIndex];
  if (before !== known && before !== UNKNOWN) {
    context.movements.push({
      switchIndex,
      to: known,
      at_ms: point.sourceTime_ms ?? point.receiveTime_ms,
    });
  }
  state.lastGood[switchIndex] = known;
  // Closed when this run first reads it: a trip an earlier run told is over.
  if (before === UNKNOWN && known === CLOSED) {
    clearAlarm(context, `trip/${context.engine.grid.switches[switchIndex]?.id ?? ''}`);
  }
}

function watchPositionQuality(
  state: OperationsState,
  context: StepContext,
  switchIndex: number,
): void {
  const point = state.points[pointOf(context.engine, switchIndex, 'position')];
  const equipment = context.engine.grid.switches[switchIndex]?.id ?? '';
  const key = `bad-position/${equipment}`;
  if (point?.quality === 'good' && point.value === 'bad') {
    const name = switchName(context.engine, switchIndex);
    raiseAlarm(context, {
      key,
      priority: 3,
      equipment,
      text: say(
        `${name}: hai tiếp điểm vị trí cùng báo, trạng thái không xác định`,
        `${name}: both position contacts report, position indeterminate`,
      ),
    });
  } else if (point?.quality === 'good') clearAlarm(context, key);
}

function sampleHead(context: StepContext, switchIndex: number, point: PointState): void {
  const { network, normalEnergisation } = context.engine;
  const state = context.state.feeders[network.switchFeeder[switchIndex] ?? -1];
  if (state === undefined || point.quality !== 'good' || typeof point.value !== 'number') return;
  // Measured from its `from` to its `to` end, whichever of the two the supply comes from.
  const branch = network.firstSwitchBranch + switchIndex;
  const turned = normalEnergisation.parentBranch[network.branchFrom[branch] ?? -1] === branch;
  state.sample = { p_kW: turned ? -point.value : point.value, at_ms: context.now_ms };
}

function noteChange(context: StepContext, index: number, update: PointUpdate): void {
  const compiled = context.engine.points[index];
  if (compiled === undefined) return;
  const text = changeText(compiled.signal, update.value);
  if (text === null) return;
  const name =
    compiled.switchIndex === -1
      ? compiled.equipment
      : switchName(context.engine, compiled.switchIndex);
  addEvent(context, {
    equipment: compiled.equipment,
    text: say(`${name}: ${text.vi}`, `${name}: ${text.en}`),
    sourceTime_ms: update.sourceTime_ms,
    receiveTime_ms: update.receiveTime_ms,
    quality: update.quality,
  });
}

/**
 * Takes the health of the links in. What stands behind a link that is not up is no longer
 * topical, whatever the gateway manages to say about it.
 */
export function applyLinks(context: StepContext, links: readonly LinkHealth[]): void {
  for (const link of links) {
    const index = context.engine.rtuIndex.get(link.rtu);
    const rtu = index === undefined ? undefined : context.state.rtus[index];
    if (index === undefined || rtu === undefined) continue;
    const before = rtu.link.state;
    rtu.link = link;
    context.touched.links.add(index);
    noteClock(context, link);
    if (before === link.state) continue;
    context.touched.summary = true;
    context.pictureChanged = true;
    if (link.state !== 'up') loseRtu(context, index);
    noteLink(context, index, before, link);
  }
}

function noteLink(
  context: StepContext,
  index: number,
  before: LinkHealth['state'],
  link: LinkHealth,
): void {
  const key = `link/${link.rtu}`;
  if (link.state === 'down') {
    const text = say(`${link.rtu}: mất kết nối`, `${link.rtu}: link lost`);
    addEvent(context, { equipment: link.rtu, text });
    raiseAlarm(context, { key, priority: 2, equipment: link.rtu, text });
    noteLinkLost(context, index);
  } else if (link.state === 'up') {
    if (before === 'down' || context.state.alarmKeys.has(key)) {
      addEvent(context, {
        equipment: link.rtu,
        text: say(`${link.rtu}: đã nối lại`, `${link.rtu}: link is back`),
      });
    }
    noteLinkBack(context, index);
    clearAlarm(context, key);
  }
}

function loseRtu(context: StepContext, rtuIndex: number): void {
  const { engine, state } = context;
  const rtu = state.rtus[rtuIndex];
  if (rtu !== undefined) {
    rtu.read_ms = null;
    rtu.asked_ms = null;
  }
  for (const index of engine.rtus[rtuIndex]?.points ?? []) {
    const point = state.points[index];
    const compiled = engine.points[index];
    if (point === undefined || compiled === undefined) continue;
    if (point.quality !== 'good') continue;
    point.quality = 'notTopical';
    context.touched.points.add(index);
    if (compiled.earthing !== -1) applyEarthing(context, compiled.earthing);
    if (compiled.switchIndex === -1) continue;
    context.touched.switches.add(compiled.switchIndex);
    if (compiled.signal === 'position') applyPosition(context, compiled.switchIndex, point);
  }
}

/** Every point of the RTU that still reads good is as fresh as this answer. */
export function applyIntegrityDone(
  context: StepContext,
  { requestId, rtu: rtuId, ok }: { requestId: string; rtu: string; ok: boolean },
): void {
  const { engine, state } = context;
  const rtu = state.rtus[engine.rtuIndex.get(rtuId) ?? -1];
  if (rtu === undefined || !ok) return;
  rtu.read_ms = context.now_ms;
  context.supplyRead = true;
  const asked_ms = state.askedReadings.get(requestId);
  if (asked_ms !== undefined) rtu.asked_ms = Math.max(rtu.asked_ms ?? asked_ms, asked_ms);
}

/** Age in ms of a point's reading; null where it is not good or was never read. */
export function readingAge_ms(
  engine: Engine,
  state: OperationsState,
  pointIndex: number,
  now_ms: number,
): number | null {
  const point = state.points[pointIndex];
  if (point === undefined || point.quality !== 'good' || point.confirmed_ms === null) return null;
  const read_ms = state.rtus[engine.points[pointIndex]?.rtu ?? -1]?.read_ms ?? null;
  const newest = read_ms === null ? point.confirmed_ms : Math.max(read_ms, point.confirmed_ms);
  return now_ms - newest;
}

/** Value of a switch's signal if it is good, else null. */
export function goodValue(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
  signal: Parameters<typeof pointOf>[2],
): PointState['value'] {
  const point = state.points[pointOf(engine, switchIndex, signal)];
  return point?.quality === 'good' ? point.value : null;
}
