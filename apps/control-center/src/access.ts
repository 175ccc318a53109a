import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '@relight/contract';

/** Why a request is turned away: HTTP status, code of docs/errors.md, and words. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Names a browser on this machine may use for us; anything else is DNS rebinding or a wrong door. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'] as const;

/**
 * The door of the demo profile. One token per start, in the printed address; a browser turns it
 * into a cookie, programs send it as `Authorization: Bearer`. Beside it, Host must name this
 * machine and Origin, where a browser sends one, must be our own page.
 */
export class Access {
  readonly token = randomBytes(24).toString('base64url');
  readonly #session = randomBytes(24).toString('base64url');
  #port = 0;

  /** The port is known once the server listens. */
  listensOn(port: number): void {
    this.#port = port;
  }

  /** Browsers share cookies over all ports of a host, so the name carries the port. */
  get cookieName(): string {
    return `relight_${this.#port}`;
  }

  /** The cookie that the printed address leaves behind. */
  get setCookie(): string {
    return `${this.cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Host and Origin, for every request. */
  checkAddress(headers: IncomingHttpHeaders): Refusal | null {
    const hosts = LOOPBACK_NAMES.map((name) => `${name}:${this.#port}`);
    if (headers.host === undefined || !hosts.includes(headers.host)) {
      return refuse(403, 'RL-021', `Host ${headers.host ?? '(none)'} is not this machine`);
    }
    const { origin } = headers;
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
      return refuse(403, 'RL-021', `Origin ${origin} is not our own page`);
    }
    return null;
  }

  /**
   * Who may use the interface. With a cookie, a change or a stream also needs the Origin that a
   * browser sends by itself: a page from elsewhere cannot forge it.
   */
  checkRight(headers: IncomingHttpHeaders, needsOrigin: boolean): Refusal | null {
    const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) {
      return same(bearer, this.token)
        ? null
        : refuse(401, 'RL-020', 'the token is not that of this start');
    }
    const cookie = readCookie(headers.cookie, this.cookieName);
    if (cookie === null || !same(cookie, this.#session)) {
      return refuse(401, 'RL-020', 'no token: open the address printed at the start');
    }
    if (needsOrigin && headers.origin === undefined) {
      return refuse(403, 'RL-021', 'a change by cookie needs the Origin of our own page');
    }
    return null;
  }

  isToken(text: string): boolean {
    return same(text, this.token);
  }
}

function refuse(status: 401 | 403, code: ErrorCode, message: string): Refusal {
  return { status, code, message };
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
