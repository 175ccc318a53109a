import { switchesOnPath, type FaultPath } from './fault-current.ts';
import { report, reportAnew, type Fault, type Indicator, type Plant } from './state.ts';

/**
 * Fault current on a path latches the indicators it passes: those at switches, and those on
 * poles at the end where it enters a line.
 */
export function latchIndicators(plant: Plant, fault: Fault, path: FaultPath): void {
  const { network } = plant;
  for (const passed of switchesOnPath(plant, path)) {
    if (network.grid.switches[passed.switch]!.faultIndicator) {
      latch(plant, plant.devices[passed.switch]!.indicator);
    }
  }
  const linesPassed = new Set(path.branches.filter((branch) => branch < network.lineCount));
  network.grid.faultIndicators.forEach((fitted, index) => {
    if (fault.earth ? !fitted.earthFault : !fitted.phaseFault) return;
    const entered = path.entry?.line === fitted.line && path.entry.node === fitted.node;
    if (entered || linesPassed.has(fitted.line)) latch(plant, plant.poleIndicators[index]!);
  });
}

function latch(plant: Plant, indicator: Indicator): void {
  if (indicator.mode === 'missing') return;
  // A new passage is dated anew, also where the last one still shows.
  reportAnew(plant, indicator.shows, true);
}

/** Indicators whose place has had voltage for long enough fall back. */
export function resetIndicators(plant: Plant): void {
  for (const device of plant.devices) resetIfLive(plant, device.indicator);
  for (const indicator of plant.poleIndicators) resetIfLive(plant, indicator);
}

function resetIfLive(plant: Plant, indicator: Indicator): void {
  if (!indicator.shows.value || indicator.mode === 'false' || indicator.liveSince_ms === null) {
    return;
  }
  // An indicator that kept its voltage all along counts from its own latching.
  const since = Math.max(indicator.liveSince_ms, indicator.shows.changedAt_ms);
  if (plant.now_ms - since >= plant.times.indicatorReset_ms) report(plant, indicator.shows, false);
}

/** From now on the indicator behaves so. */
export function setIndicatorMode(
  plant: Plant,
  indicator: Indicator,
  mode: Indicator['mode'],
): void {
  indicator.mode = mode;
  if (mode === 'false') report(plant, indicator.shows, true);
  if (mode === 'missing') report(plant, indicator.shows, false);
}
