import type { FeederKind } from './region-shape.ts';

/** Feeder kinds of Vietnamese 22 and 35 kV grids, after public figures on their shape. */

const OVERHEAD = { cable: false, stubs: false } as const;

export const URBAN: FeederKind = {
  ...OVERHEAD,
  name: 'urban',
  nominal_kV: 22,
  length_km: [5, 11],
  trunkShare: [0.45, 0.6],
  sections: [4, 6],
  strongLaterals: [1, 2],
  ties: 2.2,
  transformers: [35, 51],
  customers: [4_200, 6_500],
  current_A: [170, 280],
  span_m: 45,
  lateral_km: [0.15, 0.7],
  fusedShare: 0.25,
};

export const RURAL: FeederKind = {
  ...OVERHEAD,
  name: 'rural',
  nominal_kV: 22,
  length_km: [30, 58],
  trunkShare: [0.3, 0.42],
  sections: [4, 6],
  strongLaterals: [1, 2],
  ties: 0.8,
  transformers: [34, 54],
  customers: [3_500, 5_600],
  current_A: [120, 190],
  span_m: 110,
  lateral_km: [0.6, 3.5],
  fusedShare: 0.45,
};

export const INDUSTRIAL: FeederKind = {
  ...OVERHEAD,
  name: 'industrial',
  nominal_kV: 22,
  length_km: [4, 9],
  trunkShare: [0.5, 0.7],
  sections: [4, 5],
  strongLaterals: [1, 2],
  ties: 2,
  transformers: [16, 30],
  customers: [60, 500],
  current_A: [240, 380],
  span_m: 60,
  lateral_km: [0.1, 0.5],
  fusedShare: 0.1,
};

/** Long lines at 35 kV, isolated neutral. */
export const MOUNTAIN: FeederKind = {
  ...OVERHEAD,
  name: 'mountain',
  nominal_kV: 35,
  length_km: [45, 95],
  trunkShare: [0.35, 0.5],
  sections: [4, 6],
  strongLaterals: [1, 2],
  ties: 0.5,
  transformers: [45, 80],
  customers: [3_000, 5_500],
  current_A: [80, 170],
  span_m: 150,
  lateral_km: [1, 5],
  fusedShare: 0.5,
};

/** Cable rings with ring main units; the transformers of a street on short cables. */
export const CABLE: FeederKind = {
  name: 'cable',
  nominal_kV: 22,
  length_km: [3.4, 6.6],
  trunkShare: [0.5, 0.65],
  sections: [4, 4],
  strongLaterals: [1, 2],
  ties: 2.5,
  transformers: [25, 38],
  customers: [2_200, 3_700],
  current_A: [150, 270],
  span_m: 26,
  lateral_km: [0.1, 0.4],
  fusedShare: 0,
  cable: true,
  stubs: true,
};
