import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { loopbackFront, proxiedFront } from './front-address.ts';

const demo = loopbackFront('127.0.0.1', 7480);
const center = proxiedFront('https://relight.example', ['10.1.0.5', 'fd00::/8']);

function at(headers: IncomingHttpHeaders, socket = '127.0.0.1', path = '/api/v1/grid') {
  return { socket, headers, path };
}

const TLS = { host: 'relight.example', 'x-forwarded-proto': 'https' };

test('in the demo a page from elsewhere is turned away by its Origin, a rebound name by its Host', () => {
  expect(demo.check(at({ host: '127.0.0.1:7480' }))).toBeNull();
  expect(demo.check(at({ host: 'localhost:7480', origin: 'http://localhost:7480' }))).toBeNull();
  const refused = [
    { host: '127.0.0.1:7480', origin: 'http://evil.example' },
    { host: '127.0.0.1:7480', origin: 'null' },
    { host: 'evil.example:7480' },
    { host: '127.0.0.1:7481' },
    {},
  ];
  expect(refused.map((headers) => demo.check(at(headers))?.code)).toEqual(
    refused.map(() => 'RL-021'),
  );
});

test('in production only the proxy in front is served, by TLS, under our own name', () => {
  expect(center.check(at(TLS, '10.1.0.5'))).toBeNull();
  expect(center.check(at(TLS, '::ffff:10.1.0.5'))).toBeNull();
  expect(center.check(at({ ...TLS, origin: 'https://relight.example' }, 'fd00::7'))).toBeNull();
  const refused = [
    at(TLS, '10.1.0.6'),
    at(TLS, '127.0.0.1'),
    at({ host: 'relight.example' }, '10.1.0.5'),
    at({ ...TLS, 'x-forwarded-proto': 'http' }, '10.1.0.5'),
    at({ ...TLS, host: 'evil.example' }, '10.1.0.5'),
    at({ ...TLS, origin: 'http://relight.example' }, '10.1.0.5'),
  ];
  expect(refused.map((approach) => center.check(approach)?.status)).toEqual(refused.map(() => 403));
});

test('a watchdog on the machine itself may ask for health, and for nothing else', () => {
  const plain = { host: '127.0.0.1:7480' };
  expect(center.check(at(plain, '127.0.0.1', '/api/v1/health'))).toBeNull();
  expect(center.check(at(plain, '192.0.2.1', '/api/v1/health'))?.status).toBe(403);
  expect(center.check(at(plain, '127.0.0.1', '/api/v1/snapshot'))?.status).toBe(403);
});

test('a client is who the proxy says, and nobody can write himself another address', () => {
  const from = (forwarded: string): string =>
    center.clientOf(at({ ...TLS, 'x-forwarded-for': forwarded }, '10.1.0.5'));
  expect(from('192.0.2.7')).toBe('192.0.2.7');
  expect(from('203.0.113.1, 192.0.2.7')).toBe('192.0.2.7');
  expect(from('192.0.2.7, 10.1.0.5')).toBe('192.0.2.7');
  expect(from('nonsense')).toBe('10.1.0.5');
  expect(demo.clientOf(at({ 'x-forwarded-for': '192.0.2.7' }))).toBe('127.0.0.1');
});

test('the cookie of production is bound to the host and to TLS', () => {
  expect(center.cookieName).toBe('__Host-relight');
  expect(center.cookieAttributes).toBe('Path=/; Secure; HttpOnly; SameSite=Strict');
});
