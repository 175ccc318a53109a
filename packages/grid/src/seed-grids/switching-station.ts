import { RandomStream } from '@relight/foundation';
import { CABLE } from './feeder-kinds.ts';
import { placeOnMap, type GridDraft, type LocalMap } from './grid-draft.ts';
import { addRegionFeeder, type BuiltFeeder } from './region-feeder.ts';
import type { FeederKind, RegionShape } from './region-shape.ts';

/** The feeder from a 110 kV station to a switching station: short, few transformers of its own. */
export const EXPRESS: FeederKind = {
  ...CABLE,
  length_km: [1.2, 2.8],
  trunkShare: [0.9, 0.95],
  sections: [2, 2],
  strongLaterals: [0, 0],
  ties: 0,
  transformers: [4, 8],
  customers: [250, 700],
  current_A: [30, 60],
};

const FEEDERS = 2;

/**
 * A 22 kV busbar without a transformer at the end of a feeder: incomer 431, two feeders, and a
 * second place for ties, its own busbar.
 */
export function addSwitchingStation(
  draft: GridDraft,
  map: LocalMap,
  station: {
    readonly id: string;
    readonly name: string;
    readonly feeder: BuiltFeeder;
    readonly through_A: number;
    readonly dropLimit_pu: number;
    readonly shape: RegionShape;
    readonly seed: number;
  },
): readonly BuiltFeeder[] {
  const { id, name, feeder, shape, seed } = station;
  const end = feeder.tieEnds[0];
  if (end === undefined) throw new RangeError(`feeder ${feeder.key} has no end`);
  const place = placeOnMap(map, end.x, end.y);
  const bus = `${id}.C41`;
  draft.substations.push({
    id,
    name: `Trạm cắt ${name} ${id}`,
    nominalVoltage_kV: 22,
    unmanned: true,
    ...place,
  });
  draft.nodes.push({ id: bus, nominalVoltage_kV: 22, substation: id, busbar: true, ...place });
  draft.switches.push({
    id: `${id}.431`,
    name: `Máy cắt 431 ${id}`,
    kind: 'breaker',
    from: end.node,
    to: bus,
    remote: true,
    rated_A: 1250,
    pickup_A: 620,
    protects: true,
  });
  const feeders = Array.from({ length: FEEDERS }, (_, k) => {
    const number = 471 + k;
    const random = new RandomStream(seed, `${shape.id}/${id}.${number}`);
    return addRegionFeeder(
      draft,
      map,
      {
        owner: id,
        number,
        busNode: bus,
        kind: CABLE,
        area: name,
        at: [end.x, end.y],
        heading: k === 0 ? [0.8, 0.6] : [-0.6, 0.8],
        mode: random.next() < shape.automaticShare ? 'automatic' : 'advisory',
        current_A: station.through_A / FEEDERS,
        through_A: 0,
        dropLimit_pu: station.dropLimit_pu,
        remoteShare: shape.remoteShare,
      },
      random,
    );
  });
  // The busbar's own reserve: a normally open switch from the feeder's end to a neighbour.
  return [{ ...feeder, wantedTies: 1 }, ...feeders];
}
