import type { GridFile } from '@relight/contract';

type Mutable<List> = List extends readonly (infer Item)[] ? Item[] : never;
type Filled<Key extends keyof GridFile> = Mutable<NonNullable<GridFile[Key]>>;

/** A grid file under construction: every list present. */
export interface GridDraft {
  readonly nodes: Filled<'nodes'>;
  readonly lines: Filled<'lines'>;
  readonly switches: Filled<'switches'>;
  readonly loads: Filled<'loads'>;
  readonly faultIndicators: Filled<'faultIndicators'>;
  readonly groundDisconnectors: Filled<'groundDisconnectors'>;
  readonly feeders: Filled<'feeders'>;
  readonly sources: Filled<'sources'>;
  readonly transformers: Filled<'transformers'>;
  readonly substations: Filled<'substations'>;
}

/** Lists in the order in which they stand in the file. */
export function emptyDraft(): GridDraft {
  return {
    nodes: [],
    lines: [],
    switches: [],
    loads: [],
    faultIndicators: [],
    groundDisconnectors: [],
    feeders: [],
    sources: [],
    transformers: [],
    substations: [],
  };
}

/** A flat map around a point: km east and north of it against degrees. */
export interface LocalMap {
  readonly lon: number;
  readonly lat: number;
  readonly lonPerKm: number;
  readonly latPerKm: number;
}

export function placeOnMap(
  map: LocalMap,
  x_km: number,
  y_km: number,
): { lon: number; lat: number } {
  return {
    lon: Math.round((map.lon + x_km * map.lonPerKm) * 1e5) / 1e5,
    lat: Math.round((map.lat + y_km * map.latPerKm) * 1e5) / 1e5,
  };
}
