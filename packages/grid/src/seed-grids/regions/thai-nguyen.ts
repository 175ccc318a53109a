import { INDUSTRIAL, MOUNTAIN, URBAN } from '../feeder-kinds.ts';
import type { RegionShape } from '../region-shape.ts';

/** 22 kV in the towns and the industry south of them, long 35 kV lines into the mountains. */
export const THAI_NGUYEN: RegionShape = {
  id: 'thai-nguyen',
  name: 'Tỉnh Thái Nguyên (mẫu)',
  figures:
    'about 105 feeders, 8 km at 22 kV in town and 70 km at 35 kV in the mountains, heavy industry at Yên Bình and Sông Công, about 390,000 customers',
  stations: [
    { name: 'Thịnh Đán', lon: 105.804, lat: 21.569, weights: { urban: 8 } },
    { name: 'Gia Sàng', lon: 105.852, lat: 21.573, weights: { urban: 7 } },
    { name: 'Quán Triều', lon: 105.808, lat: 21.617, weights: { urban: 4, mountain: 2 } },
    { name: 'Lưu Xá', lon: 105.864, lat: 21.548, weights: { urban: 2, industrial: 6 } },
    { name: 'Gò Đầm', lon: 105.868, lat: 21.478, weights: { urban: 4, industrial: 3 } },
    { name: 'Sông Công', lon: 105.853, lat: 21.472, weights: { urban: 4, industrial: 5 } },
    {
      name: 'Phổ Yên',
      lon: 105.879,
      lat: 21.416,
      weights: { urban: 5, industrial: 2, mountain: 1 },
    },
    { name: 'Yên Bình', lon: 105.912, lat: 21.431, weights: { industrial: 9 } },
    { name: 'Phú Bình', lon: 105.978, lat: 21.463, weights: { urban: 2, mountain: 3 } },
    { name: 'Đồng Hỷ', lon: 105.851, lat: 21.642, weights: { urban: 2, mountain: 4 } },
    { name: 'Phú Lương', lon: 105.703, lat: 21.731, weights: { mountain: 6 } },
    { name: 'Đại Từ', lon: 105.638, lat: 21.632, weights: { urban: 1, mountain: 6 } },
    { name: 'Núi Pháo', lon: 105.661, lat: 21.655, weights: { industrial: 2, mountain: 2 } },
    { name: 'Định Hóa', lon: 105.647, lat: 21.911, weights: { mountain: 6 } },
    { name: 'Võ Nhai', lon: 106.062, lat: 21.752, weights: { mountain: 6 } },
  ],
  feeders: [
    { kind: { ...URBAN, ties: 1 }, count: 46 },
    { kind: { ...INDUSTRIAL, ties: 1 }, count: 22 },
    { kind: MOUNTAIN, count: 37 },
  ],
  switchingStations: 0,
  remoteShare: 0.85,
  automaticShare: 0.4,
};
