import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  INPUT_FORMAT,
  PROTOCOL_VERSION,
  scaleCoreConfiguration,
  type GatewayFigures,
  type HealthView,
  type Snapshot,
} from '@relight/contract';
import { noteRestoreTold, restoredFrom, type LeaseSeen } from '@relight/journal';
import { createOperations, initialState, snapshotViews } from '@relight/operations';
import { commandCheckView } from './command-check-view.ts';
import type { Tell } from './door.ts';
import { Cycle } from './cycle.ts';
import { watchEventLoop } from './event-loop.ts';
import { ForecastWatch } from './forecast-watch.ts';
import { prepareGatewayThread, type PreparedGateway } from './gateway-thread.ts';
import { readEarlierJournal } from './earlier-journal.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createHandlers } from './handlers.ts';
import { hashOf } from './hash-of.ts';
import { keepHistory } from './history-keeping.ts';
import { keepInForce } from './keep-in-force.ts';
import { JournalWatch } from './journal-watch.ts';
import { loopbackFront, proxiedFront } from './front-address.ts';
import type { Options } from './options.ts';
import { openOwnJournal } from './own-journal.ts';
import { ownVersion } from './own-version.ts';
import { readGridFile, readPoints } from './read-files.ts';
import { openPeople } from './people.ts';
import { safeAccounts } from './production.ts';
import { StartError } from './start-error.ts';
import { PlanTimes } from './plan-times.ts';
import { SecondOpinion } from './second-opinion.ts';
import { buildServer } from './server.ts';
import { SimulationClient } from './simulation-client.ts';
import { Supervision } from './supervision.ts';
import { StreamHub } from './stream-hub.ts';
import { SystemClock } from './system-clock.ts';
import { tellConfiguration } from './tell-configuration.ts';

/** Silence of the gateway longer than this makes /health say no. */
const GATEWAY_SILENCE_MS = 5_000;
/** A decision that waits longer than this for the disk makes /health say no. */
const JOURNAL_BEHIND_MS = 5_000;

export interface RunningControlCenter {
  /** Address for a person to open; in the demo with the token. */
  readonly url: string;
  /** Empty in production: there is none. */
  readonly token: string;
  /** Where this machine itself may ask for health. */
  readonly local: string;
  /** Origins its pages have in a browser. */
  readonly pages: readonly string[];
  stop(): Promise<void>;
}

/** What a standby brings along when it takes over. */
export interface Prepared {
  readonly gateway?: PreparedGateway;
  /** The lease that it has watched stand still. */
  readonly deposes?: LeaseSeen;
}

/**
 * Does what can be done before anybody leads: a standby that could not start says so now, not when
 * it is needed, and has its code warm. Everything is read again at the take-over, as it is then.
 * @throws StartError as `startControlCenter`.
 */
export function prepareControlCenter(options: Options): Pick<Prepared, 'gateway'> {
  const parsedGrid = readGridFile(options.gridFile);
  const points = readPoints(options.pointsFile, parsedGrid);
  const engine = createOperations({ grid: parsedGrid.grid, pointList: points });
  const state = initialState(engine, options.configuration.core);
  snapshotViews(engine, state);
  safeAccounts(options, points)?.close();
  return { gateway: prepareGatewayThread() };
}

/**
 * Puts the control centre together and serves.
 * @param onBroken - Called once if a part ends by itself or our own code breaks; by then no
 *   command can leave any more.
 * @param prepared - What a standby has ready.
 * @throws StartError with one line for the user.
 */
export async function startControlCenter(
  options: Options,
  log: Logger,
  onBroken: (cause: unknown) => void,
  prepared: Prepared = {},
): Promise<RunningControlCenter> {
  const clock = new SystemClock();
  const parsedGrid = readGridFile(options.gridFile);
  const points = readPoints(options.pointsFile, parsedGrid);
  const engine = createOperations({ grid: parsedGrid.grid, pointList: points });
  const version = ownVersion();
  const { configuration } = options;
  const accounts = safeAccounts(options, points);

  const broken = (cause: unknown): void => {
    cycleOf.current?.stop();
    log.fatal({ err: cause }, 'a part broke: no command leaves any more');
    onBroken(cause);
  };
  const cycleOf = { current: null as Cycle | null };
  const watchOf = { current: null as JournalWatch | null };
  const journal = await openOwnJournal(
    options.journalDirectory,
    clock.now(),
    (upTo) => {
      noteRestoreTold(options.journalDirectory);
      watchOf.current?.durable(upTo);
      cycleOf.current?.receive({ kind: 'journalDurable', upTo });
    },
    (reason) => {
      log.error({ reason }, 'the journal cannot be written');
      cycleOf.current?.receive({ kind: 'journalFailed', reason });
    },
    (reason) => broken(new StartError('RL-080', `${options.journalDirectory}: ${reason}`)),
    prepared.deposes ?? null,
  ).catch((cause: unknown) => {
    accounts?.close();
    throw cause;
  });
  try {
    keepInForce(
      options.journalDirectory,
      { path: options.gridFile, content: parsedGrid.file },
      { path: options.pointsFile, content: points },
    );
  } catch (cause) {
    // On a full disk the picture goes on all the same.
    log.error({ err: cause }, 'what is in force could not be kept in the journal folder');
  }
  const core = {
    ...scaleCoreConfiguration(configuration.core, options.speed),
    token: journal.token,
  };
  const state = initialState(engine, core);
  const watch = new JournalWatch(journal, log, () => clock.monotonic());
  watchOf.current = watch;
  const earlier = readEarlierJournal(journal);
  const backup_ms = restoredFrom(options.journalDirectory);
  const hub = new StreamHub((sequence, user) => snapshotOf(sequence, user), clock.now);
  const planTimes = new PlanTimes();
  const history = keepHistory({
    journalDirectory: options.journalDirectory,
    configuration: configuration.history,
    picture: snapshotViews(engine, state),
    now: () => clock.now(),
    log,
  });
  const snapshotOf = (sequence: number, user: string): Snapshot => {
    const views = snapshotViews(engine, state);
    return {
      type: 'snapshot',
      protocol: PROTOCOL_VERSION,
      sequence,
      serverTime_ms: clock.now(),
      grid: parsedGrid.grid.id,
      user,
      simulation: options.simulation !== null,
      ...views,
      incidents: planTimes.shown(views.incidents),
    };
  };

  const gateway = (prepared.gateway ?? prepareGatewayThread()).begin(
    {
      points,
      directory: join(options.journalDirectory, 'gateway'),
      seed: options.configuration.simulation.seed,
      authority: journal.authority.shared,
    },
    broken,
  );
  const cycle = new Cycle({
    engine,
    state,
    clock,
    journal: watch,
    toGateway: (request) => gateway.bus.publish(request),
    earlierRuns: earlier.runs,
    secondOpinion: new SecondOpinion(parsedGrid.file, points, core),
    show: ({ incidents, ...changes }, took_ms) => {
      history.push(changes);
      const timed =
        incidents === undefined ? {} : { incidents: planTimes.measured(incidents, took_ms) };
      hub.push({ ...changes, ...timed });
    },
    broken,
  });
  cycleOf.current = cycle;
  cycle.receive({
    kind: 'start',
    format: INPUT_FORMAT,
    grid: parsedGrid.grid.id,
    gridHash: hashOf(parsedGrid.file),
    pointsHash: hashOf(points),
    journalSequence: journal.lastSequence,
    configuration: core,
    carriedOver: earlier.runs.left(),
    ...(earlier.damage === null ? {} : { journalDamage: earlier.damage }),
    ...(backup_ms === null ? {} : { restoredFrom_ms: backup_ms }),
  });
  const tell: Tell = (action, by, about, body) =>
    cycle.receive({ kind: 'people', action, by, about, body: { ...body } });
  const { accountChange = 0, configurationHash = null } = earlier.runs.left();
  tellConfiguration(configuration, configurationHash, tell);
  const forecast =
    configuration.forecast.file === null
      ? null
      : new ForecastWatch({
          file: configuration.forecast.file,
          journalDirectory: options.journalDirectory,
          grid: parsedGrid.grid,
          tell: (event) => cycle.receive(event),
          log,
        });
  forecast?.begin();
  const people = openPeople({
    configuration,
    accounts,
    areas: (parsedGrid.file.substations ?? []).map(({ id, name }) => ({ id, name: name ?? id })),
    toldChange: accountChange,
    clock,
    hub,
    tell,
    watchdog: options.watchdog,
  });
  let gatewayHeard_ms: number | null = null;
  let gatewayFigures: GatewayFigures | null = null;
  gateway.bus.subscribe((message) => {
    gatewayHeard_ms = clock.monotonic();
    if (message.type === 'figures') gatewayFigures = message.figures;
    cycle.fromGateway(message);
  });

  const supervision = new Supervision(
    (event) => {
      log.warn({ part: event.part, ok: event.ok }, event.text.en);
      cycle.receive(event);
    },
    () => clock.monotonic(),
  );
  const eventLoop = watchEventLoop((delay) => supervision.window(delay));
  const health = (): HealthView => {
    const now = clock.monotonic();
    const gatewayAge = gatewayHeard_ms === null ? null : now - gatewayHeard_ms;
    return {
      ok:
        gatewayAge !== null &&
        gatewayAge < GATEWAY_SILENCE_MS &&
        watch.behind_ms < JOURNAL_BEHIND_MS,
      version,
      parts: {
        gateway: gatewayAge,
        cycle: now - cycle.lastTurn_ms,
        journal: watch.behind_ms,
        door: now - people.lookedAt_ms(),
        watchdog: supervision.watchdogAge_ms,
      },
      loop: { ...eventLoop.delay(), late: supervision.isLate },
    };
  };
  const app = await buildServer({
    door: people.door,
    refusals: people.refusals,
    requestsPerMinute: configuration.server.requestsPerMinute,
    monotonic_ms: () => clock.monotonic(),
    hub,
    log,
    consoleDirectory: options.consoleDirectory,
    handlers: {
      ...people.handlers,
      ...history.handlers,
      ...createHandlers({
        version,
        grid: parsedGrid.file,
        health,
        watchdogAsked: () => supervision.watchdogAsked(),
        figures: () => ({
          gateway: gatewayFigures,
          control: {
            loop: eventLoop.delay(),
            sessions: people.door.sessions.count,
            streams: hub.count,
            refusals: people.refusals.counts,
            commandEnds: watch.ends,
            journal: watch.latency,
            audit: {
              head: watch.durableUpTo,
              behind_ms: watch.behind_ms,
              commit_ms: journal.commit_ms,
              token: journal.token,
              lease_ms: journal.authority.left_ms,
            },
          },
        }),
        snapshot: (user) => snapshotOf(0, user),
        checkCommand: (check) => commandCheckView(engine, state, check, clock.monotonic()),
        request: (actor, body) => cycle.request(actor, body),
        simulation:
          options.simulation === null
            ? null
            : new SimulationClient(options.simulation.url, options.simulation.token),
      }),
    },
  });
  const stopHeartbeat = startHeartbeat({
    clock,
    askForTurn: () => {
      supervision.tick();
      cycle.receive({ kind: 'deadline' });
    },
    lastTurn_ms: () => cycle.lastTurn_ms,
    send: (beat) => hub.tellAll(beat),
  });
  const stop = async (): Promise<void> => {
    stopHeartbeat();
    eventLoop.stop();
    forecast?.stop();
    people.stop();
    await cycle.finish(); // What was told at the end still reaches the journal.
    cycle.stop();
    hub.close();
    await app.close();
    people.close();
    // It is no evidence: nobody else waits for it.
    const historyEnds = history.stop();
    await gateway.stop();
    await journal.close();
    await historyEnds;
  };
  const { host, port } = options.configuration.server;
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await stop();
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new StartError('RL-010', `port ${port} on ${host} is in use`);
    }
    throw cause;
  }
  const actual = (app.server.address() as AddressInfo).port;
  const { door } = people;
  const { origin, trustedProxies } = configuration.server;
  door.opensAt(
    origin === null || door.profile === 'demo'
      ? loopbackFront(host, actual)
      : proxiedFront(origin, trustedProxies, host),
  );
  const token = door.demoToken ?? '';
  const url = token === '' ? door.front.origin : `${door.front.origin}/?token=${token}`;
  const anyAddress = host === '0.0.0.0' || host === '::';
  const { origin: local } = loopbackFront(anyAddress ? '127.0.0.1' : host, actual);
  return { url, token, local, pages: door.front.pages, stop };
}
