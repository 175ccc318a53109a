import { INDUSTRIAL, MOUNTAIN, RURAL, URBAN } from '../feeder-kinds.ts';
import type { FeederKind, RegionShape } from '../region-shape.ts';

/** Flat country, villages close together: shorter feeders than elsewhere. */
const VILLAGE: FeederKind = {
  ...RURAL,
  length_km: [10, 19],
  trunkShare: [0.35, 0.5],
  ties: 1.6,
  transformers: [22, 34],
  customers: [1_500, 2_900],
  current_A: [160, 260],
  span_m: 75,
  lateral_km: [0.3, 1.5],
};

const OLD_35_KV: FeederKind = {
  ...MOUNTAIN,
  name: 'rural',
  length_km: [14, 26],
  ties: 1.2,
  transformers: [24, 40],
  customers: [1_300, 2_500],
  current_A: [120, 210],
  span_m: 90,
  lateral_km: [0.4, 2],
};

/** Industry along the road to Hải Phòng, villages south of it; 22 and 35 kV side by side. */
export const HUNG_YEN: RegionShape = {
  id: 'hung-yen',
  name: 'Tỉnh Hưng Yên (mẫu)',
  figures:
    '15 stations of 110 kV, about 162 feeders of 12 km at 22 and 35 kV, 196 devices on remote control, about 240,000 customers, 180–380 A at peak, ties only between equal voltages',
  stations: [
    { name: 'Phố Nối', lon: 106.055, lat: 20.945, weights: { industrial: 8, urban: 4 } },
    { name: 'Lạc Đạo', lon: 105.995, lat: 21.002, weights: { industrial: 5, rural: 3 } },
    { name: 'Giai Phạm', lon: 106.022, lat: 20.934, weights: { industrial: 6, rural: 2 } },
    { name: 'Minh Hải', lon: 106.041, lat: 20.982, weights: { industrial: 6, rural: 2 } },
    {
      name: 'Tân Quang',
      lon: 105.982,
      lat: 20.973,
      weights: { industrial: 5, urban: 2, rural: 2 },
    },
    { name: 'Thăng Long 2', lon: 106.071, lat: 20.912, weights: { industrial: 8 } },
    { name: 'Văn Giang', lon: 105.927, lat: 20.939, weights: { urban: 6, rural: 3 } },
    { name: 'Yên Mỹ', lon: 106.032, lat: 20.887, weights: { industrial: 3, urban: 2, rural: 5 } },
    { name: 'Khoái Châu', lon: 105.979, lat: 20.837, weights: { urban: 1, rural: 7 } },
    { name: 'Kim Động', lon: 106.059, lat: 20.742, weights: { urban: 1, rural: 6 } },
    { name: 'Ân Thi', lon: 106.089, lat: 20.812, weights: { urban: 1, rural: 6 } },
    { name: 'Phù Cừ', lon: 106.181, lat: 20.729, weights: { rural: 6 } },
    { name: 'Tiên Lữ', lon: 106.121, lat: 20.689, weights: { rural: 6 } },
    { name: 'Phố Cao', lon: 106.152, lat: 20.751, weights: { rural: 5 } },
    { name: 'Hưng Yên', lon: 106.051, lat: 20.652, weights: { urban: 9, rural: 2 } },
  ],
  feeders: [
    { kind: { ...INDUSTRIAL, length_km: [5, 11] }, count: 54 },
    { kind: { ...URBAN, customers: [2_000, 3_400] }, count: 30 },
    { kind: VILLAGE, count: 46 },
    { kind: OLD_35_KV, count: 32 },
  ],
  switchingStations: 0,
  remoteShare: 0.17,
  automaticShare: 0.2,
};
