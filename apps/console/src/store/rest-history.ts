import {
  EventHistory,
  ValueHistory,
  type EventExportQuery,
  type EventHistoryQuery,
} from '@relight/contract';
import { download, request } from './rest.ts';

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return search.toString();
}

/** Events of the past, newest first. */
export async function readEvents(wanted: EventHistoryQuery): Promise<EventHistory> {
  return EventHistory.parse(await request('GET', `/history/events?${query(wanted)}`));
}

/** All events of a range as a table for a spreadsheet, oldest first. */
export async function eventTable(wanted: EventExportQuery): Promise<Blob> {
  return download(`/history/events.csv?${query(wanted)}`);
}

/** @param points - Ids of up to eight measurements. */
export async function readValues(
  points: readonly string[],
  from_ms: number,
  to_ms: number,
): Promise<ValueHistory> {
  const wanted = query({ points: points.join(','), from_ms, to_ms });
  return ValueHistory.parse(await request('GET', `/history/values?${wanted}`));
}
