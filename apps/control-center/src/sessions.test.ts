import { expect, test } from 'vitest';
import { Sessions, type Moment, type SessionEnd } from './sessions.ts';

const LAN = { user: 'lan', name: 'Lan', roles: ['dispatcher'] as const, areas: null, version: 1 };
const LIMITS = { idleLock_min: 15, idleEnd_min: 60, sessionLife_h: 16 };
const MINUTE = 60_000;

function rig() {
  const ended: [string, SessionEnd][] = [];
  const locked: string[] = [];
  const sessions = new Sessions(
    LIMITS,
    ({ id }, why) => void ended.push([id, why]),
    ({ id }) => void locked.push(id),
  );
  return { sessions, ended, locked };
}

function at(minutes: number): Moment {
  return { at_ms: 1_000_000 + minutes * MINUTE, monotonic_ms: minutes * MINUTE };
}

test('a session is found by its secret alone, and not once it has ended', () => {
  const { sessions, ended } = rig();
  const { session, secret } = sessions.open(LAN, 'a', at(0));
  expect(sessions.find(secret, at(1))).toBe(session);
  expect(sessions.find(session.id, at(1))).toBeNull();
  expect(JSON.stringify(session)).not.toContain(secret);
  expect(sessions.end(session.id, 'loggedOut')).toBe(true);
  expect([sessions.find(secret, at(1)), sessions.end(session.id, 'loggedOut')]).toEqual([
    null,
    false,
  ]);
  expect(ended).toEqual([[session.id, 'loggedOut']]);
});

test('without a hand it locks after a quarter of an hour, and not while somebody works', () => {
  const { sessions, locked } = rig();
  const { session } = sessions.open(LAN, 'a', at(0));
  sessions.tick(at(14));
  sessions.touch(session, at(14));
  sessions.tick(at(28));
  expect(locked).toEqual([]);
  sessions.tick(at(29));
  expect([locked, session.locked]).toEqual([[session.id], true]);
});

test('a browser that is gone ends its session after an hour; a picture on the wall does not end', () => {
  const { sessions, ended } = rig();
  const wall = sessions.open(LAN, 'a', at(0)).session;
  const gone = sessions.open(LAN, 'a', at(0)).session;
  wall.streams = 1;
  sessions.tick(at(59));
  sessions.tick(at(60));
  expect(ended).toEqual([[gone.id, 'idle']]);
});

test('after sixteen hours everybody logs in again, at the very moment, looked after or not', () => {
  const { sessions, ended } = rig();
  const { session, secret } = sessions.open(LAN, 'a', at(0));
  session.streams = 1;
  expect(sessions.find(secret, at(959))).toBe(session);
  expect(sessions.find(secret, at(960))).toBeNull();
  expect(ended).toEqual([[session.id, 'expired']]);
});

test('a step of the wall clock ends and locks nothing', () => {
  const { sessions, ended, locked } = rig();
  const { secret } = sessions.open(LAN, 'a', at(0));
  const stepped = { at_ms: at(0).at_ms + 100 * 60 * MINUTE, monotonic_ms: MINUTE };
  sessions.tick(stepped);
  expect(sessions.find(secret, stepped)).not.toBeNull();
  expect([ended, locked]).toEqual([[], []]);
});

test('the twenty-first log-in of one account ends its oldest', () => {
  const { sessions, ended } = rig();
  const first = sessions.open(LAN, 'a', at(0)).session;
  for (let i = 1; i <= 20; i++) sessions.open(LAN, 'a', at(i / 10));
  expect([ended, sessions.count]).toEqual([[[first.id, 'idle']], 20]);
});
