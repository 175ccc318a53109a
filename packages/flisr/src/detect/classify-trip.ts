import type { Bilingual } from '@relight/contract';

/** What is known about a device that opened. */
export interface OpenedDevice {
  /** Protection function as reported, null where none was. */
  readonly tripFunction: string | null;
  readonly protectionTrip: boolean;
  /** Locked out: it will not close again by itself. */
  readonly lockout: boolean;
  /** One of our own commands opened it. */
  readonly commanded: boolean;
  /** It stands in local: somebody on the spot may have opened it. */
  readonly local: boolean;
  /** Load shedding is on at the device. */
  readonly shedding: boolean;
}

/**
 * `restore`: a fault downstream, restoration starts. `unitFault`: a fault inside the equipment
 * that the unit protection guards; that is never energised again by a plan, the rest may be.
 * `wait`: reclosing may still succeed. `alarm`: nothing is restored, the feeder leaves automatic.
 * `none`: our own opening.
 */
export interface TripClass {
  readonly kind: 'restore' | 'unitFault' | 'wait' | 'alarm' | 'none';
  readonly reason: Bilingual;
}

/** Short circuit and earth fault: the only functions that start restoration. */
const FAULT_FUNCTIONS = new Set(['50', '51', '67', '50N', '51N', '67N', '79']);
/** Unit protection of a transformer or busbar, gas relay. */
const UNIT_FUNCTIONS = new Set(['87T', '96', '87B', '86']);

const ALARM_FUNCTIONS: Readonly<Record<string, Bilingual>> = {
  '81': {
    vi: 'Sa thải theo tần số (81): chỉ đóng lại theo lệnh.',
    en: 'Under-frequency (81): comes back only by order.',
  },
  '27': {
    vi: 'Bảo vệ điện áp thấp (27) tác động: không phải sự cố trên lộ.',
    en: 'Under-voltage (27): not a fault on the feeder.',
  },
  '59': {
    vi: 'Bảo vệ quá điện áp (59) tác động: không phải sự cố trên lộ.',
    en: 'Over-voltage (59): not a fault on the feeder.',
  },
  '50BF': {
    vi: 'Bảo vệ từ chối máy cắt (50BF) tác động: điều độ viên phải xem xét.',
    en: 'Breaker failure (50BF): a dispatcher must look at it.',
  },
  '85': {
    vi: 'Lệnh cắt từ xa (85) tác động: không phải sự cố của lộ này.',
    en: 'Remote trip (85): not a fault on this feeder.',
  },
};

const SHED: Bilingual = {
  vi: 'Sa thải phụ tải: chỉ đóng lại theo lệnh.',
  en: 'Load shedding: comes back only by order.',
};

/** The function does not reclose and is settled as soon as it is told. */
export function isSettledAtOnce(tripFunction: string | null): boolean {
  return tripFunction !== null && tripFunction !== 'none' && !FAULT_FUNCTIONS.has(tripFunction);
}

/**
 * What an opening means (docs/methods/locating.md, "Which trips count"). A pure rule: the wait
 * for a lockout signal that never comes is the caller's; it then passes `lockout: true`.
 */
export function classifyTrip(device: OpenedDevice): TripClass {
  const { tripFunction, protectionTrip, lockout, commanded, local, shedding } = device;
  const known = tripFunction !== null && tripFunction !== 'none' ? tripFunction : null;
  const alarm = known === null ? undefined : ALARM_FUNCTIONS[known];
  if (alarm !== undefined) return { kind: 'alarm', reason: alarm };
  if (known !== null && UNIT_FUNCTIONS.has(known)) {
    return {
      kind: 'unitFault',
      reason: {
        vi: `Bảo vệ riêng của thiết bị (${known}) tác động: không đóng điện lại thiết bị đó.`,
        en: `Unit protection (${known}) operated: its equipment is not energised again.`,
      },
    };
  }
  // A relay that tells short circuit or earth fault is believed even while load is being shed.
  if (shedding && !commanded && (known === null || !FAULT_FUNCTIONS.has(known))) {
    return { kind: 'alarm', reason: SHED };
  }
  if (!protectionTrip && known === null) return withoutTrip(commanded, local);
  if (known !== null && !FAULT_FUNCTIONS.has(known)) {
    return {
      kind: 'alarm',
      reason: {
        vi: `Chức năng bảo vệ ${known} không phải ngắn mạch hay chạm đất.`,
        en: `Protection function ${known} is neither short circuit nor earth fault.`,
      },
    };
  }
  if (!lockout) {
    return {
      kind: 'wait',
      reason: {
        vi: 'Bảo vệ đã tác động, chưa khóa: chờ tự đóng lại.',
        en: 'Protection operated, not locked out: reclosing may succeed.',
      },
    };
  }
  return {
    kind: 'restore',
    reason: {
      vi: `Nhảy máy cắt do ${known ?? 'bảo vệ'} và khóa: sự cố vĩnh cửu.`,
      en: `Tripped by ${known ?? 'protection'} and locked out: a permanent fault.`,
    },
  };
}

function withoutTrip(commanded: boolean, local: boolean): TripClass {
  if (commanded) {
    return {
      kind: 'none',
      reason: { vi: 'Mở theo lệnh điều khiển xa.', en: 'Opened by our own command.' },
    };
  }
  return {
    kind: 'alarm',
    reason: local
      ? { vi: 'Mở tại chỗ.', en: 'Opened on the spot (local).' }
      : {
          vi: 'Mở không rõ nguyên nhân: không có tín hiệu bảo vệ, không có lệnh.',
          en: 'Opened for no known reason: neither a protection signal nor a command.',
        },
  };
}
