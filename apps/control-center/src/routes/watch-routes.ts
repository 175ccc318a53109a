import { z } from 'zod';
import { EventView, GridFile, HealthView, Snapshot } from '@relight/contract';
import type { Route } from './route.ts';

const EventsQuery = z.strictObject({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});

/** The watchdog says that it is one, so that its silence is noticed. */
export const HealthQuery = z.object({ by: z.string().optional() });

/** What is, and how the control centre itself works. */
export const WATCH_ROUTES = {
  health: {
    id: 'health',
    method: 'GET',
    path: '/health',
    right: null,
    summary: 'Whether the control centre works, and how old the last sign of life of each part is',
    query: HealthQuery,
    answer: { status: 200, schema: HealthView },
  },
  openapi: {
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    right: null,
    summary: 'This document',
    answer: { status: 200, schema: z.record(z.string(), z.unknown()) },
  },
  metrics: {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    right: 'supervise',
    summary: 'Links and parts in the text format of Prometheus',
    answer: { status: 200, schema: z.string(), type: 'text/plain' },
  },
  grid: {
    id: 'grid',
    method: 'GET',
    path: '/grid',
    right: 'watch',
    summary: 'The grid file in use',
    answer: { status: 200, schema: GridFile },
  },
  snapshot: {
    id: 'snapshot',
    method: 'GET',
    path: '/snapshot',
    right: 'watch',
    summary: 'The whole present picture, as the stream begins with',
    answer: { status: 200, schema: Snapshot },
  },
  events: {
    id: 'events',
    method: 'GET',
    path: '/events',
    right: 'watch',
    query: EventsQuery,
    summary: 'Sequence of events, newest first',
    answer: { status: 200, schema: z.object({ events: z.array(EventView) }) },
  },
} as const satisfies Readonly<Record<string, Route>>;
