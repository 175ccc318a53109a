import { solveLoadFlow } from '@relight/powerflow';
import type { LoadFlow } from '@relight/powerflow';
import { energise } from '@relight/topology';
import { loadsAt } from './day-load.ts';
import { countLoops } from './loops.ts';
import { report, type Plant } from './state.ts';

const HOUR_MS = 3_600_000;

/** Hour of the day in the plant; it runs with real time whatever the speed. */
function hourOfDay(plant: Plant): number {
  return plant.startHour + (plant.now_ms - plant.start_ms) / HOUR_MS;
}

/** The loads follow the day. */
export function stepLoads(plant: Plant): void {
  plant.loads = loadsAt(plant.network.grid, hourOfDay(plant));
  solve(plant);
}

/** Works out what is live and what flows after a contact has moved or a source is lost. */
export function settle(plant: Plant): void {
  const { network, positions, lostSources } = plant;
  plant.energisation = energise(network, positions, { lostSources });
  plant.mostLoops = Math.max(plant.mostLoops, countLoops(network, positions, lostSources));
  rememberOutage(plant);
  reportVoltage(plant);
  solve(plant);
}

export function isLive(plant: Plant, node: number): boolean {
  return plant.energisation.nodeSource[node] !== -1;
}

function solve(plant: Plant): void {
  const { network, positions, energisation, loads } = plant;
  const solved = solveLoadFlow({ network, positions, energisation, loads, generators: true });
  // Without a solution the meters keep showing the last one; what is dead carries nothing.
  plant.loadFlow = solved.converged ? solved : withoutDeadPart(plant, plant.loadFlow);
  plant.loadFlowAt_ms = plant.now_ms;
}

function withoutDeadPart(plant: Plant, last: LoadFlow): LoadFlow {
  const { network } = plant;
  const branches = (values: Float64Array): Float64Array =>
    values.map((value, branch) => (isLive(plant, network.branchFrom[branch]!) ? value : 0));
  return {
    ...last,
    voltage_pu: last.voltage_pu.map((value, node) => (isLive(plant, node) ? value : 0)),
    current_A: branches(last.current_A),
    activePower_W: branches(last.activePower_W),
    reactivePower_var: branches(last.reactivePower_var),
  };
}

/** An outage begins when the first node that was live at the start goes dark, and ends when none is. */
function rememberOutage(plant: Plant): void {
  let dark = 0;
  plant.liveAtStart.forEach((wasLive, node) => {
    if (wasLive === 0 || isLive(plant, node)) return;
    dark += 1;
    plant.wentDark[node] = 1;
  });
  if (dark === 0) {
    plant.wentDark.fill(0);
    plant.loadsAtOutage = null;
  } else plant.loadsAtOutage ??= plant.loads;
}

function reportVoltage(plant: Plant): void {
  const { switches, faultIndicators } = plant.network.grid;
  for (const device of plant.devices) {
    const { from, to } = switches[device.index]!;
    const live = isLive(plant, from) || isLive(plant, to);
    report(plant, device.voltagePresent, live);
    device.indicator.liveSince_ms = live ? (device.indicator.liveSince_ms ?? plant.now_ms) : null;
  }
  plant.poleIndicators.forEach((indicator, index) => {
    const live = isLive(plant, faultIndicators[index]!.node);
    indicator.liveSince_ms = live ? (indicator.liveSince_ms ?? plant.now_ms) : null;
  });
}
