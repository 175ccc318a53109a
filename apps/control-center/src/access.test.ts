import { expect, test } from 'vitest';
import { Access } from './access.ts';

function door(): Access {
  const access = new Access();
  access.listensOn(7480);
  return access;
}

test('a page from elsewhere is turned away by its Origin, a rebound name by its Host', () => {
  const access = door();
  expect(access.checkAddress({ host: '127.0.0.1:7480' })).toBeNull();
  expect(
    access.checkAddress({ host: 'localhost:7480', origin: 'http://localhost:7480' }),
  ).toBeNull();
  expect(access.checkAddress({ host: '127.0.0.1:7480', origin: 'http://evil.example' })?.code).toBe(
    'RL-021',
  );
  expect(access.checkAddress({ host: '127.0.0.1:7480', origin: 'null' })?.code).toBe('RL-021');
  expect(access.checkAddress({ host: 'evil.example:7480' })?.status).toBe(403);
  expect(access.checkAddress({ host: '127.0.0.1:7481' })?.status).toBe(403);
  expect(access.checkAddress({})?.status).toBe(403);
});

test('a program needs the token of this start, a browser the cookie and, for a change, its Origin', () => {
  const access = door();
  const cookie = access.setCookie.split(';')[0] ?? '';
  expect(access.checkRight({ authorization: `Bearer ${access.token}` }, true)).toBeNull();
  expect(access.checkRight({ authorization: 'Bearer other' }, false)?.status).toBe(401);
  expect(access.checkRight({ authorization: `Bearer ${access.token}x` }, false)?.status).toBe(401);
  expect(access.checkRight({}, false)?.code).toBe('RL-020');
  expect(access.checkRight({ cookie: `other=1; ${cookie}` }, false)).toBeNull();
  expect(access.checkRight({ cookie }, true)?.code).toBe('RL-021');
  expect(access.checkRight({ cookie, origin: 'http://127.0.0.1:7480' }, true)).toBeNull();
  expect(access.checkRight({ cookie: `relight_7480=${access.token}` }, false)?.status).toBe(401);
  expect(new Access().token).not.toBe(access.token);
});
