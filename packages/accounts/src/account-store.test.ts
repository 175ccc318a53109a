import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AccountStore, type NewAccount } from './account-store.ts';

const ROOT = { by: 'root', at_ms: 1_000 };
const LAN: NewAccount = {
  user: 'lan',
  name: 'Nguyễn Thị Lan',
  roles: ['dispatcher'],
  areas: ['PT'],
  password: '$argon2id$x',
};
const ADMIN: NewAccount = { ...LAN, user: 'an', roles: ['administrator'], areas: null };
const METER: NewAccount = { ...LAN, user: 'meter', roles: ['integration'], password: null };

let folder: string;
let path: string;
let store: AccountStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relight-accounts-'));
  path = join(folder, 'accounts.db');
  store = new AccountStore(path);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

test('an account is there after the file is opened again, and only its owner can read the file', () => {
  expect(store.add(LAN, ROOT)).toMatchObject({ ok: true, value: { user: 'lan', version: 1 } });
  store.close();
  store = new AccountStore(path);
  expect(store.find('lan')).toEqual({
    user: 'lan',
    name: 'Nguyễn Thị Lan',
    roles: ['dispatcher'],
    areas: ['PT'],
    disabled: false,
    created_ms: 1_000,
    version: 1,
  });
  expect(statSync(path).mode & 0o077).toBe(0);
});

test('a name is never given twice, and an account is disabled, never removed', () => {
  store.add(LAN, ROOT);
  expect(store.add(LAN, ROOT)).toMatchObject({
    error: { reason: expect.stringContaining('already') },
  });
  store.setDisabled('lan', true, ROOT);
  expect([store.passwordOf('lan'), store.find('lan')?.disabled]).toEqual([null, true]);
  expect(store.add(LAN, ROOT).ok).toBe(false);
  const raw = new DatabaseSync(path);
  expect(() => raw.exec('DELETE FROM account')).toThrow('never removed');
  expect(() => raw.exec('DELETE FROM change')).toThrow('stays on record');
  raw.close();
});

test('who gives rights does not operate, and a program has no other role', () => {
  const tries = [
    { ...LAN, roles: ['administrator', 'dispatcher'] as const },
    { ...LAN, roles: ['auditor', 'viewer'] as const },
    { ...LAN, roles: ['integration'] as const },
    { ...LAN, roles: [] },
    { ...LAN, user: 'Lan' },
    { ...LAN, name: ' ' },
    { ...LAN, password: null },
  ];
  expect(tries.map((one) => store.add(one, ROOT).ok)).toEqual(tries.map(() => false));
  expect([store.list(), store.changesAfter(0)]).toEqual([[], []]);
});

test('the last administrator can neither be disabled nor given another role', () => {
  store.add(ADMIN, ROOT);
  expect(store.setDisabled('an', true, ROOT).ok).toBe(false);
  expect(store.setRoles('an', ['viewer'], null, ROOT).ok).toBe(false);
  expect(store.find('an')).toMatchObject({ roles: ['administrator'], disabled: false, version: 1 });
  store.add({ ...ADMIN, user: 'binh' }, ROOT);
  expect(store.setDisabled('an', true, ROOT).ok).toBe(true);
  expect(store.find('an')?.version).toBe(2);
});

test('a token works until it is revoked, over, or its program disabled; a person has none', () => {
  store.add(LAN, ROOT);
  store.add(METER, ROOT);
  expect(store.addToken('lan', 1_000, ROOT).ok).toBe(false);
  const made = store.addToken('meter', 1_000, ROOT);
  if (!made.ok) throw new Error(made.error.reason);
  const { id, secret } = made.value;
  expect(store.ofToken(secret, 1_999)?.account.user).toBe('meter');
  expect(store.ofToken(secret, 2_000)).toBeNull();
  expect(store.ofToken(`${secret}x`, 1_500)).toBeNull();
  store.setDisabled('meter', true, ROOT);
  expect(store.ofToken(secret, 1_500)).toBeNull();
  store.setDisabled('meter', false, ROOT);
  store.revokeToken(id, ROOT);
  expect(store.ofToken(secret, 1_500)).toBeNull();
  const raw = new DatabaseSync(path);
  expect(JSON.stringify(raw.prepare('SELECT * FROM token').all())).not.toContain(secret);
  raw.close();
});

test('every change is told in order with who did it, and never with a password or token', () => {
  store.add(LAN, ROOT);
  store.setPassword('lan', '$argon2id$secret', { by: 'an', at_ms: 2_000 });
  store.setRoles('lan', ['shiftLead'], null, { by: 'an', at_ms: 3_000 });
  const changes = store.changesAfter(0);
  expect(changes.map(({ sequence, by, action, about }) => [sequence, by, action, about])).toEqual([
    [1, 'root', 'add', 'lan'],
    [2, 'an', 'password', 'lan'],
    [3, 'an', 'roles', 'lan'],
  ]);
  expect(changes[2]?.body).toEqual({ roles: ['shiftLead'], areas: null });
  expect(JSON.stringify(changes)).not.toContain('argon2');
  expect(store.changesAfter(2)).toHaveLength(1);
});

test('a change made by another process is noticed', () => {
  const before = store.dataVersion();
  const other = new AccountStore(path);
  other.add(LAN, ROOT);
  other.close();
  expect(store.dataVersion()).not.toBe(before);
  expect(store.find('lan')?.name).toBe('Nguyễn Thị Lan');
});

test('a file of something else or of a newer program is refused and left as it is', () => {
  const foreign = join(folder, 'foreign.db');
  const database = new DatabaseSync(foreign);
  database.exec('PRAGMA application_id = 7; PRAGMA user_version = 1;');
  expect(() => new AccountStore(foreign)).toThrow('no accounts of this program');
  database.close();
  store.close();
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 99;');
  newer.close();
  expect(() => new AccountStore(path)).toThrow('version 99');
  store = new AccountStore(join(folder, 'fresh.db'));
});
