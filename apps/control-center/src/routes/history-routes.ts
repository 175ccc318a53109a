import { z } from 'zod';
import {
  EventExportQuery,
  EventHistory,
  EventHistoryQuery,
  ValueHistory,
  ValueHistoryQuery,
} from '@relight/contract';
import type { Route } from './route.ts';

/** What was: kept for a time, and no evidence; that is the audit journal. */
export const HISTORY_ROUTES = {
  eventHistory: {
    id: 'eventHistory',
    method: 'GET',
    path: '/history/events',
    right: 'watch',
    query: EventHistoryQuery,
    summary:
      'Events of the past over restarts, newest first, by time, equipment, quality and words',
    answer: { status: 200, schema: EventHistory },
  },
  eventExport: {
    id: 'eventExport',
    method: 'GET',
    path: '/history/events.csv',
    right: 'watch',
    query: EventExportQuery,
    summary: 'All events of a range as CSV for a spreadsheet, oldest first',
    answer: { status: 200, schema: z.string(), type: 'text/csv' },
  },
  valueHistory: {
    id: 'valueHistory',
    method: 'GET',
    path: '/history/values',
    right: 'watch',
    query: ValueHistoryQuery,
    summary: 'What up to eight measurements were over a range, on one raster',
    answer: { status: 200, schema: ValueHistory },
  },
} as const satisfies Readonly<Record<string, Route>>;
