import type { TripFunction } from '@relight/contract';
import { CLOSED, OPEN } from '@relight/topology';
import { settle } from './electrical.ts';
import { faultPaths, switchesOnPath, type FaultPath } from './fault-current.ts';
import { latchIndicators } from './indicators.ts';
import { logProtection, report, type Fault, type Plant, type SwitchDevice } from './state.ts';

/**
 * Overcurrent protection and automatic reclosing of one device:
 *
 *   idle ── relay ──► tripping ── contacts open ──► deadTime ── due ──► reclosing ── closed ──► reclaim ── quiet ──► idle
 *                        │                             │ reclosing off, stuck          trips again: tripping
 *                        └── last shot, no reclosing ──┴──► lockedOut ── closed by command ──► idle
 */

/** What one device has to do about one fault. */
interface Duty {
  readonly device: SwitchDevice;
  readonly reactance_ohm: number;
  /** Unit protection and its like: never reclose. */
  readonly unit: boolean;
}

/**
 * Lets fault current flow where a fault is live: indicators latch, relays start. To be called
 * after everything that may have made a fault live or dead.
 */
export function feedFaults(plant: Plant): void {
  for (const fault of plant.faults) {
    if (fault.cleared) continue;
    const paths = faultPaths(plant, fault);
    if (paths.length === 0) {
      if (fault.deadSince_ms === null) becomeDead(plant, fault);
      continue;
    }
    fault.fed = true;
    fault.deadSince_ms = null;
    if (fault.lockedOut) plant.faultedEnergisedAfterTrip = true;
    for (const path of paths) {
      latchIndicators(plant, fault, path);
      startRelays(plant, fault, path);
    }
  }
  for (const fault of plant.faults) noteLockout(plant, fault);
}

/** A fault placed or left without voltage: a transient one burns out. */
function becomeDead(plant: Plant, fault: Fault): void {
  fault.deadSince_ms = plant.now_ms;
  if (fault.kind !== 'transient') return;
  const due = plant.now_ms + plant.times.arc_ms;
  plant.timeline.book(due, { kind: 'arcOut', fault: fault.id, deadSince_ms: plant.now_ms });
}

/** From the end of its protection's sequence on, nobody may energise the fault again. */
function noteLockout(plant: Plant, fault: Fault): void {
  if (fault.cleared || fault.lockedOut || !fault.fed || fault.deadSince_ms === null) return;
  const stillRunning = [...fault.trippedBy].some((index) => {
    const { phase } = plant.devices[index]!;
    return phase === 'tripping' || phase === 'deadTime' || phase === 'reclosing';
  });
  if (!stillRunning && fault.kind === 'permanent') fault.lockedOut = true;
}

function startRelays(plant: Plant, fault: Fault, path: FaultPath): void {
  const delay_ms = plant.chance.relay.between(...plant.times.relay_ms);
  const duties = dutiesFor(plant, fault, path);
  for (const { device } of duties) {
    if (device.relayBooked || device.phase === 'tripping') continue;
    device.relayBooked = true;
    plant.timeline.book(plant.now_ms + delay_ms, { kind: 'relay', switch: device.index });
  }
  if (duties.length > 0 || plant.sourcesTripping.has(path.source)) return;
  plant.sourcesTripping.add(path.source);
  plant.timeline.book(plant.now_ms + delay_ms, { kind: 'sourceLost', source: path.source });
}

/**
 * Who clears a fault (`formats.md`, trip model): the first closed switch with protection on the
 * way to the source; for a transformer all protecting switches around its section at once.
 */
function dutiesFor(plant: Plant, fault: Fault, path: FaultPath): readonly Duty[] {
  if (fault.place.kind === 'transformer') {
    const around = plant.devices.filter((device) => guards(plant, device, fault.sections[0]!));
    if (around.length > 0) {
      return around.map((device) => ({ device, reactance_ohm: 0, unit: true }));
    }
  }
  for (const passed of switchesOnPath(plant, path)) {
    const device = plant.devices[passed.switch]!;
    if (canTrip(plant, device)) {
      return [{ device, reactance_ohm: passed.reactance_ohm, unit: false }];
    }
  }
  return [];
}

function guards(plant: Plant, device: SwitchDevice, section: number): boolean {
  const { switchSectionFrom, switchSectionTo } = plant.network;
  const touches =
    switchSectionFrom[device.index] === section || switchSectionTo[device.index] === section;
  return touches && canTrip(plant, device);
}

function canTrip(plant: Plant, device: SwitchDevice): boolean {
  const { protects } = plant.network.grid.switches[device.index]!;
  return protects && !device.failed && plant.positions[device.index] === CLOSED;
}

/** The relay's delay is over: it trips if the fault current still flows through it. */
export function operateRelay(plant: Plant, device: SwitchDevice): void {
  device.relayBooked = false;
  if (device.phase === 'tripping') return;
  for (const fault of plant.faults) {
    if (fault.cleared) continue;
    for (const path of faultPaths(plant, fault)) {
      const duty = dutiesFor(plant, fault, path).find((each) => each.device === device);
      if (duty === undefined) continue;
      fault.trippedBy.add(device.index);
      const error = 1 + RELAY_ERROR * plant.chance.reactance.gaussian();
      report(plant, device.faultReactance_ohm, Math.max(duty.reactance_ohm * error, 0));
      const functionCode = duty.unit ? '87T' : fault.earth ? '51N' : '51';
      trip(plant, device, functionCode, duty.unit);
      return;
    }
  }
}

/** Standard error of the reactance a relay reports, as a share of it. */
const RELAY_ERROR = 0.02;

function trip(plant: Plant, device: SwitchDevice, code: TripFunction, final: boolean): void {
  const { deadTimes_ms, switchOntoFault_ms, trip_ms } = plant.times;
  const closedOntoIt =
    device.closedByCommandAt_ms !== null &&
    plant.now_ms - device.closedByCommandAt_ms <= switchOntoFault_ms;
  device.finalTrip =
    final ||
    closedOntoIt ||
    !device.recloses ||
    !device.reclosing.value ||
    device.shotsDone >= deadTimes_ms.length;
  device.phase = 'tripping';
  device.overloadSince_ms = null;
  report(plant, device.protectionTrip, true);
  report(plant, device.tripFunction, code);
  report(plant, device.reclosingInProgress, !device.finalTrip);
  logProtection(plant, device.id, `trip ${code}`);
  startMoving(plant, device, 'open', trip_ms);
}

/** Sets the contacts in motion; what was booked for the drive before is void. */
export function startMoving(
  plant: Plant,
  device: SwitchDevice,
  direction: 'open' | 'close',
  duration_ms: number,
): void {
  device.generation += 1;
  device.moving = direction;
  report(plant, device.position, 'intermediate');
  plant.timeline.book(plant.now_ms + duration_ms, {
    kind: 'contact',
    switch: device.index,
    generation: device.generation,
  });
}

/** After the contacts have opened on a trip: wait for the reclose, or lock out. */
export function continueAfterOpening(plant: Plant, device: SwitchDevice): void {
  if (device.phase !== 'tripping') return;
  if (device.finalTrip) {
    lockOut(plant, device);
    return;
  }
  const deadTime_ms = plant.times.deadTimes_ms[device.shotsDone]!;
  device.shotsDone += 1;
  device.phase = 'deadTime';
  plant.timeline.book(plant.now_ms + deadTime_ms, {
    kind: 'reclose',
    switch: device.index,
    generation: device.generation,
  });
}

export function lockOut(plant: Plant, device: SwitchDevice): void {
  device.generation += 1;
  device.phase = 'lockedOut';
  report(plant, device.lockout, true);
  report(plant, device.reclosingInProgress, false);
  logProtection(plant, device.id, 'lockout');
}

/** The dead time is over. */
export function reclose(plant: Plant, device: SwitchDevice): void {
  if (device.phase !== 'deadTime') return;
  if (device.stuck || device.sticks === 'open' || device.failed || !device.reclosing.value) {
    lockOut(plant, device);
    return;
  }
  device.phase = 'reclosing';
  startMoving(plant, device, 'close', plant.times.breaker_ms);
}

/** The contacts have closed, by reclosing or by command. */
export function continueAfterClosing(plant: Plant, device: SwitchDevice): void {
  report(plant, device.protectionTrip, false);
  report(plant, device.tripFunction, 'none');
  report(plant, device.lockout, false);
  if (device.phase === 'reclosing') {
    device.phase = 'reclaim';
    logProtection(plant, device.id, 'reclosed');
    plant.timeline.book(plant.now_ms + plant.times.reclaim_ms, {
      kind: 'reclaimed',
      switch: device.index,
      generation: device.generation,
    });
  } else {
    device.phase = 'idle';
    device.shotsDone = 0;
    device.closedByCommandAt_ms = plant.now_ms;
    report(plant, device.reclosingInProgress, false);
  }
}

/** Closed and quiet since the reclose: it succeeded. */
export function endSequence(plant: Plant, device: SwitchDevice): void {
  if (device.phase !== 'reclaim') return;
  device.phase = 'idle';
  device.shotsDone = 0;
  report(plant, device.reclosingInProgress, false);
  logProtection(plant, device.id, 'reclosing succeeded');
}

/** Nothing up to the source could trip: the source itself is cut off. */
export function loseSource(plant: Plant, source: number): void {
  plant.sourcesTripping.delete(source);
  const stillFed = plant.faults.some(
    (fault) =>
      !fault.cleared &&
      faultPaths(plant, fault).some(
        (path) => path.source === source && dutiesFor(plant, fault, path).length === 0,
      ),
  );
  if (!stillFed) return;
  plant.lostSources.add(source);
  logProtection(plant, plant.network.grid.sources[source]!.id, 'source lost');
  settle(plant);
}

/** Starts and stops the overload timers. */
export function watchOverload(plant: Plant): void {
  for (const device of plant.devices) {
    if (!isOverloaded(plant, device)) {
      device.overloadSince_ms = null;
    } else if (device.overloadSince_ms === null && device.phase !== 'tripping') {
      device.overloadSince_ms = plant.now_ms;
      plant.timeline.book(plant.now_ms + plant.times.overload_ms, {
        kind: 'overload',
        switch: device.index,
        since_ms: plant.now_ms,
      });
    }
  }
}

/** Load current over the pickup for the whole time trips, and does not reclose. */
export function operateOverload(plant: Plant, device: SwitchDevice, since_ms: number): void {
  if (device.overloadSince_ms !== since_ms || !isOverloaded(plant, device)) return;
  report(plant, device.faultReactance_ohm, 0);
  trip(plant, device, '51', true);
}

function isOverloaded(plant: Plant, device: SwitchDevice): boolean {
  const { pickupCurrent } = plant.network.grid.switches[device.index]!;
  const current_A = plant.loadFlow.current_A[plant.network.firstSwitchBranch + device.index]!;
  return pickupCurrent !== null && canTrip(plant, device) && current_A > pickupCurrent;
}

/** Fault current flows through the switch now. */
export function carriesFaultCurrent(plant: Plant, device: SwitchDevice): boolean {
  const branch = plant.network.firstSwitchBranch + device.index;
  return (
    plant.positions[device.index] !== OPEN &&
    plant.faults.some(
      (fault) =>
        !fault.cleared && faultPaths(plant, fault).some((path) => path.branches.includes(branch)),
    )
  );
}
