import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepInForce } from './keep-in-force.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relight-in-force-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const from = (content: string) => ({ path: '/elsewhere/file.json', content });

test('where the grid in force cannot be kept, no restart goes on with that of an earlier run', () => {
  keepInForce(directory, from('grid of before'), from('points of before'));
  expect(readFileSync(join(directory, 'grid.json'), 'utf8')).toBe('"grid of before"\n');
  // Nothing can be written there.
  mkdirSync(join(directory, 'points.json.new'));
  expect(() => keepInForce(directory, from('grid'), from('points'))).toThrow('EISDIR');
  expect(existsSync(join(directory, 'grid.json'))).toBe(false);
  expect(existsSync(join(directory, 'points.json'))).toBe(false);
});

test('a file that is in force from there already is neither written nor taken away', () => {
  keepInForce(directory, from('grid'), from('points'));
  const own = { path: join(directory, 'grid.json'), content: 'other' };
  mkdirSync(join(directory, 'points.json.new'));
  expect(() => keepInForce(directory, own, from('points'))).toThrow('EISDIR');
  expect(readFileSync(join(directory, 'grid.json'), 'utf8')).toBe('"grid"\n');
});
