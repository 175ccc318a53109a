import type { PointValue, Signal } from '@relight/contract';
import type { Grid } from '@relight/grid';
import { neutralVoltage_V } from './neutral.ts';
import type { Indicator, Plant, Reported, SwitchDevice } from './state.ts';

/** What an instrument shows: its value, whether the instrument is sound, and since when. */
export interface Reading {
  readonly value: PointValue;
  readonly valid: boolean;
  /** Status: time of the last change. Measurements: time of the reading. Plant clock, ms. */
  readonly at_ms: number;
}

/**
 * Signals that a busbar has: 3U0 only where its level is fed with a neutral that lets an earth
 * fault stand.
 */
export function signalsOfBusbar(grid: Grid, index: number): readonly Signal[] {
  const { nominalVoltage } = grid.connectivityNodes[index]!;
  const fed = [
    ...grid.transformers.map(({ to, neutralEarthing }) => ({ node: to, neutralEarthing })),
    ...grid.sources,
  ];
  const stands = fed.some(({ node, neutralEarthing }) => {
    const isolated = neutralEarthing === 'isolated' || neutralEarthing === 'petersen';
    return isolated && grid.connectivityNodes[node]!.nominalVoltage === nominalVoltage;
  });
  return stands ? ['voltage_kV', 'neutralVoltage_kV'] : ['voltage_kV'];
}

/** Signals that a switch has, by its kind and fittings. */
export function signalsOfSwitch(grid: Grid, index: number): readonly Signal[] {
  const each = grid.switches[index]!;
  const relay = each.protects && each.kind !== 'fuse';
  const head = each.kind === 'breaker' && grid.feeders.some((feeder) => feeder.head === index);
  const recloses = each.kind === 'recloser' || head;
  return [
    'position',
    ...(relay ? (['protectionTrip', 'tripFunction', 'lockout'] as const) : []),
    ...(recloses ? (['reclosing', 'reclosingInProgress'] as const) : []),
    ...(each.faultIndicator ? (['faultIndicator'] as const) : []),
    'voltagePresent',
    'localRemote',
    'current_A',
    'activePower_kW',
    ...(relay ? (['faultReactance_ohm'] as const) : []),
  ];
}

/**
 * What is to be read of one signal of one piece of equipment: a switch, a pole indicator, a node
 * (`voltage_kV`, `neutralVoltage_kV`) or a transformer (`activePower_kW`, `current_A`). Power is positive from the
 * `from` end to the `to` end. undefined: there is no such instrument.
 */
export function read(plant: Plant, equipment: string, signal: Signal): Reading | undefined {
  const { network } = plant;
  const switchIndex = network.index.switch.get(equipment);
  if (switchIndex !== undefined) return readSwitch(plant, plant.devices[switchIndex]!, signal);
  const transformer = network.index.transformer.get(equipment);
  if (transformer !== undefined) {
    return readFlow(plant, network.lineCount + transformer, signal);
  }
  const node = network.index.node.get(equipment);
  if (node !== undefined) {
    if (signal === 'neutralVoltage_kV') {
      return { value: neutralVoltage_V(plant, node) / 1e3, valid: true, at_ms: plant.now_ms };
    }
    if (signal !== 'voltage_kV') return undefined;
    const nominal_V = network.grid.connectivityNodes[node]!.nominalVoltage;
    return measured(plant, (plant.loadFlow.voltage_pu[node]! * nominal_V) / 1e3);
  }
  const pole = plant.poleIndicatorIndex.get(equipment);
  if (pole === undefined || signal !== 'faultIndicator') return undefined;
  return readIndicator(plant.poleIndicators[pole]!);
}

/** The reported value behind a signal; undefined for measurements and what is not there. */
export function reportedOf(
  plant: Plant,
  equipment: string,
  signal: Signal,
): Reported<PointValue> | undefined {
  const pole = plant.poleIndicators[plant.poleIndicatorIndex.get(equipment) ?? -1];
  if (pole !== undefined) return signal === 'faultIndicator' ? pole.shows : undefined;
  const device = plant.devices[plant.network.index.switch.get(equipment) ?? -1];
  switch (signal) {
    case 'position':
    case 'protectionTrip':
    case 'tripFunction':
    case 'lockout':
    case 'reclosing':
    case 'reclosingInProgress':
    case 'voltagePresent':
    case 'faultReactance_ohm':
      return device?.[signal];
    case 'faultIndicator':
      return device?.indicator.shows;
    default:
      return undefined;
  }
}

function readSwitch(plant: Plant, device: SwitchDevice, signal: Signal): Reading | undefined {
  switch (signal) {
    case 'position':
    case 'protectionTrip':
    case 'tripFunction':
    case 'lockout':
    case 'reclosing':
    case 'reclosingInProgress':
    case 'voltagePresent':
    case 'faultReactance_ohm':
      return status(device[signal]);
    case 'faultIndicator':
      return readIndicator(device.indicator);
    case 'localRemote':
      return { value: true, valid: true, at_ms: plant.start_ms };
    default:
      return readFlow(plant, plant.network.firstSwitchBranch + device.index, signal);
  }
}

function readFlow(plant: Plant, branch: number, signal: Signal): Reading | undefined {
  switch (signal) {
    case 'current_A':
      return measured(plant, plant.loadFlow.current_A[branch]!);
    case 'activePower_kW':
      return measured(plant, plant.loadFlow.activePower_W[branch]! / 1e3);
    case 'reactivePower_kvar':
      return measured(plant, plant.loadFlow.reactivePower_var[branch]! / 1e3);
    default:
      return undefined;
  }
}

function readIndicator(indicator: Indicator): Reading {
  return {
    value: indicator.shows.value,
    valid: indicator.mode !== 'invalid',
    at_ms: indicator.shows.changedAt_ms,
  };
}

function status(reported: Reported<PointValue>): Reading {
  return { value: reported.value, valid: true, at_ms: reported.changedAt_ms };
}

function measured(plant: Plant, value: number): Reading {
  return { value, valid: true, at_ms: plant.loadFlowAt_ms };
}
