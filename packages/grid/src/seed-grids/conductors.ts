/** Usual 22 kV conductors with published design values: ampacity and series impedance per km. */
export interface Conductor {
  readonly rated_A: number;
  readonly r_ohm_per_km: number;
  readonly x_ohm_per_km: number;
  readonly construction: 'overhead' | 'cable';
}

export const CONDUCTORS = {
  'AC-50': overhead(210, 0.6, 0.4),
  'AC-70': overhead(265, 0.42, 0.385),
  'AC-95': overhead(330, 0.31, 0.375),
  'AC-120': overhead(380, 0.25, 0.365),
  'AC-150': overhead(445, 0.2, 0.355),
  'AC-185': overhead(510, 0.16, 0.345),
  'AC-240': overhead(605, 0.12, 0.335),
  /** Copper, XLPE, three single cores of 240 mm². */
  'Cu-3x240': { rated_A: 430, r_ohm_per_km: 0.098, x_ohm_per_km: 0.11, construction: 'cable' },
  /** The same with 400 mm²: station exits of the strongest feeders. */
  'Cu-3x400': { rated_A: 540, r_ohm_per_km: 0.062, x_ohm_per_km: 0.102, construction: 'cable' },
} as const satisfies Record<string, Conductor>;
export type ConductorName = keyof typeof CONDUCTORS;

function overhead(rated_A: number, r_ohm_per_km: number, x_ohm_per_km: number): Conductor {
  return { rated_A, r_ohm_per_km, x_ohm_per_km, construction: 'overhead' };
}
