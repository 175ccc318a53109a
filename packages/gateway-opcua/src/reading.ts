import { pointValue } from '@relight/gateway';
import type { Point, PointReading } from '@relight/gateway';
import type { ClientMonitoredItemGroup, DataValue } from 'node-opcua-client';
import { isAbsent, qualityOfStatus } from './status-code.ts';

/** Told, in words, of an answer that cannot be what the point list says. */
export type Misread = (problem: string) => void;

/** What the server says of a point. A good status with a value that cannot be is a misreading. */
export function readingOf(point: Point, value: DataValue, misread: Misread): PointReading {
  const raw: unknown = value.value.value;
  const { statusCode } = value;
  const quality = qualityOfStatus(statusCode.value);
  const usable = typeof raw === 'number' || typeof raw === 'boolean' ? raw : null;
  const decoded = usable === null ? null : pointValue(point, usable);
  const isWrong = decoded === null && quality === 'good';
  if (isWrong) misread(`point ${point.id}: ${point.nodeId} holds ${inWords(raw)}`);
  if (isAbsent(statusCode.value)) misread(`point ${point.id}: ${point.nodeId} ${statusCode.name}`);
  return {
    point: point.id,
    value: statusCode.isBad() ? null : decoded,
    quality: isWrong ? 'invalid' : quality,
    sourceTime_ms: value.sourceTimestamp?.getTime() ?? null,
  };
}

/** The points that the server does not let us subscribe to, as invalid. */
export function refusedItems(
  group: ClientMonitoredItemGroup,
  points: readonly Point[],
  misread: Misread,
): readonly PointReading[] {
  return points.flatMap((point, index) => {
    const status = group.monitoredItems[index]?.statusCode;
    if (status === undefined || status.isGoodish()) return [];
    misread(`point ${point.id}: ${point.nodeId} cannot be subscribed to, ${status.name}`);
    return [{ point: point.id, value: null, quality: 'invalid' as const, sourceTime_ms: null }];
  });
}

/** A value as it came, for a person; short, whatever it was. */
function inWords(raw: unknown): string {
  const text = typeof raw === 'object' && raw !== null ? raw.constructor.name : String(raw);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
