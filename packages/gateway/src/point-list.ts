import type { PointFile, RtuFile } from '@relight/contract';
import { PointListFile } from '@relight/contract';
import type { Result } from '@relight/foundation';
import { fail, ok } from '@relight/foundation';
import type { Grid } from '@relight/grid';
import { parseSecurity } from './opcua-security.ts';
import { checkPointList } from './point-list-check.ts';
import { DEFAULT_POLL_CLASS, defaultType } from './point.ts';
import type { Point, PointList, PointListProblem, Rtu } from './point.ts';
import { signalKind } from './signal-kind.ts';

/** Poll period where the point list names none, ms. */
const DEFAULT_PERIOD_ms = 500;
const DEFAULT_TIMEOUT_ms = 1_000;
/** A value not confirmed for longer than this is no longer good, ms. */
const DEFAULT_MAX_AGE_ms = 2_500;
/**
 * The only door from untrusted JSON to a point list (`relight-points/1`). A list with a clash or
 * a gap is refused as a whole, with every problem named.
 * @param grid - When given, equipment must exist in it, every remote switch must have a position
 *   and a command, and no other switch a command.
 * Cost: O(n log n) in the number of points.
 */
export function parsePointList(
  json: unknown,
  grid?: Grid,
): Result<PointList, readonly PointListProblem[]> {
  const shape = PointListFile.safeParse(json);
  if (!shape.success) return fail(shape.error.issues.map((issue) => shapeProblem(json, issue)));
  const problems = checkPointList(shape.data, grid);
  if (problems.length > 0) return fail(problems);
  const rtus = shape.data.rtus.map((rtu) => rtuOf(rtu));
  const byId = new Map(rtus.map((rtu) => [rtu.id, rtu]));
  return ok({
    grid: shape.data.grid,
    rtus,
    points: shape.data.points.map((point) => pointOf(point, byId)),
  });
}

/** One line for a person: where, what, and which RTU, point and address it is about. */
export function formatPointListProblem(problem: PointListProblem): string {
  const about = [
    problem.rtu === null ? null : `RTU ${problem.rtu}`,
    problem.point === null ? null : `point ${problem.point}`,
    problem.address,
  ].filter((part) => part !== null);
  const place = about.length === 0 ? '' : ` (${about.join(', ')})`;
  return `${problem.path}${place}: ${problem.message}`;
}

function rtuOf(file: RtuFile): Rtu {
  const common = {
    id: file.id,
    substation: file.substation ?? null,
    timeout_ms: file.timeout_ms ?? DEFAULT_TIMEOUT_ms,
  };
  if (file.protocol === 'opcua') {
    return {
      ...common,
      protocol: 'opcua',
      endpoint: file.endpoint ?? '',
      security: parseSecurity(file.security) ?? { mode: 'None', policy: 'None' },
      user: file.user ?? null,
    };
  }
  const periods: Record<string, number> = { [DEFAULT_POLL_CLASS]: DEFAULT_PERIOD_ms };
  for (const [name, { period_ms }] of Object.entries(file.pollClasses ?? {})) {
    periods[name] = period_ms;
  }
  return {
    ...common,
    protocol: 'modbus-tcp',
    host: file.host ?? '',
    port: file.port ?? 0,
    unitId: file.unitId ?? 1,
    periods_ms: periods,
    clock: file.clock ?? null,
    events: file.events ?? null,
  };
}

function pointOf(file: PointFile, rtus: ReadonlyMap<string, Rtu>): Point {
  const rtu = rtus.get(file.rtu);
  const pollClass = file.pollClass ?? DEFAULT_POLL_CLASS;
  const period_ms = rtu?.protocol === 'modbus-tcp' ? (rtu.periods_ms[pollClass] ?? 0) : 0;
  const table = file.table ?? 'holdingRegister';
  return {
    id: file.id,
    rtu: file.rtu,
    equipment: file.equipment,
    signal: file.signal,
    kind: signalKind(file.signal),
    modbus:
      rtu?.protocol === 'modbus-tcp'
        ? {
            table,
            address: file.address ?? 0,
            type: file.type ?? defaultType(table),
            wordOrder: file.wordOrder ?? 'ABCD',
            qualityAddress: file.qualityAddress ?? null,
            timeAddress: file.timeAddress ?? null,
            eventCode: file.eventCode ?? null,
          }
        : null,
    nodeId: rtu?.protocol === 'opcua' ? (file.nodeId ?? '') : null,
    scale: file.scale ?? 1,
    offset: file.offset ?? 0,
    deadband: file.deadband ?? 0,
    invert: file.invert ?? false,
    pollClass,
    maxAge_ms:
      file.maxAge_ms ?? Math.max(DEFAULT_MAX_AGE_ms, 2 * period_ms + (rtu?.timeout_ms ?? 0)),
    frozen_ms: file.frozen_ms ?? 0,
    command: file.command ?? null,
  };
}

function shapeProblem(
  json: unknown,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string },
): PointListProblem {
  const [list, index] = issue.path;
  const entry = list === 'points' || list === 'rtus' ? entryOf(json, list, index) : {};
  return {
    path: issue.path.map((part) => String(part)).join('.') || '$',
    rtu: text(list === 'rtus' ? entry['id'] : entry['rtu']),
    point: list === 'points' ? text(entry['id']) : null,
    address: text(entry['address'] ?? entry['nodeId']),
    message: issue.message,
  };
}

function entryOf(json: unknown, list: string, index: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || typeof index !== 'number') return {};
  const items: unknown = (json as Record<string, unknown>)[list];
  const entry: unknown = Array.isArray(items) ? items[index] : null;
  return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
