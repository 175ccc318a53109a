/**
 * What a planner knows of a region before a single pole stands: which stations, how many feeders
 * of which kind. `generateRegion` draws everything else from the seed.
 */
export interface RegionShape {
  readonly id: string;
  readonly name: string;
  /** Public figures the shape reproduces; goes into the file's provenance. */
  readonly figures: string;
  readonly stations: readonly StationSite[];
  /** Feeder kinds with how many of each the whole region has. */
  readonly feeders: readonly FeederQuota[];
  /** Busbars without a transformer, fed by a feeder of their own; two feeders leave each. */
  readonly switchingStations: number;
  /** Share of the switches on trunks and of the ties that are remote. */
  readonly remoteShare: number;
  /** Share of the feeders in automatic mode; the others are advisory. */
  readonly automaticShare: number;
}

export interface StationSite {
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  /** Where feeders of a kind go: the share of its quota a station gets grows with this weight. */
  readonly weights: Readonly<Partial<Record<FeederKindName, number>>>;
}

export type FeederKindName = 'urban' | 'rural' | 'mountain' | 'industrial' | 'cable';

export interface FeederQuota {
  readonly kind: FeederKind;
  readonly count: number;
}

/** Lowest and highest value of an even draw. */
export type Range = readonly [number, number];

/** One kind of feeder. Figures are per feeder. */
export interface FeederKind {
  readonly name: FeederKindName;
  readonly nominal_kV: 22 | 35;
  /** Trunk and laterals together. */
  readonly length_km: Range;
  /** Part of the length that is trunk. */
  readonly trunkShare: Range;
  /** Sections of the trunk: overhead, between its switches; cable, between ring main units. */
  readonly sections: Range;
  /** Laterals of trunk strength behind a switch of their own, where ties may end. */
  readonly strongLaterals: Range;
  /** Mean number of ties a feeder has to others. */
  readonly ties: number;
  readonly transformers: Range;
  readonly customers: Range;
  /** Current of all loads together at the head. */
  readonly current_A: Range;
  /** Distance of two nodes along a line: some poles, or cable joints. */
  readonly span_m: number;
  /** Length of one lateral. */
  readonly lateral_km: Range;
  /** Share of the ordinary laterals behind a fuse. */
  readonly fusedShare: number;
  /** Ring main units on cable instead of poles. */
  readonly cable: boolean;
  /** Transformers stand off the line, on a short cable of their own. */
  readonly stubs: boolean;
}
