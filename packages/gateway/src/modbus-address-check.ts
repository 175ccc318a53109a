import { EVENT_RING } from '@relight/contract';
import type { ModbusTable, PointFile, RtuFile } from '@relight/contract';
import { defaultType, WIDTH } from './point.ts';
import type { ProblemList } from './problem-list.ts';

const LAST_ADDRESS = 65_535;

/** What can be judged of one Modbus point alone. */
export function checkModbusPoint(index: number, point: PointFile, problems: ProblemList): void {
  if (point.table === undefined) {
    problems.point(index, point, 'table', 'missing; a Modbus point names its table');
  }
  if (point.address === undefined) {
    problems.point(index, point, 'address', 'missing; a Modbus point names its address, from 0');
  }
  if (point.nodeId !== undefined) {
    problems.point(index, point, 'nodeId', 'an OPC UA node id on a Modbus point');
  }
  if (point.scale === 0) {
    problems.point(index, point, 'scale', '0 would make every reading the same');
  }
  const table = point.table;
  if (table !== undefined) {
    const bits = defaultType(table) === 'bit';
    if (point.type !== undefined && bits !== (point.type === 'bit')) {
      problems.point(index, point, 'type', `${point.type} does not fit into a ${table}`);
    }
    if (bits && (point.qualityAddress !== undefined || point.timeAddress !== undefined)) {
      problems.point(index, point, 'table', `a ${table} has no registers for quality or time`);
    }
    const width = WIDTH[point.type ?? defaultType(table)];
    if (point.address !== undefined && point.address + width - 1 > LAST_ADDRESS) {
      problems.point(index, point, 'address', `its ${width} registers end beyond ${LAST_ADDRESS}`);
    }
  }
  checkCommand(index, point, problems);
}

function checkCommand(index: number, point: PointFile, problems: ProblemList): void {
  const command = point.command;
  if (command === undefined) return;
  if (!('arm' in command)) {
    problems.point(index, point, 'command', 'OPC UA methods on a Modbus point');
    return;
  }
  if (command.arm + 1 > LAST_ADDRESS) {
    problems.point(index, point, 'command.arm', `its two registers end beyond ${LAST_ADDRESS}`);
  }
  if (command.operate > LAST_ADDRESS) {
    problems.point(index, point, 'command.operate', `${command.operate} is beyond ${LAST_ADDRESS}`);
  }
  if (command.operate === command.arm || command.operate === command.arm + 1) {
    problems.point(index, point, 'command.operate', 'lies in the two registers of `arm`');
  }
}

/** Ring of events and the codes by which it names points. */
export function checkEvents(
  rtus: readonly RtuFile[],
  points: readonly PointFile[],
  problems: ProblemList,
): void {
  const rings = new Set<string>();
  for (const [index, rtu] of rtus.entries()) {
    if (rtu.events === undefined) continue;
    rings.add(rtu.id);
    if (rtu.protocol !== 'modbus-tcp') {
      problems.rtu(index, rtu, 'events', 'an OPC UA server has no ring of events in registers');
    }
    const last = lastOfRing(rtu.events);
    if (last > LAST_ADDRESS) {
      problems.rtu(
        index,
        rtu,
        'events',
        `its ${rtu.events.capacity} slots end beyond ${LAST_ADDRESS}`,
      );
    }
    const newest = rtu.events.newest?.table;
    if (newest === 'coil' || newest === 'discreteInput') {
      problems.rtu(index, rtu, 'events.newest.table', `a ${newest} has no registers`);
    }
  }
  const codes = new Map<string, PointFile>();
  for (const [index, point] of points.entries()) {
    if (point.eventCode === undefined) continue;
    if (!rings.has(point.rtu)) {
      problems.point(index, point, 'eventCode', `RTU ${point.rtu} has no ring of events`);
    }
    const place = `${point.rtu} ${point.eventCode}`;
    const other = codes.get(place);
    if (other !== undefined) {
      problems.point(
        index,
        point,
        'eventCode',
        `code ${point.eventCode} is that of point ${other.id}`,
      );
    }
    codes.set(place, point);
  }
}

function lastOfRing({ address, capacity }: NonNullable<RtuFile['events']>): number {
  return address + EVENT_RING.header + capacity * EVENT_RING.slot - 1;
}

interface Claim {
  readonly index: number;
  readonly point: PointFile;
  /** What the registers are for: two claims with the same purpose may coincide. */
  readonly purpose: string;
  readonly field: string;
  readonly first: number;
  readonly last: number;
}

/** Finds values and command registers that lie on the same addresses of one table of one RTU. */
export class ModbusOccupation {
  readonly #problems: ProblemList;
  readonly #claims = new Map<string, Claim[]>();
  readonly #rings = new Map<string, { readonly first: number; readonly last: number }>();

  /** @param rtus - Their rings of events are out of bounds for points. */
  constructor(rtus: readonly RtuFile[], problems: ProblemList) {
    this.#problems = problems;
    for (const { id, events } of rtus) {
      if (events === undefined) continue;
      this.#rings.set(id, { first: events.address, last: lastOfRing(events) });
    }
  }

  add(index: number, point: PointFile): void {
    if (point.table !== undefined && point.address !== undefined) {
      const width = WIDTH[point.type ?? defaultType(point.table)];
      this.#claim(point.rtu, point.table, {
        index,
        point,
        purpose: `value of ${index}`,
        field: 'address',
        first: point.address,
        last: point.address + width - 1,
      });
    }
    this.#addAttributes(index, point);
    const command = point.command;
    if (command === undefined || !('arm' in command)) return;
    // Position and reclosing of one device may share their command registers.
    const arm = { purpose: `arm ${point.equipment}`, field: 'command.arm' };
    const operate = { purpose: `operate ${point.equipment}`, field: 'command.operate' };
    this.#claim(point.rtu, 'holdingRegister', {
      index,
      point,
      ...arm,
      first: command.arm,
      last: command.arm + 1,
    });
    this.#claim(point.rtu, 'holdingRegister', {
      index,
      point,
      ...operate,
      first: command.operate,
      last: command.operate,
    });
  }

  /** Several analogs may share one time stamp, and several values one quality. */
  #addAttributes(index: number, point: PointFile): void {
    const { table, qualityAddress, timeAddress } = point;
    if (table === undefined) return;
    if (qualityAddress !== undefined) {
      this.#claim(point.rtu, table, {
        index,
        point,
        purpose: 'quality',
        field: 'qualityAddress',
        first: qualityAddress,
        last: qualityAddress,
      });
    }
    if (timeAddress !== undefined) {
      this.#claim(point.rtu, table, {
        index,
        point,
        purpose: 'time',
        field: 'timeAddress',
        first: timeAddress,
        last: timeAddress + 3,
      });
    }
  }

  /** Compares neighbours after sorting; each overlap is named once, at the later entry. */
  report(): void {
    for (const claims of this.#claims.values()) {
      claims.sort((a, b) => a.first - b.first || a.index - b.index);
      let widest: Claim | null = null;
      for (const claim of claims) {
        if (widest !== null && claim.first <= widest.last && !samePlace(claim, widest)) {
          const [early, late] = claim.index < widest.index ? [claim, widest] : [widest, claim];
          this.#problems.point(
            late.index,
            late.point,
            late.field,
            `lies on the address of point ${early.point.id} (${early.field} ${early.first})`,
          );
        }
        if (widest === null || claim.last > widest.last) widest = claim;
      }
    }
  }

  #claim(rtu: string, table: ModbusTable, claim: Claim): void {
    const ring = table === 'holdingRegister' ? this.#rings.get(rtu) : undefined;
    if (ring !== undefined && claim.first <= ring.last && claim.last >= ring.first) {
      const { index, point, field } = claim;
      const place = `${ring.first} to ${ring.last}`;
      this.#problems.point(index, point, field, `lies in the ring of events (${place})`);
    }
    const key = `${rtu} ${table}`;
    const claims = this.#claims.get(key);
    if (claims === undefined) this.#claims.set(key, [claim]);
    else claims.push(claim);
  }
}

function samePlace(a: Claim, b: Claim): boolean {
  return a.purpose === b.purpose && a.first === b.first;
}
