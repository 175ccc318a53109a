import { INDUSTRIAL, RURAL, URBAN } from '../feeder-kinds.ts';
import type { RegionShape } from '../region-shape.ts';

/** Fifteen unmanned stations between the coast at Quy Nhơn and the hills of Vĩnh Thạnh. */
export const BINH_DINH: RegionShape = {
  id: 'binh-dinh',
  name: 'Tỉnh Bình Định (mẫu)',
  figures:
    '15 stations of 110 kV, 112 feeders of about 27 km (3,034 km), 4,617 distribution transformers, 475,000 to 500,000 customers, 120–280 A at peak',
  stations: [
    { name: 'Quy Nhơn', lon: 109.219, lat: 13.772, weights: { urban: 9 } },
    { name: 'Quy Nhơn 2', lon: 109.196, lat: 13.748, weights: { urban: 9 } },
    { name: 'Phú Tài', lon: 109.143, lat: 13.798, weights: { urban: 5, industrial: 4 } },
    { name: 'Nhơn Hội', lon: 109.262, lat: 13.842, weights: { urban: 2, industrial: 4 } },
    { name: 'Long Mỹ', lon: 109.112, lat: 13.741, weights: { urban: 2, rural: 2, industrial: 3 } },
    { name: 'Tuy Phước', lon: 109.166, lat: 13.829, weights: { urban: 4, rural: 4 } },
    { name: 'An Nhơn', lon: 109.112, lat: 13.887, weights: { urban: 4, rural: 4 } },
    { name: 'Nhơn Hòa', lon: 109.081, lat: 13.862, weights: { rural: 4, industrial: 2 } },
    { name: 'Phù Cát', lon: 109.057, lat: 14.003, weights: { urban: 1, rural: 6 } },
    { name: 'Tây Sơn', lon: 108.906, lat: 13.912, weights: { urban: 1, rural: 6 } },
    { name: 'Vĩnh Thạnh', lon: 108.779, lat: 14.103, weights: { rural: 5 } },
    { name: 'Phù Mỹ', lon: 109.053, lat: 14.178, weights: { urban: 1, rural: 6 } },
    { name: 'Hoài Ân', lon: 108.974, lat: 14.366, weights: { rural: 5 } },
    { name: 'Bồng Sơn', lon: 109.013, lat: 14.434, weights: { urban: 3, rural: 5 } },
    { name: 'Tam Quan', lon: 109.046, lat: 14.561, weights: { urban: 2, rural: 5 } },
  ],
  feeders: [
    { kind: URBAN, count: 44 },
    { kind: RURAL, count: 59 },
    { kind: INDUSTRIAL, count: 9 },
  ],
  switchingStations: 0,
  remoteShare: 0.92,
  automaticShare: 0.5,
};
