import { z } from 'zod';

/** Every signal a point can carry. The unit, where there is one, is part of the name. */
export const Signal = z.enum([
  'position',
  'protectionTrip',
  'tripFunction',
  'lockout',
  'reclosing',
  'reclosingInProgress',
  'lockoutRelay86',
  'faultIndicator',
  'faultDirection',
  'earthFault',
  'voltagePresent',
  'lossOfSupply',
  'neutralVoltage_kV',
  'loadShedding',
  'localRemote',
  'localAutomation',
  'underTest',
  'operationBlocked',
  'springCharged',
  'tripCircuitFaulty',
  'protectionFaulty',
  'settingGroup',
  'gasLow',
  'batteryLow',
  'doorOpen',
  'current_A',
  'voltage_kV',
  'activePower_kW',
  'reactivePower_kvar',
  'powerFactor',
  'frequency_Hz',
  'oilTemperature_C',
  'tapPosition',
  'faultReactance_ohm',
]);
export type Signal = z.infer<typeof Signal>;

/** Alarms of a device each of which forbids that it is operated, and which must be known not to stand. */
export const FORBIDDING_ALARMS = [
  'gasLow',
  'batteryLow',
  'operationBlocked',
  'underTest',
  'lockoutRelay86',
] as const satisfies readonly Signal[];

/** Quality of a value after IEC 60870-5-104; `notTopical` is what operators call stale. */
export const Quality = z.enum([
  'good',
  'invalid',
  'notTopical',
  'substituted',
  'blocked',
  'overflow',
  'questionable',
]);
export type Quality = z.infer<typeof Quality>;

/** A switch position as a double point reports it. `bad` is both contacts at once. */
export const Position = z.enum(['intermediate', 'open', 'closed', 'bad']);
export type Position = z.infer<typeof Position>;

/** The double-point number of each position on the wire (IEC 60870-5-101, M_DP). */
export const POSITION_CODES = [
  'intermediate',
  'open',
  'closed',
  'bad',
] as const satisfies readonly Position[];

/** Protection functions (ANSI/IEEE C37.2 numbers) in the order of their code on the wire. */
export const TRIP_FUNCTIONS = [
  'none',
  '50',
  '51',
  '67',
  '50N',
  '51N',
  '67N',
  '79',
  '81',
  '27',
  '59',
  '50BF',
  '87T',
  '96',
  '87B',
  '86',
  '85',
] as const;
export type TripFunction = (typeof TRIP_FUNCTIONS)[number];

/** A value as it travels: positions and trip functions by name, flags as booleans, analogs as numbers. */
export const PointValue = z.union([z.boolean(), z.number(), z.string()]);
export type PointValue = z.infer<typeof PointValue>;

/** Words in both languages of the console. */
export const Bilingual = z.object({ vi: z.string(), en: z.string() });
export type Bilingual = z.infer<typeof Bilingual>;
