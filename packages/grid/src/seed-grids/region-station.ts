import { placeOnMap, type GridDraft, type LocalMap } from './grid-draft.ts';

/** A medium-voltage switchboard of a station: one transformer and one busbar each. */
export interface Board {
  readonly nominal_kV: 22 | 35;
  /** Load of each busbar at its feeders' heads, MVA; one transformer each. */
  readonly load_MVA: readonly number[];
}

export interface RegionStation {
  readonly id: string;
  readonly name: string;
  readonly at: readonly [number, number];
  readonly boards: readonly Board[];
}

const SIZES_MVA = [25, 40, 63] as const;
/** Transformers are chosen so that one of a pair can take part of the other's load. */
const TRANSFORMER_LOADING = 0.66;
/** Three steps of 1.25 % below the middle: 1.04 pu at no load, about 1.02 at peak. */
const TAP_PU = 0.9625;

/** `E01.C41`: busbar `index` (from 0) of the board with that voltage. */
export function busbarId(station: string, nominal_kV: 22 | 35, index: number): string {
  return `${station}.C${nominal_kV === 22 ? 4 : 3}${index + 1}`;
}

/** Busbars that a board for so much load needs: two, unless it has a single feeder. */
export function busbarsFor(feeders: number, load_MVA: number): number {
  return Math.max(Math.min(2, feeders), Math.ceil(load_MVA / (0.62 * 63)));
}

/**
 * Two 110 kV incomers on two sections, a transformer for each medium-voltage busbar, couplers
 * normally open. Numbers after the EVN scheme: 171, 131, 431 or 331, 112, 412.
 */
export function addRegionStation(draft: GridDraft, map: LocalMap, station: RegionStation): void {
  const s = station.id;
  const place = placeOnMap(map, station.at[0], station.at[1]);
  draft.substations.push({
    id: s,
    name: `TBA 110 kV ${station.name}`,
    nominalVoltage_kV: 110,
    unmanned: true,
    ...place,
  });
  const node = (id: string, nominalVoltage_kV: number, busbar = false): string => {
    draft.nodes.push({ id, nominalVoltage_kV, substation: s, busbar, ...place });
    return id;
  };
  const breaker = (number: string, from: string, to: string, ratings: Ratings): void => {
    draft.switches.push({
      id: `${s}.${number}`,
      name: `Máy cắt ${number} ${s}`,
      kind: 'breaker',
      from,
      to,
      remote: true,
      protects: true,
      ...ratings,
    });
  };
  const high = [node(`${s}.C11`, 110, true), node(`${s}.C12`, 110, true)] as const;
  high.forEach((bus, k) => {
    const line = node(`${s}.L17${k + 1}`, 110);
    draft.sources.push({
      id: `${s}.E17${k + 1}`,
      node: line,
      voltage_pu: 1,
      max_MVA: 250,
      angleGroup: `${s}-110`,
    });
    breaker(`17${k + 1}`, line, bus, { rated_A: 1600, pickup_A: 1500 });
  });
  breaker('112', high[0], high[1], {
    rated_A: 1600,
    pickup_A: 1500,
    normallyOpen: true,
    parallelAllowed: true,
  });

  let number = 0;
  for (const { nominal_kV, load_MVA } of station.boards) {
    const digit = nominal_kV === 22 ? 4 : 3;
    const needed_MVA = Math.max(...load_MVA) / TRANSFORMER_LOADING;
    const rated_MVA = SIZES_MVA.find((size) => size >= needed_MVA) ?? 63;
    const rated_A = Math.round((rated_MVA * 1000 * 1.3) / (Math.sqrt(3) * nominal_kV));
    const buses = load_MVA.map((_, k) => node(busbarId(s, nominal_kV, k), nominal_kV, true));
    buses.forEach((bus, k) => {
      number++;
      const above = node(`${s}.T${number}H`, 110);
      const below = node(`${s}.T${number}L`, nominal_kV);
      breaker(`13${number}`, high[k % 2 === 0 ? 0 : 1], above, { rated_A: 1250, pickup_A: 600 });
      draft.transformers.push({
        id: `${s}.T${number}`,
        name: `MBA T${number} ${s}`,
        from: above,
        to: below,
        rated_MVA,
        emergency_MVA: 1.2 * rated_MVA,
        shortCircuitVoltage_pct: 10.5,
        losses_kW: 4 * rated_MVA,
        noLoadLosses_kW: 0.6 * rated_MVA,
        tap_pu: TAP_PU,
      });
      breaker(`${digit}3${number}`, below, bus, { rated_A, pickup_A: rated_A });
      const next = buses[k + 1];
      if (next === undefined) return;
      breaker(`${digit}1${k + 2}`, bus, next, {
        rated_A,
        pickup_A: rated_A,
        normallyOpen: true,
        parallelAllowed: true,
      });
    });
  }
}

interface Ratings {
  readonly rated_A: number;
  readonly pickup_A: number;
  readonly normallyOpen?: boolean;
  readonly parallelAllowed?: boolean;
}
