import type { Signal } from '@relight/contract';

/**
 * Register map of a field RTU, the same for every device; addresses count from 0. A device that
 * lacks a signal leaves its place at 0 and its point out of the list.
 *
 * Input registers (FC 4), status block, read in one request:
 *     0 –   3   device clock, unsigned 64 bit, highest word first, ms since 1970 UTC
 *     4 –  19   status values, one register each: STATUS_SLOTS, then the pole indicators
 *    20 –  35   their quality bits (IEC 60870-5-104), 0 = good
 *    36 –  99   time of their last change, unsigned 64 bit each
 *   100 – 101   fault reactance in ohm, float32, high word first
 *   102         its quality
 *   103 – 106   its time
 *   107 – 109   ring of events: number of the newest (uint32), incarnation
 * Measurements:
 *   120 – 123   time of the measurement
 *   124 – 125   current in A, float32
 *   126 – 127   active power in kW, float32
 *   128, 129    their quality
 *
 * Discrete inputs (FC 2) 0 – 15: status value is not 0; place 0: position is closed.
 *
 * Holding registers: 0 – 1 arm (FC 16, the token as uint32, high word first), 2 operate (FC 6).
 * Read back (FC 3): the token that is armed now, 0 if none; the last operation carried out.
 *    10 – 657   ring of 64 events (`EVENT_RING` of the point list); 15 – 16 acknowledge (FC 16).
 * An event names its point by its status slot; code 16 is the fault reactance.
 */
export const STATUS_SLOTS = [
  'position',
  'protectionTrip',
  'tripFunction',
  'lockout',
  'reclosing',
  'reclosingInProgress',
  'faultIndicator',
  'voltagePresent',
  'localRemote',
] as const satisfies readonly Signal[];

export const REGISTERS = {
  clock: 0,
  statusValue: 4,
  statusQuality: 20,
  statusTime: 36,
  slots: 16,
  reactance: 100,
  reactanceQuality: 102,
  reactanceTime: 103,
  newestEvent: 107,
  measurementTime: 120,
  current: 124,
  power: 126,
  currentQuality: 128,
  powerQuality: 129,
  inputCount: 130,
  arm: 0,
  operate: 2,
  ring: 10,
  ringCapacity: 64,
  reactanceCode: 16,
} as const;

/** Place of a pole indicator among the status slots, by its order at the RTU. */
export function poleIndicatorSlot(order: number): number {
  return STATUS_SLOTS.length + order;
}
