import type { GridFile } from '@relight/contract';
import { createMonitor, type ReportedPosition } from '@relight/monitor';
import { checkGates } from '../../packages/operations/src/index.ts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AN } from '../../packages/operations/src/testing/people.ts';
import { ScriptedField } from '../../packages/operations/src/testing/scripted-field.ts';
import { pointListOf } from '../../packages/operations/src/testing/two-feeders.ts';
import { checkPlan } from '../kit/check-plan.ts';
import { modelOf } from '../kit/load-grid.ts';
import { holdsAgainstAll } from '../kit/against-exhaustive.ts';
import { randomGrid, runs } from '../kit/random-grid.ts';
import { objectionsToPhases } from '../kit/phase-rules.ts';
import { difficulties, faultOf, planFor } from '../kit/random-request.ts';
import {
  independentLoops,
  moved,
  normalState,
  type SwitchingState,
} from '../kit/switching-state.ts';

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

/** A radial state in which everything reports, and any two sources may be joined. */
const joinable = fc.record({
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
  joint: fc.nat(),
});

function stateAfter(file: GridFile, moves: readonly number[]): SwitchingState {
  const ids = (file.switches ?? []).map(({ id }) => id);
  let now = normalState(file, new Set());
  for (const pick of moves) {
    const id = ids[pick % ids.length] ?? '';
    const next = moved(now, id, now.closed.has(id) ? 'open' : 'close');
    if (independentLoops(next) === 0) now = next;
  }
  return now;
}

test('the interlock refuses the same closes by hand', () => {
  const seen = { refused: 0, passed: 0 };
  fc.assert(
    fc.property(joinable, ({ file, moves, joint }) => {
      const now = stateAfter(file, moves);
      fc.pre(independentLoops(now) === 0);
      const node = file.nodes[joint % file.nodes.length]?.id ?? '';
      const grid = modelOf(file);
      const positions = Uint8Array.from(grid.switches, ({ id }) => (now.closed.has(id) ? 1 : 0));
      const world = new ScriptedField({ grid, pointList: pointListOf(grid) }, {}, { positions });
      world.run(1_000);
      const section = world.views.sections.find(({ nodes }) => nodes.includes(node))?.id ?? '';
      world.askAs(AN, {
        type: 'reportPhaseOrder',
        section,
        report: { state: 'unconfirmed', text: 'joint' },
      });
      for (const { id } of file.switches.filter((each) => !now.closed.has(each.id))) {
        const wanted = { equipment: id, operation: 'close' as const };
        const gates = checkGates(world.engine, world.state, wanted, { monotonic_ms: world.now });
        const isOpen = gates?.find(({ name }) => name === 'phaseOrder')?.ok === true;
        const why = objectionsToPhases(now, { switch: id, action: 'close' }, new Set([node]));
        expect([id, isOpen]).toEqual([id, why.length === 0]);
        seen[isOpen ? 'passed' : 'refused'] += 1;
      }
    }),
    runs(80),
  );
  expect(seen.refused).toBeGreaterThan(10);
  expect(seen.passed).toBeGreaterThan(10);
});

test('the monitor lets no close pass that leads a tie or a parallel through such a joint, and no other', () => {
  const seen = { refused: 0, passed: 0 };
  const draw = fc.record({ drawn: joinable, target: fc.nat() });
  fc.assert(
    fc.property(draw, ({ drawn: { file, moves, joint }, target }) => {
      const ids = file.switches.map(({ id }) => id);
      const now = stateAfter(file, moves);
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
