import { timingSafeEqual } from 'node:crypto';
import { checkShape, Misbehaviour, PlaceFault, type ErrorCode } from '@relight/contract';
import { describeFault, placeFault, repairFault } from '@relight/plant';
import Fastify, { type FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { catchUp, type FieldWorld } from './field-world.ts';
import type { SimulatedField } from './simulated-field.ts';
import type { TruthJudge } from './truth-judge.ts';

/** An error a caller can meet; sent as `{ code, message }`. */
class ControlError extends Error {
  readonly status: number;
  readonly code: ErrorCode;

  constructor(status: number, code: ErrorCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * The control API of `contract/simulation.ts`: places faults, makes devices misbehave, tells the
 * truth and what was written on the wire. To be served on the loopback interface only.
 */
export function createControlApi(
  world: FieldWorld,
  field: SimulatedField,
  judge: TruthJudge,
  token: string,
): FastifyInstance {
  const api = Fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true });
  const { plant, wireLog } = world;

  api.setErrorHandler((error, _request, reply) => {
    if (error instanceof ControlError) {
      return reply.code(error.status).send({ code: error.code, message: error.message });
    }
    const status = statusOf(error);
    const message = error instanceof Error ? error.message : String(error);
    // What Fastify refuses itself (not JSON, too long) is the caller's; the rest is ours.
    if (status < 500) return reply.code(status).send({ code: 'RL-022', message });
    process.stderr.write(`control API: ${message}\n`);
    return reply.code(500).send({ code: 'RL-013', message });
  });
  api.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: 'RL-023', message: `no ${request.method} ${request.url} here` }),
  );
  api.addHook('onRequest', async (request) => {
    if (!isToken(request.headers.authorization, token)) {
      throw new ControlError(401, 'RL-020', 'send "Authorization: Bearer TOKEN" of this start');
    }
    catchUp(world);
  });

  api.get('/health', async () => ({ ok: true }));
  api.get('/truth', async () => judge.truth());
  api.get<{ Querystring: { since?: string } }>('/wire', async (request) => {
    const first = Number(request.query.since ?? 0);
    if (!Number.isInteger(first) || first < 0) {
      throw new ControlError(400, 'RL-022', 'since: expected a whole number from 0');
    }
    return { records: wireLog.since(first) };
  });
  api.get('/faults', async () => ({ faults: plant.faults.map(describeFault) }));
  api.post('/faults', async (request) => {
    const placed = placeFault(plant, bodyOf(PlaceFault, request.body));
    if (placed.ok) return placed.value;
    const { kind, equipment } = placed.error;
    if (kind === 'cannotStand') {
      const message = `standing: "${equipment}" is no live line or node behind an isolated or compensated neutral`;
      throw new ControlError(400, 'RL-022', message);
    }
    throw new ControlError(404, 'RL-005', `no equipment "${equipment}" in the grid`);
  });
  api.delete<{ Params: { id: string } }>('/faults/:id', async (request) => {
    if (repairFault(plant, request.params.id)) return { ok: true };
    throw new ControlError(404, 'RL-023', `no fault "${request.params.id}" to repair`);
  });
  api.post<{ Params: { id: string } }>('/devices/:id/misbehaviour', async (request) => {
    const wanted = bodyOf(Misbehaviour, request.body);
    const outcome = await field.misbehave(request.params.id, wanted);
    if (outcome.ok) return { ok: true };
    if (outcome.error.kind === 'notHere') {
      throw new ControlError(400, 'RL-022', outcome.error.message);
    }
    throw new ControlError(404, 'RL-005', `no device or RTU "${request.params.id}"`);
  });
  return api;
}

function bodyOf<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const { value, issues } = checkShape(schema, body);
  if (value !== null) return value;
  const text = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new ControlError(400, 'RL-022', text);
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}
