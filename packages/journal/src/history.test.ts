import type { EventView, ValueHistory } from '@relight/contract';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHistory, type History } from './history.ts';

const SLOT = 10_000;
const T0 = Date.UTC(2026, 10, 22, 3, 0, 0);
const DAY = 86_400_000;

let directory = '';
let troubles: (string | null)[] = [];
let open: History[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relight-history-'));
  troubles = [];
  open = [];
});
afterEach(async () => {
  for (const history of open) await history.close();
  rmSync(directory, { recursive: true, force: true });
});

function start(points: readonly string[] = ['I', 'U'], keepValues_ms = 3 * DAY): History {
  const history = openHistory({
    directory,
    points,
    keepValues_ms,
    keepEvents_ms: 10 * DAY,
    onTrouble: (reason) => void troubles.push(reason),
  });
  open.push(history);
  return history;
}

/** What the feed hands over at one moment: pairs of point and value. */
function tell(
  history: History,
  at_ms: number,
  heard: readonly (readonly [point: number, value: number])[] = [],
  events: readonly EventView[] = [],
): void {
  history.take({
    at_ms,
    points: Uint32Array.from(heard, ([point]) => point),
    values: Float64Array.from(heard, ([, value]) => value),
    events,
  });
}

function event(sequence: number, receiveTime_ms: number, words: string): EventView {
  return {
    id: `E${sequence}`,
    sequence,
    sourceTime_ms: receiveTime_ms - 40,
    receiveTime_ms,
    equipment: sequence % 2 === 0 ? 'PT.471' : 'QN.481',
    text: { vi: words, en: `event ${sequence}` },
    quality: 'good',
  };
}

async function valuesOf(
  history: History,
  points: string[],
  from_ms: number,
  to_ms: number,
): Promise<ValueHistory> {
  const answer = await history.values({ points, from_ms, to_ms });
  if (!answer.ok) throw new Error(answer.error.reason);
  return answer.value;
}

test('a value holds until another comes, and each slot keeps its last, its least and its greatest', async () => {
  const history = start();
  tell(history, T0, [[0, 100]]);
  tell(history, T0 + SLOT + 1_000, [
    [0, 140],
    [0, 90],
    [0, 120],
  ]);
  tell(history, T0 + 2 * SLOT);
  tell(history, T0 + 3 * SLOT);
  const { times_ms, step_ms, series } = await valuesOf(history, ['I'], T0, T0 + 3 * SLOT);
  expect(step_ms).toBe(SLOT);
  expect(times_ms).toEqual([T0, T0 + SLOT, T0 + 2 * SLOT]);
  expect(series).toEqual([
    { point: 'I', values: [100, 120, 120], low: [100, 90, 120], high: [100, 140, 120] },
  ]);
});

test('what cannot be trusted, was never said or fell into a silence of the feed is a gap', async () => {
  const history = start();
  tell(history, T0, [[0, 5]]);
  tell(history, T0 + SLOT, [[0, Number.NaN]]);
  tell(history, T0 + 2 * SLOT, [[0, 7]]);
  // The feed says nothing for two whole slots: nobody knows what was there.
  tell(history, T0 + 5 * SLOT);
  tell(history, T0 + 6 * SLOT);
  const { series } = await valuesOf(history, ['I', 'U', 'nobody'], T0, T0 + 6 * SLOT);
  expect(series.map((one) => one.values)).toEqual([
    [5, null, 7, null, null, 7],
    [null, null, null, null, null, null],
    [null, null, null, null, null, null],
  ]);
});

test('a restart in the middle of ten minutes keeps what was there before it', async () => {
  const first = start();
  for (let slot = 0; slot <= 5; slot++) tell(first, T0 + slot * SLOT, [[1, slot]]);
  await first.close();
  const second = start(['U', 'I']);
  for (let slot = 10; slot <= 15; slot++) tell(second, T0 + slot * SLOT, [[0, slot]]);
  const { series } = await valuesOf(second, ['U'], T0, T0 + 15 * SLOT);
  const gap = [null, null, null, null, null];
  expect(series[0]?.values).toEqual([0, 1, 2, 3, 4, ...gap, 10, 11, 12, 13, 14]);
});

test('a long range is answered in at most 2,000 longer slots, with every extreme in it', async () => {
  const history = start();
  const end = T0 + DAY;
  for (let at = T0; at <= end; at += SLOT) {
    tell(history, at, [[0, at === T0 + 4 * SLOT ? 999 : 1]]);
    // The feed is never so far ahead of the thread as a loop can be.
    if (at % (100 * SLOT) === 0) await history.events({});
  }
  const { times_ms, step_ms, series } = await valuesOf(history, ['I'], T0, end);
  expect(times_ms.length).toBeLessThanOrEqual(2_000);
  expect(step_ms).toBe(5 * SLOT);
  expect(series[0]?.high).toContain(999);
  expect(new Set(series[0]?.values.slice(1))).toEqual(new Set([1]));
});

test('values older than they are kept go, and a range without bounds costs no more than what is there', async () => {
  const history = start(['I'], DAY);
  tell(history, T0, [[0, 1]]);
  tell(history, T0 + SLOT);
  tell(history, T0 + 5 * DAY, [[0, 2]]);
  tell(history, T0 + 5 * DAY + SLOT);
  const { series, times_ms } = await valuesOf(history, ['I'], 0, 8.64e15);
  expect(times_ms.length).toBeLessThanOrEqual(2_000);
  expect(series[0]?.values.filter((one) => one !== null)).toEqual([2]);
  const old = await valuesOf(history, ['I'], T0, T0 + 2 * SLOT);
  expect(old.series[0]?.values).toEqual([null, null]);
});

test('events are found over a restart by time, device and words without marks, newest first', async () => {
  const first = start();
  tell(first, T0, [], [event(1, T0, 'Máy cắt mở'), event(2, T0 + 1, 'Máy cắt đóng')]);
  await first.close();
  const second = start();
  tell(second, T0 + 60_000, [], [event(1, T0 + 60_000, 'Chạm đất')]);
  const found = async (query: Parameters<History['events']>[0]): Promise<readonly string[]> => {
    const answer = await second.events(query);
    if (!answer.ok) throw new Error(answer.error.reason);
    return answer.value.events.map(({ id, text }) => `${id} ${text.vi}`);
  };
  const all = ['H3 Chạm đất', 'H2 Máy cắt đóng', 'H1 Máy cắt mở'];
  expect(await found({})).toEqual(all);
  expect(await found({ text: 'may CAT' })).toEqual(all.slice(1));
  expect(await found({ text: 'dong 471' })).toEqual(all.slice(1, 2));
  expect(await found({ text: '%' })).toEqual([]);
  expect(await found({ equipment: 'PT.471' })).toEqual(all.slice(1, 2));
  expect(await found({ from_ms: T0 + 1, to_ms: T0 + 60_000 })).toEqual(all.slice(1, 2));
  expect(await found({ quality: 'invalid' })).toEqual([]);
  const page = await second.events({ limit: 2 });
  expect(page).toMatchObject({ ok: true, value: { more: true, keptFrom_ms: T0 } });
  expect(await found({ before: 2 })).toEqual(all.slice(2));
});

test('an export holds the whole range, oldest first, and runs nothing in a spreadsheet', async () => {
  const history = start();
  tell(history, T0, [], [event(2, T0, '=1+1'), event(4, T0 + 5, 'mở, "tay"')]);
  const answer = await history.table({ from_ms: T0, to_ms: T0 + 10 });
  const table = answer.ok && answer.value !== null ? answer.value : new Uint8Array();
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(table).split('\r\n')).toEqual([
    '\uFEFFreceived_utc,source_utc,equipment,vi,en,quality',
    "2026-11-22T03:00:00.000Z,2026-11-22T02:59:59.960Z,PT.471,'=1+1,event 2,good",
    '2026-11-22T03:00:00.005Z,2026-11-22T02:59:59.965Z,PT.471,"mở, ""tay""",event 4,good',
    '',
  ]);
});

test('an export runs nothing either where a semicolon parts the cells, as in a Vietnamese spreadsheet', async () => {
  const history = start();
  tell(history, T0, [], [event(2, T0, 'xong;=1+1;@a; -5 kV')]);
  const answer = await history.table({ from_ms: T0, to_ms: T0 + 10 });
  const table = new TextDecoder().decode(answer.ok ? (answer.value ?? undefined) : undefined);
  expect(table.split(/[;,\r\n]/).filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
  expect(table).toContain("xong;'=1+1;'@a; -5 kV");
});

test('an export of more rows than a file may have is refused whole', async () => {
  const history = start();
  const many = Array.from({ length: 50_001 }, (_, i) => event(2 * i, T0 + i, 'mở'));
  for (let at = 0; at < many.length; at += 10_000) {
    tell(history, T0 + at * 10, [], many.slice(at, at + 10_000));
  }
  expect(await history.table({ from_ms: T0, to_ms: T0 + DAY })).toEqual({ ok: true, value: null });
  const less = await history.table({ from_ms: T0 + 1, to_ms: T0 + DAY });
  expect(less.ok && less.value !== null && less.value.length > 1_000_000).toBe(true);
});

test('a damaged file is put aside and told, and the history begins anew', async () => {
  writeFileSync(join(directory, 'history.db'), 'a shopping list, longer than a header of SQLite');
  const history = start();
  tell(history, T0, [], [event(2, T0, 'mở')]);
  expect(await history.events({})).toMatchObject({ ok: true, value: { events: [{ id: 'H1' }] } });
  expect(troubles).toEqual([expect.stringContaining('not a database'), null]);
  expect(readdirSync(directory).some((name) => name.startsWith('damaged-'))).toBe(true);
});

test('where no file can be made, every question is refused with the reason', async () => {
  const file = join(directory, 'a-file');
  writeFileSync(file, '');
  directory = join(file, 'history');
  const history = start();
  tell(history, T0, [[0, 1]]);
  expect(await history.values({ points: ['I'], from_ms: T0, to_ms: T0 + SLOT })).toMatchObject({
    ok: false,
    error: { kind: 'broken', reason: expect.stringContaining('ENOTDIR') },
  });
  directory = file;
});

test('a change that comes while the thread is behind is told late, not lost', async () => {
  const history = start();
  // Within one turn of the loop the thread can have taken nothing.
  for (let second = 0; second < 300; second++) {
    const events = second === 299 ? [event(1, T0 + second * 1_000, 'Đóng')] : [];
    tell(history, T0 + second * 1_000, [[0, second]], events);
  }
  await history.events({});
  tell(history, T0 + 300_000);
  tell(history, T0 + 310_000);
  const { series } = await valuesOf(history, ['I'], T0 + 300_000, T0 + 310_000);
  expect(series[0]?.values).toEqual([299]);
  const heard = await history.events({});
  expect(heard.ok && heard.value.events.map(({ text }) => text.vi)).toEqual(['Đóng']);
});

test('more questions at once than can wait are turned away, the others answered', async () => {
  const history = start();
  const answers = await Promise.all(Array.from({ length: 20 }, () => history.events({})));
  const busy = answers.filter((answer) => !answer.ok);
  expect(busy.length).toBe(4);
  expect(busy[0]).toMatchObject({ error: { kind: 'busy' } });
});
