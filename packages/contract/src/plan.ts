import { z } from 'zod';

export const PLAN_FORMAT = 'relight-plan/1';

export const StepPurpose = z.enum([
  'isolate',
  'restore',
  'split',
  'transfer',
  'parallel',
  'return',
]);
export type StepPurpose = z.infer<typeof StepPurpose>;

export const RejectionKind = z.enum([
  'loading',
  'voltage',
  'source',
  'pickup',
  'tag',
  'stale',
  'parallel',
  'earth',
  'fault',
  'generator',
  'deadOnly',
  'notRemote',
  'stuck',
  'mode',
  'phaseOrder',
  'notNeeded',
]);
export type RejectionKind = z.infer<typeof RejectionKind>;

const amount = z.object({ customers: z.number(), p_kW: z.number(), critical_kW: z.number() });
export type Amount = z.infer<typeof amount>;

export const PlanStep = z.object({
  n: z.int().positive(),
  action: z.enum(['open', 'close']),
  switch: z.string(),
  remote: z.boolean(),
  purpose: StepPurpose,
  restoresCustomers: z.number(),
  restores_kW: z.number(),
  interruptsCustomers: z.number(),
  phase: z.int(),
  maxLoading_pct: z.number(),
  maxLoadingAt: z.string().nullable(),
  minVoltage_pu: z.number().nullable(),
});
export type PlanStep = z.infer<typeof PlanStep>;

/** A tie or border switch that the plan does not use, and the limit that decided it. */
export const Rejection = z.object({
  switch: z.string(),
  limit: z.string().optional(),
  kind: RejectionKind,
  value: z.number().optional(),
  allowed: z.number().optional(),
  unit: z.string().optional(),
  /** Where a load forecast is given: hours from now to the load that breaks the limit; absent: now. */
  ahead_h: z.number().optional(),
});
export type Rejection = z.infer<typeof Rejection>;

/** Part of the grid between switches that is dark at the end, by its line, transformer and node ids. */
const DarkPart = z.object({
  equipment: z.array(z.string()),
  customers: z.number(),
  p_kW: z.number(),
  because: z.string(),
  becauseVi: z.string(),
});
export type DarkPart = z.infer<typeof DarkPart>;

/** Where the fault may be: one candidate is one section, named by its line, transformer and node ids. */
export const FaultCandidate = z.object({
  equipment: z.array(z.string()),
  probability: z.number(),
  because: z.array(z.string()).optional(),
  becauseVi: z.array(z.string()).optional(),
});
export type FaultCandidate = z.infer<typeof FaultCandidate>;

/** How the final state stands in each hour of the forecast, over the trees the plan touches. */
const PlanForecast = z.object({
  /** From now on (`ahead_h` 0). */
  hours: z.array(
    z.object({
      ahead_h: z.number(),
      maxLoading_pct: z.number(),
      maxLoadingAt: z.string().nullable(),
      minVoltage_pu: z.number().nullable(),
    }),
  ),
  /** The last hour judged. */
  checkedTo_h: z.number().optional(),
  /** When the repair is expected to be done, where that was said; what lies behind `checkedTo_h` is unchecked. */
  repair_h: z.number().optional(),
  /** Which hours come nearest to their limits. */
  because: z.string(),
  becauseVi: z.string(),
});
export type PlanForecast = z.infer<typeof PlanForecast>;

/** The final state: amounts, and figures over the trees the plan touches. */
export const PlanResult = z.object({
  outage: amount,
  restored: amount,
  unrestored: amount,
  insideFault: amount,
  switchOperations: z.int(),
  maxLoading_pct: z.number(),
  minVoltage_pu: z.number().nullable(),
  losses_kW: z.number(),
  openSwitches: z.array(z.string()),
});
export type PlanResult = z.infer<typeof PlanResult>;

export const Plan = z.object({
  format: z.literal(PLAN_FORMAT),
  grid: z.string(),
  /** Added by the shell; outside every decision hash. */
  compute_ms: z.number().optional(),
  fault: z.object({
    candidates: z.array(FaultCandidate),
    isolated: z.array(z.string()),
    because: z.array(z.string()),
    becauseVi: z.array(z.string()).optional(),
  }),
  tripped: z.array(z.string()),
  reclosingOff: z.array(z.string()),
  warnings: z.array(z.string()),
  warningsVi: z.array(z.string()).optional(),
  advisory: z.array(z.string()),
  advisoryVi: z.array(z.string()).optional(),
  steps: z.array(PlanStep),
  result: PlanResult,
  /** End of the second phase, by crews, where one was asked for; `switchOperations` counts both. */
  resultWithCrews: PlanResult.optional(),
  /** Where a forecast for the repair was given. */
  forecast: PlanForecast.optional(),
  rejected: z.array(Rejection),
  /** What stays dark at the end and why, most customers first; of `relight plan` only. */
  staysDark: z.array(DarkPart).optional(),
  proof: z.object({
    status: z.enum(['optimal', 'bounded']),
    bounds: z.object({
      critical_kW: z.number(),
      customers: z.number(),
      p_kW: z.number(),
      switchOperations: z.number(),
    }),
    gap_pct: z.number(),
    explored: z.int(),
  }),
});
export type Plan = z.infer<typeof Plan>;
