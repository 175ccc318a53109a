import { expect, test } from 'vitest';
import { change, compile, feeder, join, tie, type SmallGrid } from '../small-grids.ts';
import { problemAfterFault } from './problem-after-fault.ts';
import { scopeOfRing } from './scope.ts';
import { Search } from './search.ts';

/** Sections 2 and 3 of A behind the fault, of 1,000 and 2,000 kW; ties T to B at 2 and U to C at 3. */
function twoTies(rated_A: { readonly t: number; readonly u: number }): SmallGrid {
  const grid = join(feeder('A', 3), feeder('B', 1), feeder('C', 1), {
    switches: [
      tie('T', 'AN2', 'BN1', { rated_A: rated_A.t }),
      tie('U', 'AN3', 'CN1', { rated_A: rated_A.u }),
    ],
  });
  return change(grid, { DA3: { p_kW: 2000 } });
}

/** What the search says, before its first decision, can be served more, and with what operations. */
function outlookAfterFaultInA1(grid: SmallGrid) {
  const problem = problemAfterFault(compile(grid), 'LA1');
  const nothing = { evaluate: () => null, isLegal: () => true };
  const search = new Search(
    problem,
    scopeOfRing(problem, 0),
    { ...nothing, equalPlans: 0, isOverstretched: () => false, compare: () => 0 },
    { left: 0, explored: 0 },
    null,
  );
  const { served, operations } = search.rootOutlook();
  return { kW: served.active_W / 1000, operations };
}

test('two ties of 1,143 kW do not serve a section of 2,000 kW together', () => {
  // Live are the 1,000 kW of B and of C; only section 2 fits through a tie.
  expect(outlookAfterFaultInA1(twoTies({ t: 30, u: 30 })).kW).toBe(3000);
});

test('a section that no tie can carry must be opened off like a fault', () => {
  // Off the fault, off section 3, and the tie.
  expect(outlookAfterFaultInA1(twoTies({ t: 30, u: 30 })).operations).toBe(3);
});

test('a section counts only with all on the way to it', () => {
  // U carries nothing; T carries 2,286 kW, but 3,000 with section 2 before it.
  expect(outlookAfterFaultInA1(twoTies({ t: 60, u: 1 })).kW).toBe(3000);
  expect(outlookAfterFaultInA1(twoTies({ t: 85, u: 1 })).kW).toBe(5000);
});
