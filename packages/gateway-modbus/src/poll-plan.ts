import type { ModbusTable } from '@relight/contract';
import { assert } from '@relight/foundation';
import { WIDTH } from '@relight/gateway';
import type { ModbusTcpRtu, Point } from '@relight/gateway';

/** Most registers and bits that one read may ask for (Modbus Application Protocol 1.1b3, 6.1–6.4). */
const MOST_REGISTERS = 125;
const MOST_BITS = 2_000;
/** Addresses between two points that are read along rather than asked for in a second request. */
const LARGEST_HOLE = { registers: 32, bits: 256 };

/** Consecutive addresses of one table, read in one request. */
export interface Block {
  readonly table: ModbusTable;
  readonly first: number;
  readonly count: number;
  /** What the newest read brought; empty before the first, and after a read that failed. */
  data: readonly number[];
}

/** A place inside a block. */
export interface Place {
  readonly block: Block;
  readonly offset: number;
}

export interface PlannedPoint {
  readonly point: Point;
  readonly value: Place;
  readonly quality: Place | null;
  readonly time: Place | null;
}

/** What is read together in one period. */
export interface PollClass {
  readonly period_ms: number;
  readonly blocks: readonly Block[];
  readonly points: readonly PlannedPoint[];
  /** Device clock, in the class with the shortest period. */
  readonly clock: Place | null;
  /** Number of the newest event and incarnation of the ring, in the same class. */
  readonly newestEvent: Place | null;
}

interface Span {
  readonly table: ModbusTable;
  readonly first: number;
  readonly width: number;
}

/**
 * Merges the addresses of one RTU into as few reads as the protocol allows, class by class,
 * shortest period first. A value is never split over two reads.
 * @param overHoles - Read over small gaps; false for devices that refuse addresses they lack.
 */
export function planPolls(
  rtu: ModbusTcpRtu,
  points: readonly Point[],
  overHoles: boolean,
): readonly PollClass[] {
  const names = [...new Set(points.map(({ pollClass }) => pollClass))];
  const classes = names.map((name) => {
    const period_ms = rtu.periods_ms[name];
    assert(period_ms !== undefined, `poll class ${name} of a list past its door exists`);
    return { period_ms, points: points.filter(({ pollClass }) => pollClass === name) };
  });
  classes.sort((a, b) => a.period_ms - b.period_ms);
  return classes.map((one, index) => {
    const clock = index === 0 ? rtu.clock : null;
    const newest = index === 0 ? newestEventOf(rtu) : null;
    const spans = one.points.flatMap((point) => spansOf(point));
    if (clock !== null) spans.push({ table: clock.table, first: clock.address, width: 4 });
    if (newest !== null) spans.push({ table: newest.table, first: newest.address, width: 3 });
    const blocks = mergeSpans(spans, overHoles);
    return {
      period_ms: one.period_ms,
      blocks,
      points: one.points.map((point) => place(blocks, point)),
      clock: clock === null ? null : find(blocks, clock.table, clock.address),
      newestEvent: newest === null ? null : find(blocks, newest.table, newest.address),
    };
  });
}

function newestEventOf(rtu: ModbusTcpRtu): { table: ModbusTable; address: number } | null {
  if (rtu.events === null) return null;
  return rtu.events.newest ?? { table: 'holdingRegister', address: rtu.events.address };
}

function spansOf(point: Point): Span[] {
  const { modbus } = point;
  assert(modbus !== null, `point ${point.id} of a Modbus RTU has an address`);
  const { table, address, type, qualityAddress, timeAddress } = modbus;
  const spans: Span[] = [{ table, first: address, width: WIDTH[type] }];
  if (qualityAddress !== null) spans.push({ table, first: qualityAddress, width: 1 });
  if (timeAddress !== null) spans.push({ table, first: timeAddress, width: 4 });
  return spans;
}

function mergeSpans(spans: readonly Span[], overHoles: boolean): readonly Block[] {
  const blocks: Block[] = [];
  const tables = [...new Set(spans.map(({ table }) => table))].toSorted();
  for (const table of tables) {
    const bits = isBitTable(table);
    const most = bits ? MOST_BITS : MOST_REGISTERS;
    const hole = overHoles ? (bits ? LARGEST_HOLE.bits : LARGEST_HOLE.registers) : 0;
    const own = spans.filter((span) => span.table === table).toSorted((a, b) => a.first - b.first);
    let first = -1;
    let end = -1;
    for (const span of own) {
      const spanEnd = span.first + span.width;
      const joins = first >= 0 && span.first - end <= hole && spanEnd - first <= most;
      if (!joins) {
        if (first >= 0) blocks.push({ table, first, count: end - first, data: [] });
        first = span.first;
        end = spanEnd;
      }
      end = Math.max(end, spanEnd);
    }
    if (first >= 0) blocks.push({ table, first, count: end - first, data: [] });
  }
  return blocks;
}

function place(blocks: readonly Block[], point: Point): PlannedPoint {
  const { modbus } = point;
  assert(modbus !== null, `point ${point.id} of a Modbus RTU has an address`);
  const { table, address, qualityAddress, timeAddress } = modbus;
  return {
    point,
    value: find(blocks, table, address),
    quality: qualityAddress === null ? null : find(blocks, table, qualityAddress),
    time: timeAddress === null ? null : find(blocks, table, timeAddress),
  };
}

function find(blocks: readonly Block[], table: ModbusTable, address: number): Place {
  const block = blocks.find(
    (one) => one.table === table && one.first <= address && address < one.first + one.count,
  );
  assert(block !== undefined, `${table} ${address} is part of a block`);
  return { block, offset: address - block.first };
}

export function isBitTable(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discreteInput';
}
