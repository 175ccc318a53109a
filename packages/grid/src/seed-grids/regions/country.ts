import { RandomStream } from '@relight/foundation';
import { INDUSTRIAL, RURAL, URBAN } from '../feeder-kinds.ts';
import type { RegionShape, StationSite } from '../region-shape.ts';
import { HO_CHI_MINH } from './ho-chi-minh.ts';

type Province = readonly [name: string, lon: number, lat: number];

/** The provinces as they were until 2025, each with the place of its main town. */
const PROVINCES: readonly Province[] = [
  ['An Giang', 105.43, 10.37],
  ['Bà Rịa - Vũng Tàu', 107.17, 10.5],
  ['Bạc Liêu', 105.72, 9.29],
  ['Bắc Giang', 106.2, 21.27],
  ['Bắc Kạn', 105.83, 22.15],
  ['Bắc Ninh', 106.08, 21.18],
  ['Bến Tre', 106.38, 10.24],
  ['Bình Dương', 106.65, 10.98],
  ['Bình Định', 109.15, 13.9],
  ['Bình Phước', 106.9, 11.54],
  ['Bình Thuận', 108.1, 10.93],
  ['Cà Mau', 105.15, 9.18],
  ['Cao Bằng', 106.26, 22.67],
  ['Cần Thơ', 105.78, 10.03],
  ['Đà Nẵng', 108.21, 16.06],
  ['Đắk Lắk', 108.04, 12.67],
  ['Đắk Nông', 107.69, 12],
  ['Điện Biên', 103.02, 21.39],
  ['Đồng Nai', 106.83, 10.95],
  ['Đồng Tháp', 105.63, 10.46],
  ['Gia Lai', 108, 13.98],
  ['Hà Giang', 104.98, 22.82],
  ['Hà Nam', 105.92, 20.54],
  ['Hà Nội', 105.84, 21.03],
  ['Hà Tĩnh', 105.9, 18.34],
  ['Hải Dương', 106.33, 20.94],
  ['Hải Phòng', 106.68, 20.86],
  ['Hậu Giang', 105.47, 9.78],
  ['Hòa Bình', 105.34, 20.82],
  ['Hưng Yên', 106.05, 20.65],
  ['Khánh Hòa', 109.19, 12.24],
  ['Kiên Giang', 105.08, 10.01],
  ['Kon Tum', 108, 14.35],
  ['Lai Châu', 103.46, 22.4],
  ['Lạng Sơn', 106.76, 21.85],
  ['Lào Cai', 103.97, 22.48],
  ['Lâm Đồng', 108.44, 11.94],
  ['Long An', 106.41, 10.54],
  ['Nam Định', 106.17, 20.43],
  ['Nghệ An', 105.68, 18.68],
  ['Ninh Bình', 105.97, 20.25],
  ['Ninh Thuận', 108.99, 11.57],
  ['Phú Thọ', 105.4, 21.32],
  ['Phú Yên', 109.3, 13.09],
  ['Quảng Bình', 106.62, 17.47],
  ['Quảng Nam', 108.47, 15.57],
  ['Quảng Ngãi', 108.8, 15.12],
  ['Quảng Ninh', 107.08, 20.95],
  ['Quảng Trị', 107.1, 16.82],
  ['Sóc Trăng', 105.97, 9.6],
  ['Sơn La', 103.91, 21.33],
  ['Tây Ninh', 106.1, 11.31],
  ['Thái Bình', 106.34, 20.45],
  ['Thái Nguyên', 105.84, 21.59],
  ['Thanh Hóa', 105.78, 19.81],
  ['Thừa Thiên Huế', 107.59, 16.46],
  ['Tiền Giang', 106.36, 10.36],
  ['Trà Vinh', 106.34, 9.95],
  ['Tuyên Quang', 105.22, 21.82],
  ['Vĩnh Long', 105.97, 10.25],
  ['Vĩnh Phúc', 105.6, 21.31],
  ['Yên Bái', 104.88, 21.72],
];

/** Feeders of a province of middling size; how large each is, is drawn. */
const MIDDLING = { urban: 36, rural: 58, industrial: 12, stations: 16 } as const;

export const COUNTRY = {
  id: 'country',
  name: 'Toàn quốc (mẫu)',
  figures:
    'a country for benches: 62 provinces and one city, about 2.5 million nodes and 30 million customers',
} as const;

/**
 * The regions of a country, each with a prefix for its ids.
 * @param share - part of the country, above 0 up to 1: the first provinces, the city from 0.5 on.
 */
export function countryRegions(
  seed: number,
  share = 1,
): readonly { readonly shape: RegionShape; readonly prefix: string }[] {
  const provinces = PROVINCES.slice(0, Math.max(1, Math.round(share * PROVINCES.length))).map(
    (province, at) => ({
      shape: provinceShape(province, new RandomStream(seed, `country/${province[0]}`)),
      prefix: `P${String(at + 1).padStart(2, '0')}`,
    }),
  );
  return share < 0.5 ? provinces : [...provinces, { shape: HO_CHI_MINH, prefix: 'HCM' }];
}

function provinceShape([name, lon, lat]: Province, random: RandomStream): RegionShape {
  const size = random.between(0.7, 1.4);
  const stations = Array.from(
    { length: Math.round(MIDDLING.stations * size) },
    (_, at): StationSite => {
      // The first ones in the main town, the others further and further out.
      const town = at < 4;
      const reach = town ? 0.06 : 0.45;
      return {
        name: `${name} ${at + 1}`,
        lon: Math.round((lon + random.between(-reach, reach)) * 1e3) / 1e3,
        lat: Math.round((lat + random.between(-reach, reach)) * 1e3) / 1e3,
        weights: town ? { urban: 8, industrial: 2 } : { urban: 1, rural: 6, industrial: 0.5 },
      };
    },
  );
  return {
    id: `country/${name}`,
    name,
    figures: '',
    stations,
    feeders: [
      { kind: URBAN, count: Math.round(MIDDLING.urban * size) },
      { kind: RURAL, count: Math.round(MIDDLING.rural * size) },
      { kind: INDUSTRIAL, count: Math.round(MIDDLING.industrial * size) },
    ],
    switchingStations: 0,
    remoteShare: random.between(0.7, 0.95),
    automaticShare: random.between(0.2, 0.6),
  };
}
