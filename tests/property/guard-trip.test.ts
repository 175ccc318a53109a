import type { GridFile } from '@relight/contract';
import { RandomStream } from '@relight/foundation';
import { parseGrid } from '@relight/grid';
import { createMonitor, FaultLedger } from '@relight/monitor';
import { expect, test } from 'vitest';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { pointListOf } from '../../packages/operations/src/testing/two-feeders.ts';
import { runs } from '../kit/random-grid.ts';
import { SEED as seed } from '../kit/seed.ts';

interface Town {
  readonly file: GridFile;
  /** Lines by feeder, from its head outward. */
  readonly lines: readonly (readonly string[])[];
  readonly ties: readonly string[];
}

/** Two to four feeders of two to five sections, each tied to the next one somewhere. */
function randomTown(chance: RandomStream): Town {
  const count = chance.integer(2, 4);
  const nodes: NonNullable<GridFile['nodes']> = [];
  const lines: NonNullable<GridFile['lines']> = [];
  const switches: NonNullable<GridFile['switches']> = [];
  const loads: NonNullable<GridFile['loads']> = [];
  const indicators: NonNullable<GridFile['faultIndicators']> = [];
  const names: string[][] = [];
  for (let feeder = 0; feeder < count; feeder++) {
    nodes.push({ id: `B${feeder}`, nominalVoltage_kV: 22, substation: 'T', busbar: true });
    const own: string[] = [];
    const sections = chance.integer(2, 5);
    for (let at = 0; at < sections; at++) {
      const [from, to] = [`n${feeder}.${at}a`, `n${feeder}.${at}b`];
      nodes.push({ id: from, nominalVoltage_kV: 22 }, { id: to, nominalVoltage_kV: 22 });
      const line = `L${feeder}.${at}`;
      own.push(line);
      lines.push({ id: line, from, to, length_m: 2_000, r_ohm: 0.4, x_ohm: 0.7, rated_A: 600 });
      const customers = chance.integer(20, 219);
      loads.push({ id: `A${feeder}.${at}`, node: to, p_kW: customers, customers });
      switches.push({
        id: at === 0 ? `T.${feeder}` : `S${feeder}.${at}`,
        kind: at === 0 ? 'breaker' : 'loadBreakSwitch',
        from: at === 0 ? `B${feeder}` : `n${feeder}.${at - 1}b`,
        to: from,
        remote: true,
        rated_A: 630,
        faultIndicator: at > 0,
      });
      if (at > 0) {
        const id = `FI.S${feeder}.${at}`;
        indicators.push({ id, node: from, line, earthFault: true, phaseFault: true, remote: true });
      }
    }
    names.push(own);
  }
  const ties: string[] = [];
  for (let feeder = 0; feeder < count; feeder++) {
    const next = (feeder + 1) % count;
    if (next === feeder || (count === 2 && feeder === 1)) continue;
    const end = (at: number): string => `n${at}.${chance.integer(0, names[at]!.length - 1)}b`;
    ties.push(`X${feeder}`);
    switches.push({
      id: `X${feeder}`,
      ...(chance.next() < 0.5
        ? { kind: 'breaker' as const, protects: false }
        : { kind: 'loadBreakSwitch' as const }),
      from: end(feeder),
      to: end(next),
      normallyOpen: true,
      remote: true,
      rated_A: 630,
      faultIndicator: true,
    });
  }
  const file: GridFile = {
    format: 'relight-grid/1',
    id: 'random-town',
    name: 'Random town',
    substations: [{ id: 'T', name: 'T', nominalVoltage_kV: 22 }],
    nodes,
    sources: names.map((_, at) => ({ id: `G${at}`, node: `B${at}`, voltage_pu: 1.02 })),
    lines,
    switches,
    faultIndicators: indicators,
    loads,
    feeders: names.map((_, at) => ({
      id: `F${at}`,
      name: `F${at}`,
      head: `T.${at}`,
      mode: 'automatic' as const,
    })),
  };
  return { file, lines: names, ties };
}

const closes = (field: ScriptedField): string[] =>
  field.orders
    .filter(({ phase, operation }) => phase === 'operate' && operation === 'close')
    .map(({ equipment }) => equipment);

/**
 * What the monitor would say of closing the helper again, from the field's own readings and the
 * record alone: while the switch does not read open, and when the command for it was begun.
 */
function opinions(
  field: ScriptedField,
  file: GridFile,
  trip: { readonly closed: string; readonly helper: string },
): { readonly before: readonly boolean[]; readonly after: readonly boolean[] } {
  const points = pointListOf(field.engine.grid);
  const monitor = createMonitor(file);
  const ledger = new FaultLedger(file, points);
  const read = new Map<string, { value: 'open' | 'closed'; at_ms: number }>();
  const before: boolean[] = [];
  const after: boolean[] = [];
  let hasTripped = false;
  for (const { event, monotonic_ms, sequence } of field.records) {
    if (event.kind === 'telemetry') {
      ledger.read(event.updates, monotonic_ms);
      for (const { point, value } of event.updates) {
        if (!point.endsWith('.position') || (value !== 'open' && value !== 'closed')) continue;
        read.set(point.slice(0, -'.position'.length), { value, at_ms: monotonic_ms });
      }
    }
    const journal = field.journal.filter(({ input }) => input === sequence);
    ledger.take(journal, monotonic_ms);
    const isOpen = read.get(trip.helper)?.value === 'open';
    hasTripped ||= isOpen;
    if (!hasTripped || !isOpen) continue;
    const isBegun = journal.some(
      ({ kind, body }) =>
        kind === 'command' &&
        body['equipment'] === trip.helper &&
        body['operation'] === 'close' &&
        body['state'] === 'executing',
    );
    const isCut = read.get(trip.closed)?.value === 'open';
    if (isCut && !isBegun) continue;
    const { ok } = monitor.judgeOrder({
      positions: new Map(
        [...read].map(([id, { value, at_ms }]) => [
          id,
          { position: value, quality: 'good' as const, age_ms: monotonic_ms - at_ms },
        ]),
      ),
      faulted: ledger.faulted(monotonic_ms),
      earthed: [],
      tagged: [],
      order: { equipment: trip.helper, operation: 'close' },
      allowParallel: false,
    });
    (isCut ? after : before).push(ok);
  }
  return { before, after };
}

test('whatever trips upon a close of a plan, nothing that is known to be faulted is energised again, and the monitor lets the helper close only behind an open switch', () => {
  const chance = new RandomStream(seed, 'guard-trip');
  const count = { faults: 0, trips: 0, opened: 0, restored: 0, stuck: 0 };
  for (let run = 0; run < runs(150).numRuns; run++) {
    const town = randomTown(chance);
    const parsed = parseGrid(town.file);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const { grid } = parsed.value;
    const field = new ScriptedField({ grid, pointList: pointListOf(grid) });
    field.run(10_000);
    const feeder = chance.integer(0, town.lines.length - 1);
    const own = town.lines[feeder]!;
    field.placeFault(own[chance.integer(0, own.length - 1)]!);
    field.run(100);
    count.faults += 1;
    // The second fault stands before the first tie closes, on the same feeder or on any other.
    const ready = (): boolean => field.views.incidents.some(({ steps }) => steps.length > 0);
    field.runUntil(() => ready() || field.now > 60_000);
    const same = chance.next() < 0.7 ? own : town.lines[chance.integer(0, town.lines.length - 1)]!;
    const second = same[chance.integer(0, same.length - 1)]!;
    field.placeFault(second);
    const isDead = chance.next() < 0.7;
    const sticks = chance.next() < 0.2;
    const silent = chance.next() < 0.2;
    if (silent) for (const tie of town.ties) field.misbehaviour[tie] = { missingIndicator: true };
    for (let waited = 0; waited < 150_000; waited += 100) {
      field.run(100);
      const trips = field.state.incidents.flatMap(({ guardTrip }) => guardTrip ?? []);
      for (const { closed } of trips) {
        const id = grid.switches[closed]?.id ?? '';
        // Dead lines read no current, some drives stick, and some meters go on showing one.
        if (isDead && field.state.positions[closed] === 1) field.setValue(id, 'current_A', 0);
        if (sticks) field.misbehaviour[id] = { stuck: true };
      }
      expect(field.faultEnergisedAfterLockout, `seed ${seed}, run ${run}`).toBe(false);
    }
    for (const { guardTrip } of field.state.incidents) {
      if (guardTrip === null) continue;
      count.trips += 1;
      if (sticks) count.stuck += 1;
      if (guardTrip.opened) count.opened += 1;
      const helper = grid.switches[guardTrip.tripped]?.id ?? '';
      if (!closes(field).includes(helper)) continue;
      count.restored += 1;
      expect(guardTrip.opened, `seed ${seed}, run ${run}: ${helper}`).toBe(true);
      const closed = grid.switches[guardTrip.closed]?.id ?? '';
      const { before, after } = opinions(field, town.file, { closed, helper });
      expect(before.length, `seed ${seed}, run ${run}`).toBeGreaterThan(0);
      expect(before, `seed ${seed}, run ${run}`).not.toContain(true);
      expect(after, `seed ${seed}, run ${run}`).toEqual([true]);
    }
  }
  console.log(`seed ${seed}`, count);
  expect(count.trips).toBeGreaterThan(count.faults / 20);
  expect(count.restored).toBeGreaterThan(0);
  expect(count.opened).toBeGreaterThan(count.restored);
});
