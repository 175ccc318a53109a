import type { Clock } from '@relight/foundation';
import { isDatedAnew, within } from '@relight/gateway';
import type { Dial, OpcUaRtu, Point, PointReading } from '@relight/gateway';
import type { ClientSession, ClientSubscription, OPCUAClient } from 'node-opcua-client';
import { dialedTransport } from './dialed-transport.ts';
import { certificateManager, forgetTrust, loadOpcUa } from './opcua-library.ts';
import type { OpcUaLibrary } from './opcua-library.ts';
import { readingOf, refusedItems } from './reading.ts';
import type { Misread } from './reading.ts';
import { listenToClock } from './server-clock.ts';
import { leavesOpen } from './status-code.ts';

/** The server sends what changed this often, ms … */
const PUBLISHING_ms = 100;
/** … and a keep-alive after this many periods without a change. */
const KEEP_ALIVE_COUNT = 8;
/** No notification and no keep-alive for this long: the server does not live, ms. */
const SILENCE_ms = 2_000;
/** Asked for at each new session; old ones of a broken link go soon, so that servers have room. */
const SESSION_ms = 10_000;
/** Nodes in one request. */
const GROUP = 500;
/** How often it is looked whether the server still lives, ms. */
const WATCH_ms = 250;
/** 0: the server reports a change when it happens instead of sampling. */
const SAMPLING_ms = 0;
/** Values a server keeps for a status between two notifications, so that no change is lost. */
const STATUS_QUEUE = 20;

/** What became of a method call. */
export type CallOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may or may not have been carried out. */
  | { readonly kind: 'open'; readonly reason: string };

/** Which changes of a point the server is to send, and how many it keeps. */
type Monitoring = 'datedAnew' | 'status' | 'analog';

function monitoring(point: Point): Monitoring {
  if (isDatedAnew(point.signal)) return 'datedAnew';
  return point.kind === 'analog' ? 'analog' : 'status';
}

/** What a connection reports while it is in use. */
export interface ConnectionListener {
  spontaneous(readings: readonly PointReading[]): void;
  alive(): void;
  /** What the server's own clock shows, ms since 1970 UTC; null: it has none. */
  clock(time_ms: number | null): void;
}

/**
 * One client, session and subscription to one OPC UA server, used until something goes wrong and
 * then thrown away as a whole. node-opcua could repair a connection by itself, but then it
 * - repeats requests that were under way, which a switching order must never be;
 * - asks for the server's revised sampling interval instead of ours, so that a server that
 *   reported changes is polled ever after (2.186.4);
 * - notices a frozen server only after its session times out.
 */
export class OpcUaConnection {
  readonly #opcua: OpcUaLibrary;
  readonly #client: OPCUAClient;
  readonly #session: ClientSession;
  readonly #clock: Clock;
  readonly #rtu: OpcUaRtu;
  readonly #points: readonly Point[];
  #ended: string | null = null;
  #tellEnd = (_reason: string): void => {};
  readonly end: Promise<string>;
  #heardAt: number;
  #stopWatch = (): void => {};
  #gathered: PointReading[] = [];
  /** Told, in words, of each answer that cannot be right. */
  misread: Misread = () => {};

  private constructor(
    opcua: OpcUaLibrary,
    client: OPCUAClient,
    session: ClientSession,
    rtu: OpcUaRtu,
    points: readonly Point[],
    clock: Clock,
  ) {
    this.#opcua = opcua;
    this.#client = client;
    this.#session = session;
    this.#rtu = rtu;
    this.#points = points;
    this.#clock = clock;
    this.#heardAt = clock.monotonic();
    this.end = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    client.on('connection_lost', () => this.#finish('the connection was lost'));
    client.on('close', () => this.#finish('the connection was closed'));
    session.on('session_closed', () => this.#finish('the server closed the session'));
  }

  /** Connects and opens a session. @throws With the reason, after a bounded time. */
  static async open(
    rtu: OpcUaRtu,
    points: readonly Point[],
    clock: Clock,
    access: {
      readonly pkiFolder: string;
      readonly password: string | undefined;
      readonly dial: Dial | undefined;
    },
  ): Promise<OpcUaConnection> {
    const opcua = await loadOpcUa();
    const { pkiFolder, password, dial } = access;
    if (rtu.user !== null && password === undefined) {
      throw new Error(`no password for user ${rtu.user}`);
    }
    const client = opcua.OPCUAClient.create({
      applicationName: 'Relight gateway',
      clientName: `Relight gateway to ${rtu.id}`,
      clientCertificateManager: await certificateManager(pkiFolder),
      securityMode: opcua.MessageSecurityMode[rtu.security.mode],
      securityPolicy: opcua.SecurityPolicy[rtu.security.policy],
      // Servers announce themselves by host name; we come by the address of the point list.
      endpointMustExist: false,
      connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
      requestedSessionTimeout: SESSION_ms,
      keepSessionAlive: false,
      keepPendingSessionsOnDisconnect: true,
      // It also ends an idle socket; whether the server lives is for our own watch to say.
      transportTimeout: 5 * SILENCE_ms,
      defaultTransactionTimeout: 5 * rtu.timeout_ms,
      ...(dial === undefined
        ? {}
        : { transportFactory: await dialedTransport(dial, rtu.endpoint, 5 * rtu.timeout_ms) }),
    });
    try {
      const limit_ms = 5 * rtu.timeout_ms;
      await inTime(clock, limit_ms, 'connecting', client.connect(rtu.endpoint));
      const login =
        rtu.user === null || password === undefined
          ? client.createSession()
          : client.createSession({
              type: opcua.UserTokenType.UserName,
              userName: rtu.user,
              password,
            });
      const session = await inTime(clock, limit_ms, 'the session', login);
      return new OpcUaConnection(opcua, client, session, rtu, points, clock);
    } catch (error) {
      if (rtu.security.mode !== 'None') forgetTrust(pkiFolder);
      void within(clock, rtu.timeout_ms, client.disconnect()).catch(() => {});
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#ended === null;
  }

  /** Subscribes to every point and watches that the server lives. @throws With the reason. */
  async subscribe(listener: ConnectionListener): Promise<void> {
    const limit_ms = 5 * this.#rtu.timeout_ms;
    const subscription = await inTime(
      this.#clock,
      limit_ms,
      'the subscription',
      this.#session.createSubscription2({
        requestedPublishingInterval: PUBLISHING_ms,
        requestedMaxKeepAliveCount: KEEP_ALIVE_COUNT,
        requestedLifetimeCount: 10 * KEEP_ALIVE_COUNT,
        maxNotificationsPerPublish: 0,
        publishingEnabled: true,
        priority: 100,
      }),
    );
    const heard = (): void => {
      this.#heardAt = this.#clock.monotonic();
      listener.alive();
    };
    subscription.on('keepalive', heard);
    subscription.on('received_notifications', heard);
    subscription.on('terminated', () => this.#finish('the subscription ended'));
    subscription.on('status_changed', () => this.#finish('the server ended the subscription'));
    subscription.on('internal_error', (error) => this.#finish(error.message));
    this.#heardAt = this.#clock.monotonic();
    for (const how of ['datedAnew', 'status', 'analog'] as const) {
      for (const group of slices(this.#points.filter((point) => monitoring(point) === how))) {
        const monitored = this.#monitor(subscription, group, how, listener);
        await inTime(this.#clock, limit_ms, 'the monitored items', monitored);
      }
    }
    const clock = listenToClock(this.#opcua, subscription, (time_ms) => {
      if (this.#ended === null) listener.clock(time_ms);
    });
    await inTime(this.#clock, limit_ms, "the server's clock", clock);
    this.#watch();
  }

  /** Reads the points now. @throws With the reason if the server does not answer. */
  async read(points: readonly Point[]): Promise<readonly PointReading[]> {
    const readings: PointReading[] = [];
    for (const group of slices(points)) {
      const nodes = group.map(({ nodeId }) => ({
        nodeId: nodeId ?? '',
        attributeId: this.#opcua.AttributeIds.Value,
      }));
      const answer = this.#session.read(nodes);
      const values = await inTime(this.#clock, 2 * this.#rtu.timeout_ms, 'reading', answer);
      for (const [index, point] of group.entries()) {
        const value = values[index];
        if (value !== undefined) readings.push(readingOf(point, value, this.misread));
        else this.misread(`point ${point.id}: ${point.nodeId} is missing in the answer`);
      }
    }
    return readings;
  }

  /**
   * Calls a method once. A call without a clear answer ends the connection, so that nothing
   * underneath can send it again.
   */
  async call(object: string, method: string, numbers: readonly number[]): Promise<CallOutcome> {
    if (!this.isOpen) return { kind: 'refused', reason: 'the connection is closed' };
    const [controlNumber = 0, operation] = numbers;
    const { UInt16, UInt32 } = this.#opcua.DataType;
    const called = this.#session.call({
      objectId: object,
      methodId: method,
      inputArguments: [
        { dataType: UInt32, value: controlNumber },
        ...(operation === undefined ? [] : [{ dataType: UInt16, value: operation }]),
      ],
    });
    const ended = this.end.then((reason): CallOutcome => ({ kind: 'open', reason }));
    const answered = called.then(
      ({ statusCode }): CallOutcome => {
        if (statusCode.isGoodish()) return { kind: 'done' };
        const kind = leavesOpen(statusCode.value) ? 'open' : 'refused';
        return { kind, reason: statusCode.name };
      },
      (error: unknown): CallOutcome => {
        return { kind: isServiceFault(error) ? 'refused' : 'open', reason: messageOf(error) };
      },
    );
    const race = Promise.race([answered, ended]);
    const outcome = await within(this.#clock, this.#rtu.timeout_ms, race);
    const settled: CallOutcome = outcome.late
      ? { kind: 'open', reason: `no answer within ${this.#rtu.timeout_ms} ms` }
      : outcome.value;
    if (settled.kind === 'open') this.#finish(settled.reason);
    return settled;
  }

  /**
   * Ends the connection, within twice the time-out.
   * @param politely - Wait for the server to close the session; not for a peer that is gone.
   */
  async close(politely: boolean): Promise<void> {
    this.#finish('closed');
    const { timeout_ms } = this.#rtu;
    // Asked for in any case: it ends the library's publishing, which else retries for ever.
    const closed = within(this.#clock, timeout_ms, this.#session.close(true)).catch(() => {});
    if (politely) await closed;
    await within(this.#clock, timeout_ms, this.#client.disconnect()).catch(() => {});
  }

  async #monitor(
    subscription: ClientSubscription,
    points: readonly Point[],
    how: Monitoring,
    listener: ConnectionListener,
  ): Promise<void> {
    const { AttributeIds, DataChangeFilter, DataChangeTrigger, TimestampsToReturn } = this.#opcua;
    const items = points.map(({ nodeId }) => ({
      nodeId: nodeId ?? '',
      attributeId: AttributeIds.Value,
    }));
    const group = this.#opcua.ClientMonitoredItemGroup.create(
      subscription,
      items,
      {
        samplingInterval: SAMPLING_ms,
        queueSize: how === 'analog' ? 1 : STATUS_QUEUE,
        discardOldest: true,
        ...(how === 'datedAnew'
          ? { filter: new DataChangeFilter({ trigger: DataChangeTrigger.StatusValueTimestamp }) }
          : {}),
      },
      TimestampsToReturn.Both,
    );
    // Listening comes first: the first values may arrive together with the confirmation.
    group.on('changed', (_item, value, index) => {
      const point = points[index];
      if (point !== undefined) this.#gather(readingOf(point, value, this.misread), listener);
    });
    await new Promise<void>((resolve, reject) => {
      group.on('initialized', () => resolve());
      group.on('err', (message) => reject(new Error(message)));
    });
    for (const refused of refusedItems(group, points, this.misread)) {
      this.#gather(refused, listener);
    }
  }

  /** One event for all values of one notification; the library hands them over one by one. */
  #gather(one: PointReading, listener: ConnectionListener): void {
    this.#gathered.push(one);
    if (this.#gathered.length > 1) return;
    queueMicrotask(() => {
      const readings = this.#gathered;
      this.#gathered = [];
      if (this.#ended === null) listener.spontaneous(readings);
    });
  }

  #watch(): void {
    const look = (): void => {
      const silent_ms = this.#clock.monotonic() - this.#heardAt;
      if (silent_ms > SILENCE_ms) this.#finish(`no sign of life for ${Math.round(silent_ms)} ms`);
      if (this.#ended === null) book();
    };
    const book = (): void => {
      const due = this.#clock.monotonic() + WATCH_ms;
      this.#stopWatch = this.#clock.at(due as ReturnType<Clock['monotonic']>, look);
    };
    if (this.#ended === null) book();
  }

  #finish(reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#stopWatch();
    this.#tellEnd(reason);
  }
}

async function inTime<Value>(
  clock: Clock,
  limit_ms: number,
  what: string,
  promise: Promise<Value>,
): Promise<Value> {
  const outcome = await within(clock, limit_ms, promise);
  if (outcome.late) throw new Error(`${what} took longer than ${limit_ms} ms`);
  return outcome.value;
}

function* slices(points: readonly Point[]): Generator<readonly Point[]> {
  for (let from = 0; from < points.length; from += GROUP) yield points.slice(from, from + GROUP);
}

/** The server answered, and refused the whole request. */
function isServiceFault(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'response' in error && !!error.response;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
