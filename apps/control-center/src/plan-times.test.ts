import type { IncidentView, Plan } from '@relight/contract';
import { expect, test } from 'vitest';
import { PlanTimes } from './plan-times.ts';

const incident = (planVersion: number, plan: Partial<Plan> | null): IncidentView =>
  ({ id: 'I1', planVersion, plan }) as IncidentView;

test('a plan carries the time of the turn that made it, also when the incident changes later', () => {
  const times = new PlanTimes();
  const plan = { steps: [] };
  expect(times.measured([incident(0, null)], 3)).toEqual([incident(0, null)]);
  const made = times.measured([incident(1, plan)], 4.25);
  expect(made[0]?.plan?.compute_ms).toBe(4.25);
  expect(times.measured([incident(1, plan)], 0.1)[0]?.plan?.compute_ms).toBe(4.25);
  expect(times.shown([incident(1, plan)])[0]?.plan?.compute_ms).toBe(4.25);
});

test('a new plan gets its own time, and the plan of the fold itself stays as it was decided', () => {
  const times = new PlanTimes();
  const plan = { steps: [] };
  times.measured([incident(1, plan)], 4);
  expect(times.measured([incident(2, plan)], 9)[0]?.plan?.compute_ms).toBe(9);
  expect(times.shown([incident(1, plan)])[0]?.plan?.compute_ms).toBeUndefined();
  expect(plan).toEqual({ steps: [] });
});
