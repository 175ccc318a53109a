import type { GridFile } from '@relight/contract';

type Mutable<List> = List extends readonly (infer Item)[] ? Item[] : never;
type Filled<Key extends keyof GridFile> = Mutable<NonNullable<GridFile[Key]>>;

/** A grid file under construction: every list present. */
export interface GridDraft {
  readonly substations: Filled<'substations'>;
  readonly nodes: Filled<'nodes'>;
  readonly sources: Filled<'sources'>;
  readonly transformers: Filled<'transformers'>;
  readonly lines: Filled<'lines'>;
  readonly switches: Filled<'switches'>;
  readonly faultIndicators: Filled<'faultIndicators'>;
  readonly groundDisconnectors: Filled<'groundDisconnectors'>;
  readonly loads: Filled<'loads'>;
  readonly feeders: Filled<'feeders'>;
}

export function emptyDraft(): GridDraft {
  return {
    substations: [],
    nodes: [],
    sources: [],
    transformers: [],
    lines: [],
    switches: [],
    faultIndicators: [],
    groundDisconnectors: [],
    loads: [],
    feeders: [],
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
