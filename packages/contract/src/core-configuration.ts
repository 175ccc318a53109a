import { z } from 'zod';

/** Settings the core decides by; everything with a time scales with `relight demo --speed`. */
export const CoreConfiguration = z.strictObject({
  /** Wait for a close after a trip when no lockout signal comes, ms. */
  lockoutWait_ms: z.number().positive(),
  /** Evidence window after lockout, ms; it closes early once every affected RTU has answered. */
  evidenceWindow_ms: z.number().positive(),
  /** After each close of a plan, ms; longer where protection and polls need longer. */
  guardTime_ms: z.number().nonnegative(),
  /**
   * Slowest time from a fault to the opening of the device that clears it, ms: with two polls it is
   * the least guard time. Absent in older logs, which went by the guard time alone.
   */
  slowestProtection_ms: z.number().nonnegative().default(0),
  /**
   * How long a device has to stand open before the next step of a plan, ms: a drive that falls
   * back is seen in that time. Some polls long; absent in older logs, which did not wait.
   */
  standTime_ms: z.number().nonnegative().default(0),
  /** Time from request to the write, ms. */
  requestLife_ms: z.number().positive(),
  /** How long a selection holds, ms. */
  selectHold_ms: z.number().positive(),
  /** Wait for the position after operating, ms: breakers and reclosers, other drives. */
  breakerFeedback_ms: z.number().positive(),
  motorFeedback_ms: z.number().positive(),
  /** An unapproved plan lapses after this, ms. */
  planLife_ms: z.number().positive(),
  /** Oldest reading an interlock may use, ms. */
  oldestReading_ms: z.number().positive(),
  /** Chance that an indicator stays silent, and that it shows what did not pass. */
  indicatorMiss: z.number().min(0).max(1),
  indicatorFalse: z.number().min(0).max(1),
  /** Standard error of a fault reactance: share of the reading, and ohm. */
  reactanceError: z.number().positive(),
  reactanceError_ohm: z.number().positive(),
  /** Probability that the isolated set must hold. */
  isolateProbability: z.number().min(0).max(1),
  /** Largest probability that what a plan energises holds the fault, for automatic mode. */
  automaticRisk: z.number().min(0).max(1),
  /** Search steps of a live plan (the shell's budget, turned into steps). */
  searchSteps: z.int().positive(),
  /** How long a request waits for a second person, ms. */
  approvalLife_ms: z.number().positive().default(300_000),
  /** How long 3U0 is watched after a feeder was opened in the search for an earth fault, ms. */
  earthFaultWatch_ms: z.number().positive().default(5_000),
  /** How long a position that a person entered counts, ms; then it is doubtful until confirmed. */
  enteredPositionLife_ms: z.number().positive().default(86_400_000),
  /** How long a repair takes where nobody has said it, hours from the trip on. */
  expectedRepair_h: z.number().positive().default(4),
  /** A forecast older than this is not used. */
  forecastLife_h: z.number().positive().default(36),
  /** Fencing token of this control centre. */
  token: z.int().nonnegative(),
});
export type CoreConfiguration = z.infer<typeof CoreConfiguration>;

export const DEFAULT_CORE_CONFIGURATION: CoreConfiguration = {
  lockoutWait_ms: 30_000,
  evidenceWindow_ms: 2_000,
  guardTime_ms: 5_000,
  slowestProtection_ms: 3_000,
  standTime_ms: 1_000,
  requestLife_ms: 10_000,
  selectHold_ms: 30_000,
  breakerFeedback_ms: 10_000,
  motorFeedback_ms: 30_000,
  planLife_ms: 60_000,
  oldestReading_ms: 10_000,
  indicatorMiss: 0.05,
  indicatorFalse: 0.01,
  reactanceError: 0.03,
  reactanceError_ohm: 0.03,
  isolateProbability: 0.95,
  automaticRisk: 0.01,
  searchSteps: 10_000,
  approvalLife_ms: 300_000,
  earthFaultWatch_ms: 5_000,
  enteredPositionLife_ms: 86_400_000,
  expectedRepair_h: 4,
  forecastLife_h: 36,
  token: 1,
};
