import fastifyRateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { refusal, type Answer, type Call, type Handlers } from './answer.ts';
import type { Caller } from './door.ts';
import { approachOf } from './front-address.ts';
import { answerMalformed } from './raw-answer.ts';
import { refuse, type Refusal } from './refusal.ts';
import { ROUTES, type RouteId } from './routes.ts';
import type { Route } from './routes/route.ts';
import { attachStream, type StreamDoorParts } from './stream-door.ts';

const API = '/api/v1';
const STREAM = `${API}/stream`;
const LARGEST_BODY_BYTES = 64 * 1024;

/** Sent with every answer: our page runs its own files only and stands in nobody's frame. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** The page talks to us, and to the watchdog where there is one. */
function securityHeaders(watchdog: string | null): Readonly<Record<string, string>> {
  const asked = watchdog === null ? "'self'" : `'self' ${watchdog}`;
  return {
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; " +
      `img-src 'self' data:; connect-src ${asked}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ...SECURITY_HEADERS,
  };
}

export interface ServerParts extends StreamDoorParts {
  readonly requestsPerMinute: number;
  readonly handlers: Handlers;
  readonly log: FastifyBaseLogger;
  /** Folder of the built console; null serves the interface only. */
  readonly consoleDirectory: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, found before anything else is looked at; null: nobody says. */
    caller: Caller | null;
    /** Set where what was shown proves nothing; open routes do not mind. */
    callerRefused: Refusal | null;
    clientAddress: string;
  }
}

/** Builds the HTTP and WebSocket server; it listens when the caller says so. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { door, log } = parts;
  const headers = securityHeaders(door.watchdog);
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY_BYTES,
    // What is not in ROUTES is not there, HEAD of its paths included.
    exposeHeadRoutes: false,
    // A slow sender must not hold a connection: head and body within these.
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    clientErrorHandler: answerMalformed,
    // A path that is none is refused before any hook: the same headers and shape as ever.
    frameworkErrors: (error, _request, reply: unknown) => {
      const status = error.statusCode ?? 400;
      void (reply as FastifyReply)
        .headers(headers)
        .status(status)
        .send(refusal(status, 'RL-022', `the path is refused (${error.code})`).body);
    },
  });
  app.decorateRequest('caller', null);
  app.decorateRequest('callerRefused', null);
  app.decorateRequest('clientAddress', '');
  await app.register(fastifyRateLimit, { global: false });
  const withinLimit = app.createRateLimit({
    max: parts.requestsPerMinute,
    timeWindow: 60_000,
    // Who is logged in has an allowance of their own: a flood from elsewhere does not use it up.
    keyGenerator: ({ caller, clientAddress }) =>
      caller === null ? `address ${clientAddress}` : `session ${caller.actor.session}`,
  });

  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(headers);
    const approach = approachOf(request.raw);
    const refused = door.front.check(approach);
    request.clientAddress = door.front.clientOf(approach);
    if (refused !== null) return turnAway(parts, request, reply, refused);
    const caller = door.identify(approach);
    if (caller !== null && 'status' in caller) request.callerRefused = caller;
    else request.caller = caller;
    const limit = await withinLimit(request);
    if (!limit.isAllowed && limit.isExceeded) {
      const wait_s = limit.ttlInSeconds;
      const told = refuse(
        429,
        'RL-045',
        { vi: `quá nhiều yêu cầu: chờ ${wait_s} s`, en: `too many requests: wait ${wait_s} s` },
        wait_s,
      );
      return turnAway(parts, request, reply, told);
    }
    return undefined;
  });
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error(error);
    const message = status >= 500 ? 'the request could not be answered' : error.message;
    void reply.status(status).send(refusal(status, 'RL-022', message).body);
  });
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?', 1);
    void reply
      .status(404)
      .send(refusal(404, 'RL-023', `nothing at ${request.method} ${path}`).body);
  });

  for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][]) {
    registerRoute(app, route, parts.handlers[id], parts);
  }
  await registerConsole(app, parts);
  attachStream(app.server, STREAM, parts);
  return app;
}

function registerRoute(
  app: FastifyInstance,
  route: Route,
  handler: Handlers[RouteId],
  parts: ServerParts,
): void {
  app.route({
    method: route.method,
    url: `${API}${route.path}`,
    // The right comes before the body is read: a stranger's megabytes are not looked at.
    onRequest: async (request, reply) => {
      if (route.right === null) return undefined;
      const { caller, callerRefused, headers } = request;
      const changes = route.method !== 'GET';
      const refused = callerRefused ?? parts.door.admit(caller, route.right, changes, headers);
      return refused === null ? undefined : turnAway(parts, request, reply, refused);
    },
    handler: async (request, reply) => {
      const checked = checkCall(route, request);
      const answer = 'status' in checked ? checked : await handler(checked);
      if (answer.cookie !== undefined) void reply.header('set-cookie', answer.cookie);
      if (answer.retryAfter_s !== undefined) void reply.header('retry-after', answer.retryAfter_s);
      if (answer.headers !== undefined) void reply.headers(answer.headers);
      return reply.status(answer.status).send(answer.body);
    },
  });
}

function checkCall(route: Route, request: FastifyRequest): Call | Answer {
  const { id = '' } = request.params as { id?: string };
  const body = route.body?.safeParse(request.body ?? {});
  if (body !== undefined && !body.success) return badFields(body.error.issues);
  const query = route.query?.safeParse(request.query);
  if (query !== undefined && !query.success) return badFields(query.error.issues);
  const { caller, clientAddress: address } = request;
  return { id, body: body?.data, query: query?.data, caller, address };
}

function badFields(issues: readonly { path: PropertyKey[]; message: string }[]): Answer {
  const words = issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`,
  );
  return refusal(400, 'RL-022', words.join('; '));
}

/** Says no, and has it counted and recorded. */
function turnAway(
  parts: ServerParts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Refusal,
): FastifyReply {
  const by = request.caller?.actor.user ?? request.clientAddress;
  const route = `${request.method} ${request.routeOptions.url ?? '(none)'}`;
  parts.refusals.note(by, route, refused.code, parts.monotonic_ms());
  if (refused.retryAfter_s !== undefined) void reply.header('retry-after', refused.retryAfter_s);
  return reply
    .status(refused.status)
    .send(refusal(refused.status, refused.code, refused.message, refused.text).body);
}

/**
 * The built console. In the demo, opening it with the token of the printed address leaves the
 * cookie of the first person; in production the page comes to everybody and asks who is there.
 */
async function registerConsole(app: FastifyInstance, parts: ServerParts): Promise<void> {
  const { door, consoleDirectory } = parts;
  if (consoleDirectory !== null) {
    await app.register(fastifyStatic, { root: consoleDirectory, index: false, wildcard: true });
  }
  app.get('/', async (request, reply) => {
    const { token } = request.query as { token?: unknown };
    if (token !== undefined && door.profile === 'demo') {
      const opened = door.openPrinted(
        typeof token === 'string' ? token : '',
        request.clientAddress,
      );
      if ('status' in opened) return turnAway(parts, request, reply, opened);
      return reply.header('set-cookie', door.setCookie(opened.secret)).redirect('/', 303);
    }
    if (door.profile === 'demo') {
      const refused =
        request.callerRefused ?? door.admit(request.caller, 'own', false, request.headers);
      if (refused !== null) return turnAway(parts, request, reply, refused);
    }
    if (consoleDirectory === null) {
      return reply
        .status(404)
        .send(refusal(404, 'RL-023', 'this control centre serves no console').body);
    }
    return reply.sendFile('index.html');
  });
}
