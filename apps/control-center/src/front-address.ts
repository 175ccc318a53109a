import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { refuse, type Refusal } from './refusal.ts';
import { holds, networks, plain } from './trusted-networks.ts';

/** Names a browser on this machine may use for us. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'] as const;

const HEALTH = '/api/v1/health';

/** Where a request came from: the socket, and what its first line and headers say. */
export interface Approach {
  /** Address of the other end of the socket. */
  readonly socket: string;
  readonly headers: IncomingHttpHeaders;
  /** Without the query. */
  readonly path: string;
}

/** The approach of a request. */
export function approachOf({ socket, headers, url = '' }: IncomingMessage): Approach {
  const [path = ''] = url.split('?', 1);
  return { socket: socket.remoteAddress ?? '', headers, path };
}

/** What stands before the door: which names we answer to, and who may speak for a client. */
export interface FrontAddress {
  /** Host and Origin of a request, and that it came the one way it may come. */
  check(approach: Approach): Refusal | null;
  /** Address of the client, for limits and the record. */
  clientOf(approach: Approach): string;
  readonly cookieName: string;
  /** Attributes of the session cookie after its value. */
  readonly cookieAttributes: string;
  /** Address for a person to open. */
  readonly origin: string;
  readonly webSocketOrigin: string;
  /** Every origin a page of ours may have. */
  readonly pages: readonly string[];
}

/** The demo: loopback names only, so that neither another machine nor a rebound name gets in. */
export function loopbackFront(host: string, port: number): FrontAddress {
  const hosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`);
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    check: ({ headers }) => {
      if (headers.host === undefined || !hosts.includes(headers.host)) {
        return refuse(403, 'RL-021', {
          vi: `Host ${headers.host ?? '(none)'} không phải máy này`,
          en: `Host ${headers.host ?? '(none)'} is not this machine`,
        });
      }
      return headers.origin === undefined || hosts.some((one) => headers.origin === `http://${one}`)
        ? null
        : refuse(403, 'RL-021', {
            vi: `Origin ${headers.origin} không phải trang của hệ thống`,
            en: `Origin ${headers.origin} is not our own page`,
          });
    },
    clientOf: ({ socket }) => plain(socket),
    // Browsers share cookies over all ports of a host, so the name carries the port.
    cookieName: `relight_${port}`,
    cookieAttributes: 'Path=/; HttpOnly; SameSite=Strict',
    origin: `http://${name}:${port}`,
    webSocketOrigin: `ws://${name}:${port}`,
    pages: hosts.map((one) => `http://${one}`),
  };
}

/**
 * Production: only the declared proxy is served, and only what reached it by TLS and by our own
 * name. The check of health may also come straight from this machine, from a watchdog.
 * @param listensOn - The address we listen on: what comes from it is this machine too.
 */
export function proxiedFront(
  origin: string,
  trustedProxies: readonly string[],
  listensOn = '127.0.0.1',
): FrontAddress {
  const proxies = networks(trustedProxies);
  const own = isIP(listensOn) === 0 ? [] : [listensOn];
  const ownMachine = networks(['127.0.0.0/8', '::1', ...own]);
  const { host } = new URL(origin);
  return {
    check: ({ socket, headers, path }) => {
      if (path === HEALTH && holds(ownMachine, socket)) return null;
      if (!holds(proxies, socket)) {
        return refuse(403, 'RL-021', {
          vi: `${plain(socket)} không phải proxy đã khai báo`,
          en: `${plain(socket)} is not the proxy in front`,
        });
      }
      if (headers['x-forwarded-proto'] !== 'https') {
        return refuse(403, 'RL-021', {
          vi: 'yêu cầu không đến qua TLS',
          en: 'the request did not come by TLS',
        });
      }
      if (headers.host !== host) {
        return refuse(403, 'RL-021', {
          vi: `Host ${headers.host ?? '(none)'} không phải ${host}`,
          en: `Host ${headers.host ?? '(none)'} is not ${host}`,
        });
      }
      return headers.origin === undefined || headers.origin === origin
        ? null
        : refuse(403, 'RL-021', {
            vi: `Origin ${headers.origin} không phải trang của hệ thống`,
            en: `Origin ${headers.origin} is not our own page`,
          });
    },
    // From the right, the first address that is no proxy of ours: what stands left of it anybody
    // may have written.
    clientOf: ({ socket, headers }) => {
      const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
      const named = forwarded.map((one) => one.trim()).filter((one) => isIP(one) !== 0);
      return named.findLast((one) => !holds(proxies, one)) ?? plain(socket);
    },
    cookieName: '__Host-relight',
    cookieAttributes: 'Path=/; Secure; HttpOnly; SameSite=Strict',
    origin,
    webSocketOrigin: origin.replace('https:', 'wss:'),
    pages: [origin],
  };
}
