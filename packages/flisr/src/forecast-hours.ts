import type { ForecastFile, ForecastHourFile } from '@relight/contract';
import type { LoadState } from '@relight/powerflow';
import { energise, type Network, type Positions } from '@relight/topology';
import type { ForecastHour } from './plan-request.ts';

/** Hours are told to a tenth. */
const TENTH_h = 0.1;

/** A load is reckoned up to this multiple of its forecast, unless it takes more than that now. */
const LARGEST_BIAS = 2;

/** What is known of the moment a forecast is told from. */
export interface BeforeFault {
  /** Which loads a feeder supplies. */
  readonly positions: Positions;
  readonly loads: LoadState;
}

/**
 * The hours of a forecast that count for a repair, as seen from a moment.
 * @param from_h - hours from `madeAt` to now; of one without a date nothing else than 0.
 * @param repair_h - hours until the repair is done; the first hour that reaches it counts too.
 * @returns null where the forecast does not tell of now.
 */
export function forecastHours(
  network: Network,
  before: BeforeFault,
  { hours, step_h }: ForecastFile,
  from_h: number,
  repair_h: number,
): readonly ForecastHour[] | null {
  const namesFeeders = hours.some(({ feeders }) => feeders !== undefined);
  const feeders = namesFeeders ? energise(network, before.positions).nodeFeeder : null;
  const factorOf = (hour: ForecastHourFile): Float64Array => loadFactors(network, feeders, hour);
  if (step_h === undefined) {
    const inOrder = hours.toSorted((a, b) => a.ahead_h - b.ahead_h);
    const reaches = inOrder.findIndex(({ ahead_h }) => ahead_h >= repair_h);
    return inOrder
      .slice(0, reaches === -1 ? inOrder.length : reaches + 1)
      .map((hour): ForecastHour => ({
        ahead_h: hour.ahead_h,
        factor: factorOf(hour),
        ...generationOf(network, hour, null),
      }));
  }
  const now = hourAt({ hours, step_h }, from_h);
  if (now === undefined) return null;
  const [present, at] = [factorOf(now), hours.indexOf(now)];
  const until_h = ({ ahead_h }: ForecastHourFile): number =>
    Math.floor((ahead_h + step_h - from_h) / TENTH_h) / 10;
  const later = hours
    .slice(at + 1)
    .filter(({ ahead_h }, k) => k === 0 || ahead_h - from_h < repair_h);
  if (later.length === 0) {
    // Its last hour runs: it tells of nothing else than now.
    const end_h = Math.max(until_h(now), TENTH_h);
    return [{ ahead_h: end_h, until_h: end_h, factor: present.map(() => 1) }];
  }
  return later.map((hour): ForecastHour => ({
    ahead_h: Math.max(Math.round((hour.ahead_h - from_h) / TENTH_h), 1) / 10,
    until_h: until_h(hour),
    factor: factorOf(hour).map((then, load) => {
      const now_W = before.loads.activePower_W[load]!;
      const file_W = network.grid.loads[load]!.activePower;
      return changeFrom(present[load]!, then, now_W === 0 ? 1 : file_W / now_W);
    }),
    ...fromNothing(network, before.loads, present, factorOf(hour)),
    ...generationOf(network, hour, now),
  }));
}

/** The hour of a dated forecast that holds so many hours after `madeAt`; undefined: none does. */
export function hourAt(
  { hours, step_h = 0 }: Pick<ForecastFile, 'hours' | 'step_h'>,
  from_h: number,
): ForecastHourFile | undefined {
  return hours.find(({ ahead_h }) => ahead_h <= from_h && from_h < ahead_h + step_h);
}

/** By load index, the factor the hour gives: of itself, of its feeder, of all the rest. */
function loadFactors(
  { grid }: Network,
  nodeFeeder: Int32Array | null,
  { loads, feeders, factor = 1 }: ForecastHourFile,
): Float64Array {
  return Float64Array.from(grid.loads, ({ id, node }) => {
    const feeder = nodeFeeder === null ? '' : (grid.feeders[nodeFeeder[node] ?? -1]?.id ?? '');
    return own(loads, id) ?? own(feeders, feeder) ?? factor;
  });
}

/**
 * How a load changes from the hour that holds now. Its present power is its share of what its feeder
 * takes, not its own: where the forecast knows of next to nothing now, the change would be without
 * measure, and the power in the file counts.
 * @param file - power in the file over that of now.
 */
function changeFrom(now: number, then: number, file: number): number {
  if (now === 0) return then * file;
  return Math.min(then / now, Math.max(1, LARGEST_BIAS * then * file));
}

/**
 * Loads that take nothing now as the forecast says: there is nothing to change from, and the power in
 * the file counts, as with those whose measured power is their share of a feeder that takes some.
 */
function fromNothing(
  { grid }: Network,
  { activePower_W, reactivePower_var }: LoadState,
  present: Float64Array,
  then: Float64Array,
): Pick<ForecastHour, 'added'> {
  const isNothing = (at: number): boolean =>
    present[at] === 0 && then[at]! > 0 && activePower_W[at] === 0 && reactivePower_var[at] === 0;
  if (!grid.loads.some((_, at) => isNothing(at))) return {};
  const share = then.map((factor, at) => (isNothing(at) ? factor : 0));
  return {
    added: {
      activePower_W: share.map((factor, at) => factor * grid.loads[at]!.activePower),
      reactivePower_var: share.map((factor, at) => factor * grid.loads[at]!.reactivePower),
    },
  };
}

/**
 * By generator index, what is expected over what is given now; as now where nothing is said.
 * @param now - the hour of a dated forecast that holds now: the file's power stands for it, and is
 *   the most that is reckoned with.
 */
function generationOf(
  { grid }: Network,
  hour: ForecastHourFile,
  now: ForecastHourFile | null,
): Pick<ForecastHour, 'generation'> {
  if (hour.generation === undefined && hour.generators === undefined) return {};
  const told = (of: ForecastHourFile, id: string): number | undefined =>
    own(of.generators, id) ?? of.generation;
  return {
    generation: Float64Array.from(grid.generators, ({ id }) => {
      const then = told(hour, id);
      if (then === undefined) return 1;
      if (now === null) return then;
      const present = told(now, id) ?? 1;
      return present === 0 ? 1 : Math.min(then / present, 1);
    }),
  };
}

function own(record: Readonly<Record<string, number>> | undefined, id: string): number | undefined {
  return record !== undefined && Object.hasOwn(record, id) ? record[id] : undefined;
}
