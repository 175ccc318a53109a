import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import fastifyStatic from '@fastify/static';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { WebSocketServer } from 'ws';
import type { ErrorCode, RestError } from '@relight/contract';
import type { Access, Refusal } from './access.ts';
import { ROUTES, type Route, type RouteId } from './routes.ts';
import type { StreamHub } from './stream-hub.ts';

const API = '/api/v1';
const STREAM = `${API}/stream`;
const LARGEST_BODY_BYTES = 64 * 1024;

/** Sent with every answer: our page runs its own files only and stands in nobody's frame. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; " +
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** A request whose shape has been checked already. */
export interface Call {
  readonly id: string;
  readonly body: unknown;
  readonly query: unknown;
  readonly user: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Handlers = Readonly<Record<RouteId, (call: Call) => Promise<Answer> | Answer>>;

export interface ServerParts {
  readonly access: Access;
  readonly handlers: Handlers;
  readonly hub: StreamHub;
  readonly log: FastifyBaseLogger;
  /** Folder of the built console; null serves the interface only. */
  readonly consoleDirectory: string | null;
}

/** An answer that says no. */
export function refusal(status: number, code: ErrorCode, message: string): Answer {
  return { status, body: { code, message } satisfies RestError };
}

/** Builds the HTTP and WebSocket server; it listens when the caller says so. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { access, log } = parts;
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY_BYTES,
  });

  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    const refused = access.checkAddress(request.headers);
    if (refused !== null) return turnAway(reply, refused);
    return undefined;
  });
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error(error);
    const message = status >= 500 ? 'the request could not be answered' : error.message;
    void reply.status(status).send(refusal(status, 'RL-022', message).body);
  });
  app.setNotFoundHandler((request, reply) => {
    void reply
      .status(404)
      .send(refusal(404, 'RL-023', `nothing at ${request.method} ${request.url}`).body);
  });

  for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][]) {
    registerRoute(app, route, parts.handlers[id], access);
  }
  await registerConsole(app, parts);
  attachStream(app.server, parts);
  return app;
}

function registerRoute(
  app: FastifyInstance,
  route: Route,
  handler: Handlers[RouteId],
  access: Access,
): void {
  app.route({
    method: route.method,
    url: `${API}${route.path}`,
    handler: async (request, reply) => {
      if (route.open !== true) {
        const refused = access.checkRight(request.headers, route.method !== 'GET');
        if (refused !== null) return turnAway(reply, refused);
      }
      const checked = checkCall(route, request);
      const answer = 'status' in checked ? checked : await handler(checked);
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
  return { id, body: body?.data, query: query?.data, user: 'operator' };
}

function badFields(issues: readonly { path: PropertyKey[]; message: string }[]): Answer {
  const words = issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`,
  );
  return refusal(400, 'RL-022', words.join('; '));
}

function turnAway(reply: FastifyReply, refused: Refusal): FastifyReply {
  return reply
    .status(refused.status)
    .send(refusal(refused.status, refused.code, refused.message).body);
}

/** The built console. Opening it with the token of the printed address leaves the cookie. */
async function registerConsole(app: FastifyInstance, parts: ServerParts): Promise<void> {
  const { access, consoleDirectory } = parts;
  if (consoleDirectory !== null) {
    await app.register(fastifyStatic, { root: consoleDirectory, index: false, wildcard: true });
  }
  app.get('/', async (request, reply) => {
    const { token } = request.query as { token?: string };
    if (token !== undefined) {
      if (!access.isToken(token)) {
        return turnAway(reply, {
          status: 401,
          code: 'RL-020',
          message: 'the token is not that of this start',
        });
      }
      return reply.header('set-cookie', access.setCookie).redirect('/', 303);
    }
    const refused = access.checkRight(request.headers, false);
    if (refused !== null) return turnAway(reply, refused);
    if (consoleDirectory === null) {
      return reply
        .status(404)
        .send(refusal(404, 'RL-023', 'this control centre serves no console').body);
    }
    return reply.sendFile('index.html');
  });
}

/** The stream is an upgrade of its own: the same door, then snapshot and deltas, nothing upward. */
function attachStream(server: Server, parts: ServerParts): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 4_096,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Nobody else listens: a peer that resets at this moment must not end the control centre.
    socket.on('error', () => socket.destroy());
    const refused =
      parts.access.checkAddress(request.headers) ?? parts.access.checkRight(request.headers, true);
    const path = (request.url ?? '').split('?')[0];
    if (refused !== null || path !== STREAM) {
      const status =
        refused?.status === 401 ? '401 Unauthorized' : refused ? '403 Forbidden' : '404 Not Found';
      // Nothing more is read from it; left half open it would keep the server from ending.
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        socket.destroy(),
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', () => client.close(1008, 'the stream takes no messages: use REST'));
      parts.hub.connect(client);
    });
  });
}
