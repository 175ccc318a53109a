export type * from './diagram.ts';
export { buildHitIndex, type Hit, type HitIndex } from './hit-index.ts';
export { kindWord, shortLabel } from './labels.ts';
export { hullOf, layoutMap, type MapLayout, type MapPlace } from './layout-map.ts';
export { layoutNetwork } from './layout-network.ts';
export { layoutStation } from './station-one-line.ts';
export type * from './one-line.ts';
export { excerptFeeder, type FeederExcerpt, type SectionEntry } from './feeder-excerpt.ts';
