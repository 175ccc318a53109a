import type { GridFile } from '@relight/contract';
import { buildModel } from '../build-model.ts';
import { ColumnsWriter } from '../columns/write-columns.ts';
import { generateRegion, generateRegions } from './generate-region.ts';
import { BINH_DINH } from './regions/binh-dinh.ts';
import { COUNTRY, countryRegions } from './regions/country.ts';
import { HO_CHI_MINH } from './regions/ho-chi-minh.ts';
import { HUNG_YEN } from './regions/hung-yen.ts';
import { THAI_NGUYEN } from './regions/thai-nguyen.ts';
import type { RegionShape } from './region-shape.ts';

/** Counts up with every change that makes the same seed give another file. */
export const REGION_GENERATOR_VERSION = 3;
/** The seed of the grids that have a name. */
export const REGION_SEED = 20_261_121;

const SHAPES: readonly RegionShape[] = [BINH_DINH, HO_CHI_MINH, HUNG_YEN, THAI_NGUYEN];

/** Names of the generated seed grids, by alphabet; `country` is for benches only. */
export const REGION_NAMES: readonly string[] = SHAPES.map((shape) => shape.id);

/** A generated seed grid; null where no region has that name. */
export function regionFile(name: string, seed: number = REGION_SEED): GridFile | null {
  const shape = SHAPES.find((each) => each.id === name);
  return shape === undefined ? null : generateRegion(shape, seed);
}

/**
 * Provinces and a city in one file, without ties between them: 2.5 million nodes and 30 million
 * customers, several GB of memory; or a part of it.
 * @param share - part of the country, above 0 up to 1.
 */
export function countryFile(seed: number = REGION_SEED, share = 1): GridFile {
  return generateRegions(COUNTRY, countryRegions(seed, share), seed);
}

/**
 * The same country as the columns of a file (`openColumns`), region by region: no more than one of
 * them is in memory as objects.
 */
export function countryColumns(seed: number = REGION_SEED, share = 1): Uint8Array {
  const regions = countryRegions(seed, share).toSorted((a, b) => (a.prefix < b.prefix ? -1 : 1));
  const writer = new ColumnsWriter(buildModel({ ...generateRegions(COUNTRY, [], seed) }));
  for (const region of regions) writer.add(buildModel(generateRegions(COUNTRY, [region], seed)));
  return writer.finish();
}
