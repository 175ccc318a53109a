import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlan } from '../kit/check-plan.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { createMonitor, type ReportedPosition } from '@relight/monitor';
import { objectionsToPhases } from '../kit/phase-rules.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';
import { independentLoops, moved, normalState } from '../kit/switching-state.ts';

const joined = fc.array(fc.nat(), { minLength: 1, maxLength: 3 });

test('no step of a plan makes a parallel or closes a tie through conductors of unconfirmed phase order', () => {
  const seen = { rejected: 0, otherSteps: 0, advisory: 0 };
  fc.assert(
    fc.property(randomGrid, fc.nat(400), difficulties, joined, (file, pick, hard, nodes) => {
      const faults = [faultOf(file, pick)];
      const { asked, result } = planFor(file, faults, { ...hard, phaseUnconfirmed: nodes });
      if (!result.ok) return;
      const { plan } = result.value;
      expect(checkPlan(asked, plan)).toEqual([]);
      if (plan.rejected.some(({ kind }) => kind === 'phaseOrder')) seen.rejected += 1;
      if (plan.advisory.some((text) => text.startsWith('The phase order'))) seen.advisory += 1;
      const sure = planFor(file, faults, hard).result;
      const steps = sure.ok ? sure.value.plan.steps.map((step) => step.switch) : [];
      if (steps.join(' ') !== plan.steps.map((step) => step.switch).join(' ')) seen.otherSteps += 1;
    }),
    runs(200),
  );
  expect(seen.rejected).toBeGreaterThan(2);
  expect(seen.otherSteps).toBeGreaterThan(2);
  expect(seen.advisory).toBeGreaterThan(2);
});

test('with phase order unconfirmed no sequence of legal moves ends better than a plan called optimal', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomGrid, fc.nat(400), difficulties, joined, (file, pick, hard, nodes) => {
      const faults = [faultOf(file, pick)];
      const { asked, result } = planFor(file, faults, { ...hard, phaseUnconfirmed: nodes });
      if (!result.ok) return;
      if (holdsAgainstAll(asked, result.value.plan)) compared += 1;
    }),
    runs(100),
  );
  expect(compared).toBeGreaterThan(20);
});

test('the monitor lets no close pass that leads a tie or a parallel through such a joint, and no other', () => {
  const seen = { refused: 0, passed: 0 };
  const draw = fc.record({
    // Everything reports, and any two sources may be joined: only the joint can speak against it.
    file: randomGrid.map((file) => ({
      ...file,
      generators: [],
      sources: file.sources.map((source) => ({ ...source, angleGroup: 'one' })),
      switches: (file.switches ?? []).map((each) => ({
        ...each,
        remote: true,
        parallelAllowed: true,
      })),
    })),
    moves: fc.array(fc.nat(), { maxLength: 4 }),
    target: fc.nat(),
    joint: fc.nat(),
  });
  fc.assert(
    fc.property(draw, ({ file, moves, target, joint }) => {
      const ids = file.switches.map(({ id }) => id);
      let now = normalState(file, new Set());
      for (const pick of moves) {
        const id = ids[pick % ids.length] ?? '';
        const next = moved(now, id, now.closed.has(id) ? 'open' : 'close');
        if (independentLoops(next) === 0) now = next;
      }
      const open = ids.filter((id) => !now.closed.has(id));
      fc.pre(open.length > 0 && independentLoops(now) === 0);
      const order = open[target % open.length] ?? '';
      const node = file.nodes[joint % file.nodes.length]?.id ?? '';
      const step = { switch: order, action: 'close' as const };
      const positions = new Map<string, ReportedPosition>(
        ids.map((id) => [
          id,
          { position: now.closed.has(id) ? 'closed' : 'open', quality: 'good', age_ms: 0 },
        ]),
      );
      const verdict = createMonitor(file).judgeOrder({
        positions,
        faulted: [],
        earthed: [],
        tagged: [],
        phaseUnconfirmed: [node],
        order: { equipment: order, operation: 'close' },
        allowParallel: true,
      });
      const told = verdict.ok ? [] : verdict.reasons.map(({ en }) => en);
      const refuses = told.some((text) => text.includes('unconfirmed phase order'));
      expect(refuses).toBe(objectionsToPhases(now, step, new Set([node])).length > 0);
      seen[refuses ? 'refused' : 'passed'] += 1;
    }),
    runs(300),
  );
  expect(seen.refused).toBeGreaterThan(10);
  expect(seen.passed).toBeGreaterThan(10);
});
