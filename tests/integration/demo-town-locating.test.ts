import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DEFAULT_CORE_CONFIGURATION } from '@relight/contract';
import { applyTrip, locateFault, type EvidenceItem, type FaultLocation } from '@relight/flisr';
import { parseGrid } from '@relight/grid';
import {
  compileNetwork,
  energise,
  normalPositions,
  sectionsOfEquipment,
  traceUpstream,
  type Network,
} from '@relight/topology';

const file = join(dirname(fileURLToPath(import.meta.url)), '../../seeds/grids/demo-town.json');

function demoTown(): Network {
  const parsed = parseGrid(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return compileNetwork(parsed.value.grid);
}

const network = demoTown();
const before = normalPositions(network);
const live = energise(network, before);
const { grid } = network;

interface PlacedFault {
  readonly line: string;
  readonly section: number;
  readonly tripped: number;
  /** Every indicator of the feeder's grid with what it shows. */
  readonly indications: ReadonlyMap<string, boolean>;
  readonly reactance_ohm: number;
}

/** A fault in the middle of a line, with what every device sees of it. */
function placeFault(line: number): PlacedFault {
  const { id, from, to, reactance } = grid.lines[line]!;
  const near = live.parentBranch[to] === line ? from : to;
  const path = traceUpstream(network, live, near);
  const trip = applyTrip(network, before, [id]);
  if (!trip.ok) throw new Error(id);
  const tripped = trip.value.trippedSwitches[0]!;
  const end = path.indexOf(network.firstSwitchBranch + tripped);
  let reactance_ohm = reactance / 2;
  for (const branch of path.slice(0, end)) reactance_ohm += grid.lines[branch]?.reactance ?? 0;

  const carries = new Set(path);
  const indications = new Map<string, boolean>();
  grid.switches.forEach((device, at) => {
    if (!device.faultIndicator || !device.remote) return;
    indications.set(device.id, carries.has(network.firstSwitchBranch + at));
  });
  for (const pole of grid.faultIndicators) {
    const onFaultedLine = pole.line === line && pole.node === near;
    indications.set(pole.id, onFaultedLine || carries.has(pole.line));
  }
  const section = sectionsOfEquipment(network, id)?.[0] ?? -1;
  return { line: id, section, tripped, indications, reactance_ohm };
}

function locate(fault: PlacedFault, indications: ReadonlyMap<string, boolean>): FaultLocation {
  const item = (equipment: string, signal: string, value: boolean | number): EvidenceItem => ({
    equipment,
    signal,
    value,
    quality: 'good',
    at_ms: null,
  });
  const located = locateFault({
    network,
    positionsBefore: before,
    tripped: [fault.tripped],
    evidence: [
      item(grid.switches[fault.tripped]!.id, 'faultReactance_ohm', fault.reactance_ohm),
      ...[...indications].map(([id, passed]) => item(id, 'faultIndicator', passed)),
    ],
    rates: DEFAULT_CORE_CONFIGURATION,
  });
  if (!located.ok) throw new Error(located.error.text.en);
  return located.value;
}

const faults = grid.lines.map((_, line) => placeFault(line));

test('with all evidence right every line fault of demo-town is located to exactly its section', () => {
  expect(faults.length).toBeGreaterThan(100);
  for (const fault of faults) {
    const found = locate(fault, fault.indications);
    expect([fault.line, found.isolate]).toEqual([fault.line, [fault.section]]);
    expect(found.outside).toBeLessThanOrEqual(0.01);
  }
});

test('any one indicator wrong leaves the right section within the first two, nearly always first', () => {
  let tried = 0;
  let first = 0;
  for (const fault of faults) {
    for (const [id, passed] of fault.indications) {
      const wrong = new Map(fault.indications).set(id, !passed);
      const ranking = locate(fault, wrong).candidates.map((each) => each.section);
      expect([fault.line, id, ranking.slice(0, 2).includes(fault.section)]).toEqual([
        fault.line,
        id,
        true,
      ]);
      tried += 1;
      if (ranking[0] === fault.section) first += 1;
    }
  }
  expect(tried).toBeGreaterThan(1_000);
  expect(first / tried).toBeGreaterThan(0.99);
});
