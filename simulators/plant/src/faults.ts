import type { PlacedFault, PlaceFault } from '@relight/contract';
import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import type { Network } from '@relight/topology';
import { letsEarthFaultStand } from './neutral.ts';
import { feedFaults } from './protection.ts';
import { logProtection, type Fault, type FaultPlace, type Plant } from './state.ts';

/** `cannotStand`: the place is dead, or its neutral is earthed; there such a fault would trip. */
export interface FaultRefusal {
  readonly kind: 'unknownEquipment' | 'cannotStand';
  readonly equipment: string;
}

/** Short circuits and earth faults occur; on medium voltage most are to earth. */
const EARTH_SHARE = 0.7;

/**
 * Puts a fault on a line (its middle), transformer, node or switch. Fault current flows at once,
 * except of an earth fault that stands: it only raises 3U0.
 */
export function placeFault(plant: Plant, request: PlaceFault): Result<PlacedFault, FaultRefusal> {
  const place = findPlace(plant.network, request.equipment);
  if (place === null) return fail({ kind: 'unknownEquipment', equipment: request.equipment });
  const standing = request.standing ?? false;
  if (standing && !mayStand(plant, place)) {
    return fail({ kind: 'cannotStand', equipment: request.equipment });
  }
  plant.faultsPlaced += 1;
  const fault: Fault = {
    id: `F${plant.faultsPlaced}`,
    equipment: request.equipment,
    kind: request.kind ?? 'permanent',
    at_ms: plant.now_ms,
    place,
    sections: sectionsOf(plant.network, place),
    earth: plant.chance.fault.next() < EARTH_SHARE || standing,
    standing,
    trippedBy: new Set(),
    cleared: false,
    lockedOut: false,
    fed: false,
    deadSince_ms: null,
  };
  if (place.kind === 'switch') plant.devices[place.switch]!.failed = true;
  plant.faults.push(fault);
  logProtection(plant, fault.equipment, standing ? 'earth fault' : `fault ${fault.kind}`);
  feedFaults(plant);
  return ok(describeFault(fault));
}

/** Mends a fault; false if there is none of that id or it is gone already. */
export function repairFault(plant: Plant, id: string): boolean {
  const fault = plant.faults.find((each) => each.id === id && !each.cleared);
  if (fault === undefined) return false;
  clearFault(plant, fault);
  return true;
}

export function clearFault(plant: Plant, fault: Fault): void {
  fault.cleared = true;
  const { place } = fault;
  if (place.kind === 'switch') {
    plant.devices[place.switch]!.failed = plant.faults.some(
      (other) =>
        !other.cleared && other.place.kind === 'switch' && other.place.switch === place.switch,
    );
  }
  logProtection(plant, fault.equipment, 'fault gone');
}

export function describeFault(fault: Fault): PlacedFault {
  const { id, equipment, kind, at_ms, cleared } = fault;
  return { id, equipment, kind, at_ms, cleared };
}

/** At a switch it would be two faults: one on each side. */
function mayStand(plant: Plant, place: FaultPlace): boolean {
  if (place.kind === 'switch' || place.kind === 'transformer') return false;
  const node = place.kind === 'node' ? place.node : plant.network.grid.lines[place.line]!.from;
  return letsEarthFaultStand(plant, node);
}

function findPlace(network: Network, equipment: string): FaultPlace | null {
  const { index } = network;
  const line = index.line.get(equipment);
  if (line !== undefined) return { kind: 'line', line };
  const transformer = index.transformer.get(equipment);
  if (transformer !== undefined) return { kind: 'transformer', transformer };
  const node = index.node.get(equipment);
  if (node !== undefined) return { kind: 'node', node };
  const switchIndex = index.switch.get(equipment);
  return switchIndex === undefined ? null : { kind: 'switch', switch: switchIndex };
}

function sectionsOf(network: Network, place: FaultPlace): readonly number[] {
  const { grid, nodeSection } = network;
  const at = (node: number): number => nodeSection[node]!;
  switch (place.kind) {
    case 'node':
      return [at(place.node)];
    case 'line':
      return [at(grid.lines[place.line]!.from)];
    case 'transformer':
      return [at(grid.transformers[place.transformer]!.from)];
    case 'switch': {
      const { from, to } = grid.switches[place.switch]!;
      return [...new Set([at(from), at(to)])].sort((a, b) => a - b);
    }
  }
}
