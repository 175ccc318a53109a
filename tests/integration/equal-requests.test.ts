import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApprovalView, CommandView, SessionView, type Snapshot } from '@relight/contract';
import { SimulationClient } from '../../apps/cli/src/system/simulation-client.ts';
import { startSystem, type RunningSystem } from '../../apps/cli/src/system/start-system.ts';

const folder = mkdtempSync(join(tmpdir(), 'relight-equal-'));
const stop = new AbortController();
let system: RunningSystem;
let origin = '';

beforeAll(async () => {
  system = await startSystem({
    gridFile: new URL('../../seeds/grids/demo-town.json', import.meta.url).pathname,
    folder,
    seed: 11,
    speed: 10,
    port: 0,
    progress: () => {},
    signal: stop.signal,
  });
  origin = new URL(system.controlCenter.url).origin;
});
afterAll(async () => {
  await system?.stop();
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});

interface Browser {
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ readonly status: number; readonly json: unknown }>;
  /** In the demo a browser takes another chair without a password. */
  readonly become: (user: string) => Promise<SessionView>;
  readonly session: () => Promise<SessionView>;
}

/** A browser of its own that opened the printed address. */
async function browser(): Promise<Browser> {
  const opened = await fetch(system.controlCenter.url, { redirect: 'manual' });
  let cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  let csrf = '';
  const ask: Browser['ask'] = async (method, path, body) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        cookie,
        origin,
        'x-relight-csrf': csrf,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return { status: answer.status, json: await answer.json() };
  };
  const take = async (method: string, path: string, body?: unknown): Promise<SessionView> => {
    const view = SessionView.parse((await ask(method, path, body)).json);
    ({ csrf } = view);
    return view;
  };
  const session = (): Promise<SessionView> => take('GET', '/session');
  await session();
  return { ask, session, become: (user) => take('POST', '/session/person', { user }) };
}

test('every station is read', async () => {
  const { ask } = await browser();
  await expect
    .poll(async () => {
      const { summary } = (await ask('GET', '/snapshot')).json as Snapshot;
      return [summary.rtusUp > 0, summary.rtusUp === summary.rtus];
    })
    .toEqual([true, true]);
});

test('fifty equal requests at once are one command, and fifty executions of it are one write', async () => {
  const { ask } = await browser();
  const body = {
    idempotencyKey: 'fifty-at-once',
    equipment: 'PT.471',
    operation: 'disableReclosing',
  };
  const fifty = Array.from({ length: 50 });
  const asked = await Promise.all(fifty.map(() => ask('POST', '/commands', body)));
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([202]));
  const [id = '', ...others] = new Set(asked.map(({ json }) => CommandView.parse(json).id));
  expect([id !== '', others]).toEqual([true, []]);
  const command = async (): Promise<string | undefined> => {
    const { commands } = (await ask('GET', '/snapshot')).json as Snapshot;
    return commands.find((each) => each.id === id)?.state;
  };
  await expect.poll(command).toBe('selected');
  const executed = await Promise.all(fifty.map(() => ask('POST', `/commands/${id}/execute`)));
  expect(executed.filter(({ status }) => status === 202)).toHaveLength(1);
  expect(executed.filter(({ status }) => status === 409)).toHaveLength(49);
  await expect.poll(command).toBe('verified');
  // The same key with another body is another request in disguise.
  const disguised = await ask('POST', '/commands', { ...body, operation: 'enableReclosing' });
  expect(disguised.status).toBe(409);
  const wire = await new SimulationClient(system.simulators).wire();
  const operated = wire.filter((write) => write.switch === 'PT.471' && write.kind === 'operate');
  expect(operated).toHaveLength(1);
});

test('in the demo a second browser is the second person; the same person in two browsers is not', async () => {
  const [first, again, second] = [await browser(), await browser(), await browser()];
  expect((await first.session()).user).toBe('lan');
  expect((await second.become('minh')).name).toBe('Trần Quang Minh');
  const list = { idempotencyKey: 'shed-two-people', name: 'F1', equipment: ['PT.471'] };
  const prepared = await first.ask('POST', '/shedding-lists', list);
  expect(prepared.status).toBe(202);
  const { id, hash } = ApprovalView.parse((prepared.json as { approval: unknown }).approval);
  const approve = ({ ask }: Browser): Promise<{ status: number; json: unknown }> =>
    ask('POST', `/approvals/${id}/approve`, { hash });
  for (const alone of [first, again]) {
    expect((await approve(alone)).json).toMatchObject({ code: 'RL-062' });
  }
  expect((await approve(second)).status).toBe(202);
});

test('a viewer of the demo sees everything and does nothing', async () => {
  const { ask, become } = await browser();
  const { rights } = await become('hoa');
  expect(rights.toSorted()).toEqual(['own', 'watch']);
  expect((await ask('GET', '/snapshot')).status).toBe(200);
  const request = { idempotencyKey: 'of-a-viewer', equipment: 'PT.471', operation: 'open' };
  expect((await ask('POST', '/commands', request)).json).toMatchObject({ code: 'RL-042' });
});
