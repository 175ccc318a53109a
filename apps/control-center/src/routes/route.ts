import { z } from 'zod';
import type { Right } from '@relight/contract';

/** One route of the interface. */
export interface Route {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under /api/v1, parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  readonly answer: {
    readonly status: 200 | 202;
    readonly schema: z.ZodType;
    /** Media type; absent: JSON. */
    readonly type?: 'text/plain' | 'text/csv';
  };
  /** What the caller must be allowed; null answers everybody, and tells nothing about the grid. */
  readonly right: Right | null;
}

/** The answer where there is nothing else to say. */
export const Done = z.object({ ok: z.literal(true) });
