import type { AutomationMode } from '@relight/contract';
import type { ConductorName } from './conductors.ts';

/**
 * The drawing board of `demo-town`: what a planner decides. Everything that follows from it
 * (nodes, pole numbers, impedances, loads) is made by `demo-town.ts`.
 */
export interface LateralPlan {
  /** Trunk section from 1, and load node from 1 in it, where the lateral branches off. */
  readonly section: number;
  readonly place: number;
  readonly conductor: ConductorName;
  readonly loads: number;
  /** Behind a remote load-break switch of its own. */
  readonly switched?: boolean;
}

export interface FeederPlan {
  readonly number: number;
  readonly area: string;
  /** Current of all loads together at the head, A; losses come on top. */
  readonly load_A: number;
  readonly trunk: ConductorName;
  readonly exit: ConductorName;
  readonly trunk_km: number;
  /** Load nodes in each trunk section; a switch stands between each two sections. */
  readonly sections: readonly number[];
  /** The switch after this section is the recloser. */
  readonly recloserAfter: number;
  readonly laterals: readonly LateralPlan[];
  /** Where the trunk ends, km east and north of TBA 110 kV Phú Tài. */
  readonly endAt: readonly [number, number];
  readonly mode: AutomationMode;
}

export interface StationPlan {
  readonly id: string;
  readonly name: string;
  readonly at: readonly [number, number];
  readonly feeders: readonly FeederPlan[];
}

/** One end of a tie: the trunk's end, a lateral's end (from 1), or a load node of a section. */
export type TieEnd = 'end' | { readonly lateral: number } | readonly [number, number];

export interface TiePlan {
  readonly from: number;
  readonly fromEnd: TieEnd;
  readonly to: number;
  readonly toEnd: TieEnd;
  readonly pole: number;
}

/** Loads that hospitals, water works and the like hang on: [place, name, kW, customers, priority]. */
export type SpecialLoad = readonly [string, string, number, number, 'critical' | 'important'];

const lateral = (
  section: number,
  place: number,
  conductor: ConductorName,
  loads: number,
  switched = false,
): LateralPlan => ({ section, place, conductor, loads, switched });

export const STATIONS: readonly StationPlan[] = [
  {
    id: 'PT',
    name: 'TBA 110 kV Phú Tài',
    at: [0, 0],
    feeders: [
      {
        number: 471,
        area: 'Trần Quang Diệu',
        load_A: 200,
        trunk: 'AC-120',
        exit: 'Cu-3x240',
        trunk_km: 7.2,
        sections: [2, 3, 3, 2],
        recloserAfter: 2,
        laterals: [lateral(2, 2, 'AC-120', 2)],
        endAt: [4.2, 2.6],
        mode: 'automatic',
      },
      {
        number: 472,
        area: 'Long Mỹ',
        load_A: 215,
        trunk: 'AC-150',
        exit: 'Cu-3x240',
        trunk_km: 5.4,
        sections: [3, 3, 2, 3],
        recloserAfter: 2,
        laterals: [lateral(2, 1, 'AC-70', 2)],
        endAt: [1.6, -4.4],
        mode: 'advisory',
      },
      {
        number: 473,
        area: 'Bùi Thị Xuân',
        load_A: 258,
        trunk: 'AC-150',
        exit: 'Cu-3x400',
        trunk_km: 4.4,
        sections: [2, 2, 2, 2, 2],
        recloserAfter: 2,
        laterals: [lateral(2, 1, 'AC-120', 2), lateral(4, 1, 'AC-70', 2, true)],
        endAt: [4.1, 0.9],
        mode: 'automatic',
      },
      {
        number: 474,
        area: 'Khu công nghiệp Phú Tài',
        load_A: 275,
        trunk: 'AC-185',
        exit: 'Cu-3x400',
        trunk_km: 4.8,
        sections: [2, 3, 2, 2, 2],
        recloserAfter: 2,
        laterals: [lateral(3, 2, 'AC-95', 2)],
        endAt: [4.2, -3.2],
        mode: 'automatic',
      },
      {
        number: 475,
        area: 'Lạc Long Quân',
        load_A: 185,
        trunk: 'AC-120',
        exit: 'Cu-3x240',
        trunk_km: 4.3,
        sections: [2, 3, 2, 3],
        recloserAfter: 2,
        laterals: [lateral(3, 1, 'AC-50', 2)],
        endAt: [4.0, -0.5],
        mode: 'automatic',
      },
      {
        number: 476,
        area: 'Âu Cơ',
        load_A: 180,
        trunk: 'AC-120',
        exit: 'Cu-3x240',
        trunk_km: 4.5,
        sections: [2, 2, 3, 2],
        recloserAfter: 2,
        laterals: [lateral(2, 2, 'AC-50', 2), lateral(3, 2, 'AC-70', 2, true)],
        endAt: [4.1, -1.8],
        mode: 'automatic',
      },
    ],
  },
  {
    id: 'QN',
    name: 'TBA 110 kV Quy Nhơn',
    at: [8.2, -2.6],
    feeders: [
      {
        number: 477,
        area: 'Nhơn Bình',
        load_A: 175,
        trunk: 'AC-120',
        exit: 'Cu-3x240',
        trunk_km: 4.4,
        sections: [2, 3, 3, 2],
        recloserAfter: 2,
        laterals: [lateral(2, 2, 'AC-95', 2)],
        endAt: [4.1, -0.6],
        mode: 'automatic',
      },
      {
        number: 478,
        area: 'Ghềnh Ráng',
        load_A: 185,
        trunk: 'AC-120',
        exit: 'Cu-3x240',
        trunk_km: 4.3,
        sections: [2, 3, 2, 2],
        recloserAfter: 2,
        laterals: [lateral(3, 1, 'AC-50', 2)],
        endAt: [4.3, -3.3],
        mode: 'automatic',
      },
      {
        number: 479,
        area: 'Thị Nại',
        load_A: 225,
        trunk: 'AC-150',
        exit: 'Cu-3x400',
        trunk_km: 7.6,
        sections: [2, 2, 3, 2, 2],
        recloserAfter: 2,
        laterals: [lateral(2, 1, 'AC-120', 2)],
        endAt: [4.3, 2.5],
        mode: 'automatic',
      },
      {
        number: 480,
        area: 'Ngô Mây',
        load_A: 210,
        trunk: 'AC-150',
        exit: 'Cu-3x240',
        trunk_km: 4.1,
        sections: [2, 3, 2, 2],
        recloserAfter: 2,
        laterals: [lateral(2, 2, 'AC-120', 2), lateral(3, 1, 'AC-70', 2, true)],
        endAt: [4.2, -1.9],
        mode: 'automatic',
      },
      {
        number: 481,
        area: 'Đống Đa',
        load_A: 216,
        trunk: 'AC-120',
        exit: 'Cu-3x240',
        trunk_km: 4.7,
        sections: [2, 3, 3, 2],
        recloserAfter: 2,
        laterals: [lateral(2, 3, 'AC-120', 2)],
        endAt: [4.2, 0.8],
        mode: 'automatic',
      },
      {
        number: 482,
        area: 'Hải Cảng',
        load_A: 226,
        trunk: 'AC-150',
        exit: 'Cu-3x400',
        trunk_km: 4.8,
        sections: [2, 2, 3, 2, 3],
        recloserAfter: 2,
        laterals: [lateral(3, 2, 'AC-70', 2)],
        endAt: [6.1, -4.4],
        mode: 'advisory',
      },
    ],
  },
];

export const TIES: readonly TiePlan[] = [
  { from: 471, fromEnd: { lateral: 1 }, to: 473, toEnd: { lateral: 1 }, pole: 42 },
  { from: 471, fromEnd: 'end', to: 479, toEnd: 'end', pole: 96 },
  { from: 472, fromEnd: 'end', to: 474, toEnd: [4, 1], pole: 88 },
  { from: 473, fromEnd: 'end', to: 481, toEnd: 'end', pole: 95 },
  { from: 474, fromEnd: 'end', to: 478, toEnd: 'end', pole: 91 },
  { from: 475, fromEnd: 'end', to: 477, toEnd: 'end', pole: 87 },
  { from: 475, fromEnd: { lateral: 1 }, to: 476, toEnd: { lateral: 1 }, pole: 53 },
  { from: 476, fromEnd: 'end', to: 480, toEnd: 'end', pole: 84 },
  { from: 477, fromEnd: { lateral: 1 }, to: 480, toEnd: { lateral: 1 }, pole: 46 },
  { from: 478, fromEnd: { lateral: 1 }, to: 482, toEnd: 'end', pole: 72 },
  { from: 479, fromEnd: { lateral: 1 }, to: 481, toEnd: { lateral: 1 }, pole: 39 },
];

/** Streets and quarters that name the distribution transformers of each feeder. */
export const STREETS: Readonly<Record<number, readonly string[]>> = {
  471: ['Trần Quang Diệu', 'Lạc Trung', 'Phú Xuân', 'Tân Lệ'],
  472: ['Long Mỹ', 'Phước Mỹ', 'Thanh Long', 'Mỹ Lợi'],
  473: ['Bùi Thị Xuân', 'Võ Văn Dũng', 'Tây Sơn', 'Cầu Đôi'],
  474: ['Phú Tài 1', 'Phú Tài 2', 'Long Vân', 'Hùng Vương'],
  475: ['Lạc Long Quân', 'Hà Huy Tập', 'Nhơn Phú', 'Vân Hà'],
  476: ['Âu Cơ', 'Đặng Văn Ngữ', 'Thành Thái', 'Chợ Dinh'],
  477: ['Nhơn Bình', 'Đào Tấn', 'Điện Biên Phủ', 'Trường Úc'],
  478: ['Ghềnh Ráng', 'Hàn Mặc Tử', 'An Dương Vương', 'Chế Lan Viên'],
  479: ['Thị Nại', 'Phan Đình Phùng', 'Bạch Đằng', 'Trần Cao Vân'],
  480: ['Ngô Mây', 'Nguyễn Thái Học', 'Tô Hiến Thành', 'Vũ Bảo'],
  481: ['Đống Đa', 'Hoàng Hoa Thám', 'Tháp Đôi', 'Mai Xuân Thưởng'],
  482: ['Hải Cảng', 'Trần Hưng Đạo', 'Phan Chu Trinh', 'Xuân Diệu'],
};

/** Replaces the made-up load at that place: `number/section/load node`. */
export const SPECIAL_LOADS: readonly SpecialLoad[] = [
  ['471/3/2', 'Nhà máy nước Phú Tài', 420, 1, 'critical'],
  ['472/2/2', 'Trạm bơm Long Mỹ', 260, 1, 'important'],
  ['473/4/2', 'Bệnh viện Đa khoa khu vực Phú Tài', 480, 1, 'critical'],
  ['474/3/1', 'Trạm xử lý nước thải Phú Tài', 350, 1, 'important'],
  ['475/2/2', 'Bến xe trung tâm', 240, 6, 'important'],
  ['477/3/1', 'Trạm bơm nước Hà Thanh', 300, 1, 'critical'],
  ['478/3/1', 'Bệnh viện Quy Hòa', 410, 1, 'critical'],
  ['479/3/2', 'Ủy ban nhân dân thành phố', 280, 4, 'important'],
  ['480/3/2', 'Bệnh viện Đa khoa tỉnh', 620, 1, 'critical'],
  ['481/4/1', 'Đài Phát thanh và Truyền hình', 220, 1, 'important'],
  ['482/4/1', 'Cảng Quy Nhơn', 560, 12, 'important'],
];
