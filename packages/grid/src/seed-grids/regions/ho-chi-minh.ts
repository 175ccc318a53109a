import { CABLE, RURAL, URBAN } from '../feeder-kinds.ts';
import type { FeederKind, FeederKindName, RegionShape, StationSite } from '../region-shape.ts';

/** Overhead streets of the city: short, many transformers, many ties. */
const STREET: FeederKind = {
  ...URBAN,
  length_km: [3.6, 6.8],
  ties: 2.5,
  transformers: [25, 38],
  customers: [2_200, 3_700],
  current_A: [150, 270],
  span_m: 25,
  lateral_km: [0.08, 0.35],
  stubs: true,
};

const OUTSKIRTS: FeederKind = {
  ...RURAL,
  length_km: [6, 11],
  trunkShare: [0.4, 0.55],
  ties: 1.8,
  customers: [2_200, 3_700],
  current_A: [140, 240],
  span_m: 34,
  lateral_km: [0.3, 1.2],
};

type Quarter = readonly [
  name: string,
  lon: number,
  lat: number,
  ring: 'centre' | 'middle' | 'outer',
];

const QUARTERS: readonly Quarter[] = [
  ['Bến Thành', 106.698, 10.772, 'centre'],
  ['Tao Đàn', 106.692, 10.776, 'centre'],
  ['Sở Thú', 106.705, 10.788, 'centre'],
  ['Tân Định', 106.69, 10.79, 'centre'],
  ['Xa Lộ', 106.715, 10.797, 'centre'],
  ['Hùng Vương', 106.668, 10.758, 'centre'],
  ['Chợ Lớn', 106.655, 10.752, 'centre'],
  ['Chánh Hưng', 106.667, 10.742, 'centre'],
  ['Khánh Hội', 106.704, 10.758, 'centre'],
  ['Hòa Hưng', 106.675, 10.779, 'centre'],
  ['Phú Nhuận', 106.679, 10.799, 'centre'],
  ['Bà Chiểu', 106.695, 10.804, 'centre'],
  ['Thị Nghè', 106.709, 10.793, 'centre'],
  ['Trường Đua', 106.656, 10.767, 'centre'],
  ['Đầm Sen', 106.64, 10.765, 'centre'],
  ['Phú Định', 106.628, 10.733, 'middle'],
  ['Phú Lâm', 106.632, 10.752, 'middle'],
  ['Bình Phú', 106.626, 10.743, 'middle'],
  ['Tân Bình', 106.652, 10.801, 'middle'],
  ['Bà Quẹo', 106.638, 10.806, 'middle'],
  ['Tân Sơn Nhất', 106.662, 10.812, 'middle'],
  ['Tân Phú', 106.627, 10.79, 'middle'],
  ['Vĩnh Lộc', 106.589, 10.793, 'middle'],
  ['Bình Trị Đông', 106.614, 10.763, 'middle'],
  ['Tân Tạo', 106.593, 10.742, 'middle'],
  ['Gò Vấp', 106.669, 10.838, 'middle'],
  ['Thông Tây Hội', 106.66, 10.849, 'middle'],
  ['An Nhơn', 106.683, 10.844, 'middle'],
  ['Bình Triệu', 106.717, 10.826, 'middle'],
  ['Hiệp Bình Phước', 106.722, 10.851, 'middle'],
  ['Linh Trung', 106.773, 10.869, 'middle'],
  ['Thủ Đức', 106.757, 10.851, 'middle'],
  ['Trường Thọ', 106.757, 10.838, 'middle'],
  ['Tăng Nhơn Phú', 106.781, 10.843, 'middle'],
  ['Phước Long', 106.772, 10.822, 'middle'],
  ['Cát Lái', 106.776, 10.771, 'middle'],
  ['An Phú', 106.748, 10.799, 'middle'],
  ['Thủ Thiêm', 106.723, 10.776, 'middle'],
  ['Nam Sài Gòn 1', 106.721, 10.73, 'middle'],
  ['Nam Sài Gòn 2', 106.702, 10.726, 'middle'],
  ['Nam Sài Gòn 3', 106.689, 10.719, 'middle'],
  ['Việt Thành', 106.738, 10.744, 'middle'],
  ['Tân Thuận', 106.735, 10.757, 'middle'],
  ['Hiệp Phước', 106.751, 10.637, 'outer'],
  ['Nhà Bè', 106.742, 10.697, 'outer'],
  ['Cần Giờ', 106.868, 10.501, 'outer'],
  ['Long Thạnh', 106.955, 10.411, 'outer'],
  ['Bình Chánh', 106.574, 10.668, 'outer'],
  ['Lê Minh Xuân', 106.528, 10.752, 'outer'],
  ['Phạm Văn Hai', 106.53, 10.815, 'outer'],
  ['Hóc Môn', 106.595, 10.885, 'outer'],
  ['Tân Hiệp', 106.581, 10.905, 'outer'],
  ['Quang Trung', 106.628, 10.851, 'outer'],
  ['Tân Quy', 106.571, 10.974, 'outer'],
  ['Củ Chi', 106.493, 10.974, 'outer'],
  ['Phú Hòa Đông', 106.522, 11.012, 'outer'],
];

const WEIGHTS: Readonly<Record<Quarter[3], Partial<Record<FeederKindName, number>>>> = {
  centre: { cable: 9, urban: 2 },
  middle: { cable: 3, urban: 8, rural: 0.3 },
  outer: { urban: 3, rural: 8 },
};

/** The city in the borders it had until 2025. */
export const HO_CHI_MINH: RegionShape = {
  id: 'ho-chi-minh',
  name: 'Thành phố Hồ Chí Minh (mẫu)',
  figures:
    '56 stations of 110 kV and 64 switching stations, 1,062 feeders at 22 kV of about 5 km, 60 % of them automatic, over 2.7 million customers, cable rings with ring main units',
  stations: QUARTERS.map(([name, lon, lat, ring]): StationSite => ({
    name,
    lon,
    lat,
    weights: WEIGHTS[ring],
  })),
  feeders: [
    { kind: CABLE, count: 470 },
    { kind: STREET, count: 476 },
    { kind: OUTSKIRTS, count: 116 },
  ],
  switchingStations: 64,
  remoteShare: 0.95,
  automaticShare: 0.6,
};
