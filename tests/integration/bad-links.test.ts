import dns from 'node:dns';
import type { Misbehaviour, PointListFile } from '@relight/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { until } from '../../packages/gateway/src/testing/until.ts';
import { FieldBehindWires } from '../kit/field-behind-wires.ts';
import { GatewayRig } from '../kit/gateway-rig.ts';
import { watchPauses } from '../kit/longest-pause.ts';

/** What is promised, ms; the rest of each limit is for a busy machine. */
const LEAVES_GOOD_ms = 3_000;
/** One poll cycle, the longest back-off, one time-out to connect and to read. */
const BACK_ms = 250 + 5_000 + 2_000;
const SLACK_ms = 3_000;
/** A machine that stood still for so long may have disturbed anybody; nothing is said then. */
const PAUSE_ms = 500;

/** An RTU and one of its points. */
interface Place {
  readonly rtu: string;
  readonly point: string;
}

const FIELD: Place = { rtu: 'RTU-S2', point: 'S2.position' };
const STATION: Place = { rtu: 'RTU-S', point: 'S.471.position' };
/** Behind the same gateway, and never in trouble. */
const BYSTANDER = 'R1.position';

/**
 * So many fields stand side by side, each with a gateway of its own: most of each test is waiting,
 * and what one waits for is no business of the others.
 */
const FIELDS = 4;
const fields: FieldBehindWires[] = [];
const free: FieldBehindWires[] = [];
const queue: ((field: FieldBehindWires) => void)[] = [];

beforeAll(async () => {
  for (let count = 0; count < FIELDS; count++) fields.push(await FieldBehindWires.start());
  free.push(...fields);
});
afterAll(async () => {
  for (const field of fields) await field.stop();
});

/** Runs with a sound field that nobody else has for the time. */
function withField<Arguments extends readonly unknown[]>(
  run: (field: FieldBehindWires, ...given: Arguments) => Promise<void>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    const field = free.pop() ?? (await new Promise<FieldBehindWires>((take) => queue.push(take)));
    try {
      await field.rig.ready();
      await run(field, ...given);
    } finally {
      const next = queue.shift();
      if (next === undefined) free.push(field);
      else next(field);
    }
  };
}

const RTU_NAME = 'rtu-471-58.example';
type LookupAllDone = (error: Error | null, addresses: dns.LookupAddress[]) => void;

interface Trouble {
  readonly name: string;
  readonly on: readonly Place[];
  readonly begin: (field: FieldBehindWires, rtu: string) => Promise<void> | void;
  /** Absent: the trouble is over as soon as it has begun. */
  readonly end?: (field: FieldBehindWires, rtu: string) => Promise<void> | void;
}

const BOTH = [FIELD, STATION];
const lasting = (name: string, on: Misbehaviour, off: Misbehaviour, where = BOTH): Trouble => ({
  name,
  on: where,
  begin: ({ misbehave }, rtu) => misbehave(rtu, on),
  end: ({ misbehave }, rtu) => misbehave(rtu, off),
});

const TROUBLES: readonly Trouble[] = [
  {
    name: 'a pulled cable',
    on: BOTH,
    begin: ({ wire }, rtu) => wire(rtu).set({ blackHole: true }),
    end: ({ wire }, rtu) => wire(rtu).set({ blackHole: false }),
  },
  { name: 'a reset', on: BOTH, begin: ({ wire }, rtu) => wire(rtu).reset() },
  { name: 'an orderly end by the peer', on: BOTH, begin: ({ wire }, rtu) => wire(rtu).end() },
  { name: 'a half-open connection', on: BOTH, begin: ({ wire }, rtu) => wire(rtu).forget() },
  {
    name: 'a peer that restarts',
    on: BOTH,
    begin: ({ misbehave }, rtu) => misbehave(rtu, { restart: { down_ms: 700 } }),
  },
  lasting('a server that hangs', { silent: true }, { silent: false }),
  lasting('a server slower than its time-out', { delay_ms: 4_000 }, { delay_ms: 0 }),
  {
    name: 'a wire that damages most of what passes',
    on: BOTH,
    // Short pieces, so that every header has its share.
    begin: ({ wire }, rtu) => wire(rtu).set({ corrupt: 0.9, slice: 32 }),
    end: ({ wire }, rtu) => wire(rtu).set({ corrupt: 0, slice: 0 }),
  },
  lasting('answers of a wrong unit', { wrongUnit: true }, { wrongUnit: false }, [FIELD]),
  lasting(
    'answers whose transaction is 256 off',
    { wrongTransaction: true },
    { wrongTransaction: false },
    [FIELD],
  ),
  ...[1, 4, 6, 11].map((code) =>
    lasting(`a storm of exceptions ${code}`, { exception: code }, { exception: 0 }, [FIELD]),
  ),
];

describe('values leave good in time, nothing hangs, and the data is back with the peer', () => {
  test.concurrent.each(TROUBLES)(
    '$name',
    withField(async (field, { on, begin, end }: Trouble) => {
      const { rig, simulation } = field;
      const before = rig.history.length;
      const longestPause_ms = watchPauses();
      await Promise.all(
        on.map(async ({ rtu, point }) => {
          const left = (): boolean =>
            rig.history.slice(before).some((one) => one.point === point && one.quality !== 'good');
          // Restarting a server takes part of the time that counts.
          const begun = begin(field, rtu);
          try {
            await until(`${point} leaves good`, LEAVES_GOOD_ms + SLACK_ms, left);
          } finally {
            // Whatever was seen: the next trouble begins on a sound wire.
            await begun;
            await end?.(field, rtu);
          }
          const own = simulation.points.points.filter((each) => each.rtu === rtu);
          await until(`all of ${rtu} is back`, BACK_ms + SLACK_ms, () => {
            return own.every(({ id }) => rig.quality(id) === 'good');
          });
          expect(rig.newest.get(point)?.value).toBe('closed');
        }),
      );
      const disturbed = rig.history
        .slice(before)
        .filter(({ point, quality }) => point === BYSTANDER && quality !== 'good');
      expect(longestPause_ms() > PAUSE_ms ? [] : disturbed).toEqual([]);
    }),
  );
});

test.concurrent(
  'a slow but living server stays good',
  withField(async ({ rig, misbehave }) => {
    const before = rig.history.length;
    const longestPause_ms = watchPauses();
    await Promise.all(BOTH.map(({ rtu }) => misbehave(rtu, { delay_ms: 150 })));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await Promise.all(BOTH.map(({ rtu }) => misbehave(rtu, { delay_ms: 0 })));
    const worse = rig.history.slice(before).filter(({ quality }) => quality !== 'good');
    expect(longestPause_ms() > PAUSE_ms ? [] : worse).toEqual([]);
  }),
);

test.concurrent(
  'a wire that hands on scraps, late, costs no value its quality, and changes still come',
  withField(async ({ rig, simulation, wire }) => {
    const before = rig.history.length;
    const longestPause_ms = watchPauses();
    const both = BOTH.map(({ rtu }) => wire(rtu));
    for (const each of both) each.set({ slice: 7, latency_ms: 40 });
    try {
      for (const [operation, wanted] of [
        ['open', 'open'],
        ['close', 'closed'],
      ] as const) {
        for (const { point } of BOTH) {
          simulation.operate(point.replace('.position', ''), operation);
          await until(
            `${point} is ${wanted}`,
            20_000,
            () => rig.newest.get(point)?.value === wanted,
          );
        }
      }
    } finally {
      for (const each of both) each.set({ slice: 0, latency_ms: 0 });
    }
    const worse = rig.history.slice(before).filter(({ quality }) => quality !== 'good');
    expect(longestPause_ms() > PAUSE_ms ? [] : worse).toEqual([]);
  }),
);

test.concurrent.each(BOTH)(
  'a frozen RTU ($rtu), whose values and clock stand still, is stale although it answers',
  withField(async ({ rig, misbehave }, { rtu, point }: Place) => {
    await misbehave(rtu, { freeze: true });
    await until('stale', LEAVES_GOOD_ms + SLACK_ms, () => rig.quality(point) === 'notTopical');
    expect(rig.links.get(rtu)?.state).toBe('up');
    // Asked for anew, a frozen picture is no better.
    rig.control.publish({ type: 'integrityPoll', requestId: rtu, rtus: [rtu] });
    await until('the poll', 20_000, () => rig.polled.includes(rtu));
    expect(rig.quality(point)).toBe('notTopical');
    await misbehave(rtu, { freeze: false });
    await until('good again', BACK_ms + SLACK_ms, () => rig.quality(point) === 'good');
  }),
);

test.concurrent.each(BOTH)(
  'a clock that is an hour ahead ($rtu) shows as skew, and so does its end',
  withField(async ({ rig, misbehave }, { rtu }: Place) => {
    const skew = (): number => rig.links.get(rtu)?.skew_ms ?? Number.NaN;
    await misbehave(rtu, { clockSkew_ms: 3_600_000 });
    await until('the skew', 30_000, () => Math.abs(skew() - 3_600_000) < 2_000);
    await misbehave(rtu, { clockSkew_ms: 0 });
    await until('its end', 30_000, () => Math.abs(skew()) < 2_000);
  }),
);

/** Outages in which the RTU itself lives on and fills its ring of events. */
interface Outage {
  readonly name: string;
  readonly set: (field: FieldBehindWires, out: boolean) => unknown;
}

const OUTAGES: readonly Outage[] = [
  {
    name: 'the cable is pulled',
    set: ({ wire }, out) => wire(FIELD.rtu).set({ blackHole: out }),
  },
  { name: 'its server hangs', set: ({ misbehave }, out) => misbehave(FIELD.rtu, { silent: out }) },
  {
    name: 'it refuses connections',
    set: ({ misbehave }, out) => misbehave(FIELD.rtu, { vanish: out }),
  },
];

test.concurrent.each(OUTAGES)(
  'every step of a switch while $name arrives once, in order, with its own time',
  withField(async (field, { set }: Outage) => {
    const { rig, simulation } = field;
    const before = rig.history.length;
    const lostBefore = rig.links.get(FIELD.rtu)?.lostEvents ?? 0;
    await set(field, true);
    await until('stale', LEAVES_GOOD_ms + SLACK_ms, () => rig.quality(FIELD.point) !== 'good');
    const started_ms = Date.now();
    for (let round = 0; round < 3; round++) {
      for (const operation of ['open', 'close'] as const) {
        simulation.operate('S2', operation);
        const wanted = operation === 'open' ? 'open' : 'closed';
        await until(`S2 is ${wanted}`, 20_000, () => simulation.position('S2') === wanted);
      }
    }
    const ended_ms = Date.now();
    await set(field, false);
    await until('back', BACK_ms + SLACK_ms, () => rig.quality(FIELD.point) === 'good');
    await until('all steps', 20_000, () => steps().length >= 12);
    expect(steps().map(({ value }) => value)).toEqual(
      Array.from({ length: 3 }, () => ['intermediate', 'open', 'intermediate', 'closed']).flat(),
    );
    const times = steps().map(({ sourceTime_ms }) => sourceTime_ms ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(started_ms - 10);
    expect(times.at(-1)).toBeLessThanOrEqual(ended_ms + 10);
    expect(rig.links.get(FIELD.rtu)?.lostEvents).toBe(lostBefore);

    function steps() {
      const own = rig.history.slice(before).filter(({ point }) => point === FIELD.point);
      // The last state before the outage is told again, as stale; the newest one once more after it.
      return own.filter(({ value, quality, sourceTime_ms }, index) => {
        const last = own[index - 1];
        const again = sourceTime_ms === last?.sourceTime_ms && value === last?.value;
        return quality === 'good' && !again && (sourceTime_ms ?? 0) >= started_ms - 10;
      });
    }
  }),
);

/** The RTU alone, found under a host name instead of an address. */
function byName(list: PointListFile, id: string): PointListFile {
  const { rtus, points } = list;
  const [rtu] = rtus.filter((each) => each.id === id);
  if (rtu === undefined) throw new Error(`no RTU ${id}`);
  const place =
    rtu.endpoint === undefined
      ? { host: RTU_NAME }
      : { endpoint: `opc.tcp://${RTU_NAME}:${rtu.endpoint.split(':').at(-1)}` };
  return {
    ...list,
    rtus: [{ ...rtu, ...place }],
    points: points.filter((each) => each.rtu === id),
  };
}

test.each(BOTH)(
  '$rtu, back at another address of its host name, is found there',
  withField(async ({ simulation, misbehave }, { rtu, point }: Place) => {
    // Alone, since it stands in for it: the name service of the site, which is told of the move.
    let address = '127.0.0.1';
    const real = dns.lookup;
    const answer = (name: string, options: dns.LookupAllOptions, done: LookupAllDone): void => {
      if (name === RTU_NAME) queueMicrotask(() => done(null, [{ address, family: 4 }]));
      else real(name, options, done);
    };
    const names = vi.spyOn(dns, 'lookup').mockImplementation(answer as typeof dns.lookup);
    const other = await GatewayRig.start(byName(simulation.points, rtu));
    try {
      const good = (): boolean => other.quality(point) === 'good';
      await until('good', 20_000, good);
      await misbehave(rtu, { host: '127.0.0.2' });
      address = '127.0.0.2';
      await until('stale', LEAVES_GOOD_ms + SLACK_ms, () => !good());
      await until('found again', BACK_ms + SLACK_ms, good);
    } finally {
      names.mockRestore();
      await misbehave(rtu, { host: '127.0.0.1' });
      await other.stop();
    }
  }),
);
