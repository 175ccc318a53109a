import type { Bilingual, PointValue, Signal, SwitchOperation } from '@relight/contract';

/** Words in both languages; Vietnamese first, as everywhere. */
export function say(vi: string, en: string): Bilingual {
  return { vi, en };
}

/** A number as each language writes it. */
export function figure(value: number, digits: number): Bilingual {
  const en = value.toFixed(digits);
  return { vi: en.replace('.', ','), en };
}

const OPERATIONS: Record<SwitchOperation, Bilingual> = {
  open: say('cắt', 'open'),
  close: say('đóng', 'close'),
  disableReclosing: say('khóa tự đóng lại', 'switch reclosing off'),
  enableReclosing: say('bật tự đóng lại', 'switch reclosing on'),
};

export function operationText(operation: SwitchOperation): Bilingual {
  return OPERATIONS[operation];
}

const POSITIONS: Record<string, Bilingual> = {
  open: say('mở', 'open'),
  closed: say('đóng', 'closed'),
  intermediate: say('đang chuyển trạng thái', 'in transit'),
  bad: say('trạng thái không xác định', 'indeterminate'),
};

export function positionText(value: PointValue | null): Bilingual {
  return POSITIONS[String(value)] ?? say('chưa biết', 'not known');
}

const FLAGS: Partial<Record<Signal, readonly [Bilingual, Bilingual]>> = {
  protectionTrip: [
    say('bảo vệ tác động', 'protection operated'),
    say('bảo vệ trở về', 'protection reset'),
  ],
  lockout: [say('khóa sau tự đóng lại', 'lockout'), say('hết khóa', 'lockout reset')],
  reclosing: [say('tự đóng lại bật', 'reclosing on'), say('tự đóng lại khóa', 'reclosing off')],
  reclosingInProgress: [
    say('đang tự đóng lại', 'reclosing in progress'),
    say('hết chu trình tự đóng lại', 'reclosing cycle over'),
  ],
  faultIndicator: [
    say('chỉ báo: có dòng sự cố', 'indicator: fault current passed'),
    say('chỉ báo: không có dòng sự cố', 'indicator: no fault current'),
  ],
  earthFault: [say('chạm đất', 'earth fault'), say('hết chạm đất', 'earth fault gone')],
  voltagePresent: [say('có điện áp', 'voltage present'), say('mất điện áp', 'voltage gone')],
  lossOfSupply: [say('mất điện', 'supply lost'), say('có điện trở lại', 'supply is back')],
  localRemote: [
    say('khóa điều khiển ở Từ xa', 'on Remote'),
    say('khóa điều khiển ở Tại chỗ', 'on Local'),
  ],
  loadShedding: [say('sa thải phụ tải', 'load shedding'), say('hết sa thải', 'load shedding over')],
  lockoutRelay86: [
    say('rơ le khóa 86 tác động', 'lockout relay 86 operated'),
    say('rơ le 86 trở về', 'relay 86 reset'),
  ],
  underTest: [say('đang thử nghiệm', 'under test'), say('hết thử nghiệm', 'test over')],
  operationBlocked: [
    say('khóa thao tác', 'operation blocked'),
    say('hết khóa thao tác', 'operation free'),
  ],
  gasLow: [say('khí SF6 thấp', 'gas low'), say('khí SF6 bình thường', 'gas normal')],
  batteryLow: [say('ắc quy yếu', 'battery low'), say('ắc quy bình thường', 'battery normal')],
  doorOpen: [say('cửa tủ mở', 'door open'), say('cửa tủ đóng', 'door closed')],
  springCharged: [
    say('lò xo đã tích năng', 'spring charged'),
    say('lò xo chưa tích năng', 'spring not charged'),
  ],
  tripCircuitFaulty: [
    say('hỏng mạch cắt', 'trip circuit faulty'),
    say('mạch cắt tốt', 'trip circuit sound'),
  ],
  protectionFaulty: [
    say('hỏng bảo vệ', 'protection faulty'),
    say('bảo vệ tốt', 'protection sound'),
  ],
};

/**
 * What a change of a signal says, in the words of the sequence of events; null for measured
 * values, which make no event.
 */
export function changeText(signal: Signal, value: PointValue | null): Bilingual | null {
  if (signal === 'position') return positionText(value);
  if (signal === 'tripFunction') {
    return value === 'none'
      ? null
      : say(`chức năng bảo vệ ${value}`, `protection function ${value}`);
  }
  if (signal === 'faultReactance_ohm') {
    if (typeof value !== 'number') return null;
    const ohm = figure(value, 2);
    return say(`điện kháng sự cố ${ohm.vi} Ω`, `fault reactance ${ohm.en} Ω`);
  }
  if (signal === 'faultDirection') {
    if (value === 'forward') return say('dòng sự cố hướng thuận', 'fault current forward');
    return value === 'reverse' ? say('dòng sự cố hướng ngược', 'fault current in reverse') : null;
  }
  const texts = FLAGS[signal];
  if (texts === undefined || typeof value !== 'boolean') return null;
  return value ? texts[0] : texts[1];
}
