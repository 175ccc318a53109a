import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import {
  CommandView,
  ControlCenterReady,
  PointListFile,
  SessionView,
  Snapshot,
  type Misbehaviour,
  type PlantTruth,
  type SwitchOperation,
  type WireRecord,
} from '@relight/contract';
import { CONTROL_CENTER_MAIN } from '../../apps/cli/src/places.ts';
import { SimulationClient } from '../../apps/cli/src/system/simulation-client.ts';
import { startSimulators } from '../../apps/cli/src/system/start-system.ts';
import { CutProxy } from './cut-proxy.ts';

export const DEMO_TOWN = new URL('../../seeds/grids/demo-town.json', import.meta.url).pathname;

export interface SurvivalOptions {
  readonly speed?: number;
  readonly seed?: number;
  /** Default: the demo town. */
  readonly gridFile?: string;
  /** RTUs of these devices are reached through a wire that can be cut. */
  readonly cuttable?: readonly string[];
  /** Runs the control centre under this command, `--` and all; for limits of the operating system. */
  readonly under?: readonly string[];
}

/** What an answered request said. */
export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** States of a command that only wait for something. */
const MOVING: ReadonlySet<CommandView['state']> = new Set([
  'requested',
  'approved',
  'selected',
  'executing',
  'acknowledged',
]);

/**
 * The whole system in processes of its own, as `relight up` runs it, in the hands of a test that
 * kills and cuts. The simulators are the field: what they logged is what happened.
 */
export class SurvivalRig {
  readonly folder: string;
  readonly simulation: SimulationClient;
  readonly proxies: ReadonlyMap<string, CutProxy>;
  readonly #stopSimulators: () => Promise<void>;
  readonly #options: SurvivalOptions;
  #center: ChildProcess | null = null;
  #standby: { readonly child: ChildProcess; readonly ready: Promise<ControlCenterReady> } | null =
    null;
  /** Led before, and was deposed. */
  #former: ChildProcess | null = null;
  #ready: ControlCenterReady | null = null;

  private constructor(
    folder: string,
    simulators: Awaited<ReturnType<typeof startSimulators>>,
    proxies: ReadonlyMap<string, CutProxy>,
    options: SurvivalOptions,
  ) {
    this.folder = folder;
    this.simulation = new SimulationClient(simulators.ready);
    this.proxies = proxies;
    this.#stopSimulators = simulators.stop;
    this.#options = options;
  }

  static async start(options: SurvivalOptions = {}): Promise<SurvivalRig> {
    const folder = mkdtempSync(join(tmpdir(), 'relight-survive-'));
    const pointsFile = join(folder, 'points.json');
    const simulators = await startSimulators({
      gridFile: options.gridFile ?? DEMO_TOWN,
      pointsFile,
      logFile: join(folder, 'simulators.log'),
      seed: options.seed ?? 1,
      speed: options.speed ?? 1,
      signal: new AbortController().signal,
    });
    const proxies = await putProxies(pointsFile, options.cuttable ?? []);
    const rig = new SurvivalRig(folder, simulators, proxies, options);
    await rig.startCenter();
    return rig;
  }

  get journalFolder(): string {
    return join(this.folder, 'journal');
  }

  /** Starts the control centre on the same journal, and waits until every RTU has been read. */
  async startCenter(): Promise<void> {
    const { child, ready } = this.#spawnCenter([]);
    this.#center = child;
    this.#ready = await ready;
    await this.#everyRtuIsRead();
  }

  /** Starts a second control centre on the same journal and the same field, until it waits. */
  async startStandby(): Promise<void> {
    const standby = this.#spawnCenter(['--standby']);
    this.#standby = standby;
    await new Promise<void>((resolve, reject) => {
      standby.child.stderr?.on('data', (data: Buffer) => {
        if (data.includes('standby: waits')) resolve();
      });
      standby.ready.catch(reject);
    });
  }

  /**
   * Waits until the standby leads and has read every RTU, and goes on with it; the one that led
   * stays where it is.
   * @returns When it began to serve, by `performance.now()`.
   */
  async followStandby(): Promise<number> {
    if (this.#standby === null) throw new Error('there is no standby');
    const { child, ready } = this.#standby;
    this.#ready = await ready;
    const serving_ms = performance.now();
    this.#former = this.#center;
    this.#center = child;
    this.#standby = null;
    await this.#everyRtuIsRead();
    return serving_ms;
  }

  /** Lets the one that was deposed go on, and waits until its process has ended by itself. */
  async wakeFormer(): Promise<number | null> {
    const former = this.#former;
    if (former === null) throw new Error('nobody was deposed');
    const gone = new Promise<number | null>((resolve) => {
      former.once('exit', (code) => resolve(code));
    });
    former.kill('SIGCONT');
    return gone;
  }

  #spawnCenter(flags: readonly string[]): {
    readonly child: ChildProcess;
    readonly ready: Promise<ControlCenterReady>;
  } {
    const { under = [], speed = 1 } = this.#options;
    const [file = '', ...args] = [
      ...under,
      process.execPath,
      CONTROL_CENTER_MAIN,
      `--grid=${this.#options.gridFile ?? DEMO_TOWN}`,
      `--points=${join(this.folder, 'points.json')}`,
      `--journal=${this.journalFolder}`,
      '--port=0',
      `--speed=${speed}`,
      ...flags,
    ];
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {});
    child.stderr.on('data', (data: Buffer) => {
      appendFileSync(join(this.folder, 'control-center.log'), data);
    });
    const ready = new Promise<ControlCenterReady>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { data } = ControlCenterReady.safeParse(JSON.parse(line));
        if (data !== undefined) resolve(data);
      });
      child.on('exit', () => {
        const log = readFileSync(join(this.folder, 'control-center.log'), 'utf8');
        reject(new Error(`the control centre ended: ${log.slice(-2_000)}`));
      });
    });
    // A standby that is stopped before it leads is nobody's failure.
    ready.catch(() => {});
    return { child, ready };
  }

  async #everyRtuIsRead(): Promise<void> {
    let down = '';
    await this.until('every RTU is read', 60_000, ({ summary, switches, links }) => {
      const known = switches.filter((each) => each.quality === 'good').length;
      down = links.flatMap(({ rtu, state }) => (state === 'up' ? [] : [`${rtu} ${state}`])).join();
      return summary.rtusUp === summary.rtus && known > 0;
    }).catch((cause: unknown) => {
      throw new Error(`not every RTU is read: ${down}`, { cause });
    });
  }

  /** `kill -9`: not one more instruction. */
  async kill(): Promise<void> {
    const child = this.#center;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    child.kill('SIGKILL');
    await gone;
  }

  /** Stops the process where it is, or lets it go on. */
  pause(stopped: boolean): void {
    this.#center?.kill(stopped ? 'SIGSTOP' : 'SIGCONT');
  }

  /**
   * Stops the process where it is, but not in the middle of a commit: there it would hold the
   * journal until it is ended, and whether a test meets that moment is chance.
   * @returns When it stopped, by `performance.now()`.
   */
  async pauseBetweenCommits(): Promise<number> {
    for (;;) {
      this.pause(true);
      const stopped_ms = performance.now();
      const database = new DatabaseSync(join(this.journalFolder, 'journal.db'), { timeout: 500 });
      try {
        database.exec('BEGIN IMMEDIATE; ROLLBACK;');
        return stopped_ms;
      } catch {
        this.pause(false);
        await pause_ms(100);
      } finally {
        database.close();
      }
    }
  }

  async ask(method: string, path: string, body?: unknown): Promise<Reply> {
    if (this.#ready === null) throw new Error('the control centre has not started');
    const answer = await fetch(`${new URL(this.#ready.url).origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#ready.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Reply['body'] };
  }

  /** Asks as another of the people of the demo, in a browser session of their own. */
  async askAs(user: string, method: string, path: string, body: unknown): Promise<Reply> {
    if (this.#ready === null) throw new Error('the control centre has not started');
    const { origin } = new URL(this.#ready.url);
    let cookie = '';
    let csrf = '';
    const send = async (as: string, to: string, what: unknown): Promise<Reply> => {
      const answer = await fetch(`${origin}/api/v1${to}`, {
        method: as,
        headers: {
          cookie,
          origin,
          'x-relight-csrf': csrf,
          ...(what === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(what === undefined ? {} : { body: JSON.stringify(what) }),
      });
      const [set] = answer.headers.getSetCookie();
      if (set !== undefined) cookie = set.split(';')[0] ?? '';
      return { status: answer.status, body: (await answer.json()) as Reply['body'] };
    };
    const opened = await fetch(this.#ready.url, { redirect: 'manual' });
    cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    ({ csrf } = SessionView.parse((await send('GET', '/session', undefined)).body));
    ({ csrf } = SessionView.parse((await send('POST', '/session/person', { user })).body));
    return send(method, path, body);
  }

  async snapshot(): Promise<Snapshot> {
    const { status, body } = await this.ask('GET', '/snapshot');
    if (status !== 200) throw new Error(`no snapshot: ${status} ${JSON.stringify(body)}`);
    return Snapshot.parse(body);
  }

  /** Looks at the picture until it shows it. */
  async until(
    what: string,
    limit_ms: number,
    condition: (snapshot: Snapshot) => boolean,
  ): Promise<Snapshot> {
    const end = performance.now() + limit_ms;
    for (;;) {
      const snapshot = await this.snapshot();
      if (condition(snapshot)) return snapshot;
      if (performance.now() > end) throw new Error(`${what}: not within ${limit_ms} ms`);
      await pause_ms(50);
    }
  }

  /**
   * Requests a command and waits until it is selected, or wants a second person; a refusal is given
   * back as it is.
   */
  async select(equipment: string, operation: SwitchOperation): Promise<Reply | CommandView> {
    const asked = await this.ask('POST', '/commands', {
      idempotencyKey: `survive-${crypto.randomUUID()}`,
      equipment,
      operation,
    });
    if (asked.status !== 202) return asked;
    const { id } = CommandView.parse(asked.body);
    const waits = new Set(['requested', 'approved']);
    let last: CommandView | undefined;
    const { commands } = await this.until(`${id} is selected`, 60_000, (snapshot) => {
      last = snapshot.commands.find((command) => command.id === id);
      return last !== undefined && (!waits.has(last.state) || (last.approval ?? null) !== null);
    }).catch((cause: unknown) => {
      throw new Error(`not selected: ${JSON.stringify(last)}`, { cause });
    });
    const found = commands.find((command) => command.id === id);
    if (found === undefined) throw new Error(`${id} is gone`);
    return found;
  }

  /** Executes a selected command and waits for its end, or until nothing is known of it. */
  async execute(id: string): Promise<CommandView> {
    await this.ask('POST', `/commands/${id}/execute`);
    return this.endOf(id);
  }

  async endOf(id: string): Promise<CommandView> {
    const { commands } = await this.until(`${id} ends`, 120_000, (snapshot) =>
      snapshot.commands.some((command) => command.id === id && !MOVING.has(command.state)),
    );
    const ended = commands.find((command) => command.id === id);
    if (ended === undefined) throw new Error(`${id} is gone`);
    return ended;
  }

  async misbehave(device: string, how: Misbehaviour): Promise<void> {
    await this.simulation.misbehave(device, how);
  }

  truth(): Promise<PlantTruth> {
    return this.simulation.truth();
  }

  /** Writes that make a device move, as they arrived at its RTU. */
  async operates(device?: string): Promise<readonly WireRecord[]> {
    const wire = await this.simulation.wire();
    return wire.filter(
      ({ kind, switch: id }) => kind === 'operate' && (device === undefined || id === device),
    );
  }

  async stop(): Promise<void> {
    for (const child of [this.#former, this.#standby?.child]) child?.kill('SIGKILL');
    this.#center?.kill('SIGCONT');
    await this.kill();
    for (const proxy of this.proxies.values()) await proxy.stop();
    await this.#stopSimulators();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function pause_ms(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Puts a wire that can be cut before the RTU of each device. */
async function putProxies(
  pointsFile: string,
  devices: readonly string[],
): Promise<ReadonlyMap<string, CutProxy>> {
  const list = PointListFile.parse(JSON.parse(readFileSync(pointsFile, 'utf8')));
  const proxies = new Map<string, CutProxy>();
  for (const device of devices) {
    const id = list.points.find((point) => point.equipment === device)?.rtu;
    const rtu = list.rtus.find((each) => each.id === id);
    if (rtu?.host === undefined || rtu.port === undefined) throw new Error(`${device} has no host`);
    const proxy = await CutProxy.start({ host: rtu.host, port: rtu.port });
    Object.assign(rtu, { host: '127.0.0.1', port: proxy.port });
    proxies.set(device, proxy);
  }
  writeFileSync(pointsFile, JSON.stringify(list));
  return proxies;
}
