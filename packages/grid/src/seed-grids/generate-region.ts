import type { GridFile } from '@relight/contract';
import { cosine, RandomStream } from '@relight/foundation';
import { draw } from './feeder-tree.ts';
import { emptyDraft, type GridDraft, type LocalMap } from './grid-draft.ts';
import { addRegionFeeder, type BuiltFeeder } from './region-feeder.ts';
import type { FeederKind, RegionShape } from './region-shape.ts';
import { addRegionStation, busbarId, busbarsFor, type Board } from './region-station.ts';
import { addRegionTies } from './region-ties.ts';
import { shareOut } from './share-out.ts';
import { addSwitchingStation, EXPRESS } from './switching-station.ts';

/** Fall of voltage along a feeder at peak, at most; what a planner leaves of the band. */
const DROP_LIMIT_PU = 0.045;
const KM_PER_DEGREE = 111.2;

/**
 * A synthetic region: the same file for the same shape and seed on every machine, everything in
 * it drawn from the seed. Legal in its normal state (ratings and voltage band, by load flow).
 * Cost: linear in its size, apart from the search for ties, which grows with feeders squared.
 */
export function generateRegion(shape: RegionShape, seed: number): GridFile {
  return generateRegions(shape, [{ shape, prefix: '' }], seed);
}

/**
 * Several regions in one file, each with its ids behind a prefix and without ties to the others.
 */
export function generateRegions(
  whole: { readonly id: string; readonly name: string; readonly figures: string },
  regions: readonly { readonly shape: RegionShape; readonly prefix: string }[],
  seed: number,
): GridFile {
  const draft = emptyDraft();
  for (const { shape, prefix } of regions) addRegion(draft, shape, prefix, seed);
  return {
    format: 'relight-grid/1',
    id: whole.id,
    name: whole.name,
    frequency_Hz: 50,
    provenance: `synthetic; generated from seed ${seed} by packages/grid/src/seed-grids/generate-region.ts. Shape after public figures: ${whole.figures}. Conductors from published design tables. Places are real, the network is not any utility’s.`,
    limits: {
      minVoltage_pu: 0.95,
      maxVoltage_pu: 1.05,
      loadingFactor: 1,
      emergencyMinVoltage_pu: 0.9,
    },
    ...draft,
  };
}

interface PlannedFeeder {
  readonly kind: FeederKind;
  readonly current_A: number;
  /** Carries a switching station. */
  readonly express: boolean;
  readonly through_A: number;
}

function addRegion(draft: GridDraft, shape: RegionShape, prefix: string, seed: number): void {
  const random = new RandomStream(seed, `${shape.id}/plan`);
  const map = mapAround(shape);
  const planned = planFeeders(shape, random);
  const built: BuiltFeeder[] = [];
  let switching = 0;
  shape.stations.forEach((site, index) => {
    const id = `${prefix}E${two(index + 1)}`;
    const at: readonly [number, number] = [
      (site.lon - map.lon) / map.lonPerKm,
      (site.lat - map.lat) / map.latPerKm,
    ];
    const boards: Board[] = [];
    const around = planned[index] ?? [];
    for (const nominal_kV of [22, 35] as const) {
      const here = around.filter((feeder) => feeder.kind.nominal_kV === nominal_kV);
      if (here.length === 0) continue;
      const wished_MVA = here.reduce(
        (sum, feeder) => sum + mva(nominal_kV, feeder.current_A + feeder.through_A),
        0,
      );
      const load_MVA = Array.from({ length: busbarsFor(here.length, wished_MVA) }, () => 0);
      here.forEach((feeder, k) => {
        const bus = leastLoaded(load_MVA, k);
        const number = (nominal_kV === 22 ? 471 : 371) + k;
        const stream = new RandomStream(seed, `${shape.id}/${id}.${number}`);
        const made = addRegionFeeder(
          draft,
          map,
          {
            owner: id,
            number,
            busNode: busbarId(id, nominal_kV, bus),
            kind: feeder.kind,
            area: site.name,
            at,
            heading: headingOf(k / here.length, stream),
            mode: random.next() < shape.automaticShare ? 'automatic' : 'advisory',
            current_A: feeder.current_A,
            through_A: feeder.through_A,
            dropLimit_pu: feeder.express ? DROP_LIMIT_PU / 3 : DROP_LIMIT_PU,
            remoteShare: shape.remoteShare,
          },
          stream,
        );
        load_MVA[bus]! += mva(nominal_kV, made.current_A);
        if (!feeder.express) {
          built.push(made);
          return;
        }
        switching++;
        built.push(
          ...addSwitchingStation(draft, map, {
            id: `${prefix}TC${two(switching)}`,
            name: site.name,
            feeder: made,
            through_A: feeder.through_A,
            dropLimit_pu: DROP_LIMIT_PU - made.drop_pu,
            shape,
            seed,
          }),
        );
      });
      boards.push({ nominal_kV, load_MVA });
    }
    addRegionStation(draft, map, { id, name: site.name, at, boards });
  });
  addRegionTies(draft, map, built, shape.remoteShare, random);
}

/** Feeders of each station, in the order of the stations. */
function planFeeders(shape: RegionShape, random: RandomStream): readonly PlannedFeeder[][] {
  const planned: PlannedFeeder[][] = shape.stations.map(() => []);
  let hosts = shape.switchingStations;
  for (const { kind, count } of shape.feeders) {
    const weights = shape.stations.map((site) => site.weights[kind.name] ?? 0);
    const withHosts = kind.cable ? hosts : 0;
    // A switching station takes three feeders of the quota: the one it hangs on and two of its own.
    const shares = shareOut(count - 3 * withHosts, weights, random);
    const expressShares = shareOut(withHosts, weights, random);
    if (kind.cable) hosts = 0;
    planned.forEach((feeders, at) => {
      for (let k = 0; k < (shares[at] ?? 0); k++) {
        feeders.push({
          kind,
          current_A: draw(kind.current_A, random),
          express: false,
          through_A: 0,
        });
      }
      for (let k = 0; k < (expressShares[at] ?? 0); k++) {
        feeders.push({
          kind: EXPRESS,
          current_A: draw(EXPRESS.current_A, random),
          express: true,
          through_A: random.between(190, 250),
        });
      }
    });
  }
  // Kinds mixed around the station, not town on one side and country on the other.
  for (const feeders of planned) {
    for (let last = feeders.length - 1; last > 0; last--) {
      const other = random.integer(0, last);
      [feeders[last], feeders[other]] = [feeders[other]!, feeders[last]!];
    }
  }
  return planned;
}

function leastLoaded(load_MVA: readonly number[], turn: number): number {
  let least = turn % load_MVA.length;
  load_MVA.forEach((load, bus) => {
    if (load < load_MVA[least]! - 5) least = bus;
  });
  return least;
}

/** Directions around a square, so that no sine is needed and the feeders still spread evenly. */
function headingOf(turn: number, random: RandomStream): readonly [number, number] {
  const way = ((turn + random.between(-0.03, 0.03) + 1) % 1) * 8;
  const side = Math.floor(way / 2);
  const along = (way % 2) - 1;
  const [x, y] = [
    [1, along],
    [-along, 1],
    [-1, -along],
    [along, -1],
  ][side] as [number, number];
  const length = Math.sqrt(x * x + y * y);
  return [x / length, y / length];
}

function mapAround({ stations }: RegionShape): LocalMap {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const lat = mean(stations.map((site) => site.lat));
  return {
    lon: mean(stations.map((site) => site.lon)),
    lat,
    lonPerKm: 1 / (KM_PER_DEGREE * cosine((lat * Math.PI) / 180)),
    latPerKm: 1 / KM_PER_DEGREE,
  };
}

function mva(nominal_kV: number, current_A: number): number {
  return (Math.sqrt(3) * nominal_kV * current_A) / 1000;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
