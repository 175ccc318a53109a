import type { Quality } from '@relight/contract';

/**
 * OPC UA status codes (Part 4, 7.39, and Part 8, 6) by the 16 bits that name them; the lower ones
 * say what else is known and do not change the meaning used here.
 */
const NAMES: Readonly<Record<number, Quality>> = {
  0x0096: 'substituted', // GoodLocalOverride
  0x4090: 'notTopical', // UncertainLastUsableValue
  0x408f: 'notTopical', // UncertainNoCommunicationLastUsableValue
  0x4091: 'substituted', // UncertainSubstituteValue
  0x4094: 'overflow', // UncertainEngineeringUnitsExceeded
  0x8005: 'notTopical', // BadCommunicationError
  0x800a: 'notTopical', // BadTimeout
  0x8031: 'notTopical', // BadNoCommunication
  0x8032: 'notTopical', // BadWaitingForInitialData
  0x803c: 'overflow', // BadOutOfRange
  0x808a: 'notTopical', // BadNotConnected
  0x808d: 'blocked', // BadOutOfService
};

/** The quality of a value that came with this status. */
export function qualityOfStatus(code: number): Quality {
  const known = NAMES[code >>> 16];
  if (known !== undefined) return known;
  const severity = code >>> 30;
  if (severity === 0) return 'good';
  return severity === 1 ? 'questionable' : 'invalid';
}

/**
 * Whether an answer with this status leaves open if the device acted: the server itself lost
 * touch with it, or broke off.
 */
export function leavesOpen(code: number): boolean {
  return UNCERTAIN_OUTCOMES.has(code >>> 16);
}

const UNCERTAIN_OUTCOMES: ReadonlySet<number> = new Set([
  0x8001, // BadUnexpectedError
  0x8002, // BadInternalError
  0x8005, // BadCommunicationError
  0x800a, // BadTimeout
  0x800c, // BadShutdown
  0x8031, // BadNoCommunication
  0x8085, // BadRequestTimeout
  0x808a, // BadNotConnected
  0x808b, // BadDeviceFailure
  0x80ae, // BadConnectionClosed
]);

/** Whether the server says that it has no such point: the point list or the server is wrong. */
export function isAbsent(code: number): boolean {
  return ABSENT.has(code >>> 16);
}

const ABSENT: ReadonlySet<number> = new Set([
  0x8033, // BadNodeIdInvalid
  0x8034, // BadNodeIdUnknown
  0x8035, // BadAttributeIdInvalid
  0x803a, // BadNotReadable
]);
