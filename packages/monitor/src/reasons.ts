import type { Bilingual } from '@relight/contract';
import type { HeldPart } from './fault-ledger.ts';

/** What speaks against operating a device at all. */
export const becauseOfDevice = {
  noSuchSwitch: (id: string): Bilingual => ({
    vi: `Không có thiết bị đóng cắt ${id} trong lưới`,
    en: `The grid has no switch ${id}`,
  }),
  unknownPosition: (id: string): Bilingual => ({
    vi: `Chưa rõ vị trí của ${id}: không có tín hiệu tốt và mới`,
    en: `Position of ${id} is not known: no good and fresh reading`,
  }),
  inBetween: (id: string): Bilingual => ({
    vi: `${id} không ở vị trí đóng hay cắt rõ ràng`,
    en: `${id} is neither clearly open nor clearly closed`,
  }),
  tagged: (id: string): Bilingual => ({
    vi: `${id} đang treo biển cấm thao tác`,
    en: `${id} carries a tag: it may not be operated`,
  }),
  hotLine: (id: string): Bilingual => ({
    vi: `${id} đang treo biển sửa chữa nóng: cấm đóng`,
    en: `${id} carries a hot-line tag: it may not be closed`,
  }),
};

const more = (count: number): Bilingual =>
  count === 0 ? { vi: '', en: '' } : { vi: ` và ${count} phần tử khác`, en: ` and ${count} more` };

function whoKeeps({ incidents, trips }: HeldPart): Bilingual {
  const [keepers, devices] = [incidents.join(', '), trips.join(', ')];
  return incidents.length > 0
    ? { vi: `${keepers} giữ không điện`, en: `kept dead by ${keepers}` }
    : trips.length > 0
      ? {
          vi: `bộ giám sát tự giữ từ khi ${devices} nhảy`,
          en: `by the monitor's own account since ${devices} tripped`,
        }
      : {
          vi: 'bộ giám sát tự giữ từ trước khi khởi động lại',
          en: "by the monitor's own account from before a restart",
        };
}

/** What a close could bring to life. */
export const becauseOfEnergising = {
  faulted: (first: string, count: number): Bilingual => ({
    vi: `Có thể đóng điện vào vùng sự cố: ${first}${more(count).vi}`,
    en: `Could energise what is faulted: ${first}${more(count).en}`,
  }),
  kept: (part: HeldPart, count: number): Bilingual => {
    const by = whoKeeps(part);
    return {
      vi: `Có thể đóng điện vào vùng sự cố: phân đoạn ${part.section} (${by.vi})${more(count).vi}`,
      en: `Could energise what is faulted: section ${part.section} (${by.en})${more(count).en}`,
    };
  },
  earthed: (first: string, count: number): Bilingual => ({
    vi: `Có thể đóng điện vào nơi đã tiếp đất: ${first}${more(count).vi}`,
    en: `Could energise what is earthed: ${first}${more(count).en}`,
  }),
  tagged: (first: string, count: number): Bilingual => ({
    vi: `Có thể đóng điện vào nơi có biển hoặc có người làm việc: ${first}${more(count).vi}`,
    en: `Could energise what is tagged or has a crew at work: ${first}${more(count).en}`,
  }),
  hotLine: (first: string, count: number): Bilingual => ({
    vi: `Có thể đóng điện lại nơi đang sửa chữa nóng: ${first}${more(count).vi}`,
    en: `Could energise hot-line work again: ${first}${more(count).en}`,
  }),
  notInGrid: (ids: readonly string[]): Bilingual => ({
    vi: `Phải giữ mất điện nhưng không có trong lưới: ${ids.join(', ')}`,
    en: `To be kept dead but not in the grid: ${ids.join(', ')}`,
  }),
};

/** What a close could join. */
export const becauseOfParallel = {
  phaseOrder: (id: string, node: string): Bilingual => ({
    vi: `Đóng ${id} sẽ hòa hoặc khép vòng qua chỗ nối dây chưa xác nhận thứ tự pha: ${node}`,
    en: `Closing ${id} would make a parallel or a tie through joined conductors of unconfirmed phase order: ${node}`,
  }),
  loop: (id: string): Bilingual => ({
    vi: `Đóng ${id} có thể tạo mạch vòng`,
    en: `Closing ${id} could close a loop`,
  }),
  twoSources: (id: string): Bilingual => ({
    vi: `Đóng ${id} có thể nối hai nguồn với nhau`,
    en: `Closing ${id} could join two sources`,
  }),
  hotLine: (id: string, work: string): Bilingual => ({
    vi: `Đóng ${id} có thể chuyển nguồn của nơi đang sửa chữa nóng: ${work}`,
    en: `Closing ${id} could transfer hot-line work: ${work}`,
  }),
  notHere: (id: string): Bilingual => ({
    vi: `Lưới không cho phép khép vòng tại ${id}`,
    en: `The grid file permits no parallel at ${id}`,
  }),
  phaseShift: (id: string): Bilingual => ({
    vi: `Hai phía của ${id} lệch góc pha`,
    en: `The two sides of ${id} differ in phase shift`,
  }),
};

/** What speaks against a declared trial close. */
export const becauseOfTrial = {
  device: (id: string): Bilingual => ({
    vi: `${id} không phải máy cắt hay recloser: không được đóng thử`,
    en: `${id} is neither breaker nor recloser: no trial close`,
  }),
  cable: (id: string, line: string): Bilingual => ({
    vi: `Đóng thử ${id} vào ${line} không phải đường dây trên không`,
    en: `The trial close of ${id} would reach ${line}, which is not overhead line`,
  }),
};
