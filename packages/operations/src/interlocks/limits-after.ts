import { solveLoadFlow, violations, type LoadState, type Violation } from '@relight/powerflow';
import { CLOSED, energise, type Energisation, type Positions } from '@relight/topology';
import { entryAt } from '../entry-at.ts';
import { loadsWhenBack } from '../load-estimate.ts';
import { figure, say } from '../signal-text.ts';
import { endsOf, type Verdict, type WantedMove } from './interlock.ts';

/** What is already outside its limit may not get worse by more than this share. */
const TOLERANCE = 1e-4;

/**
 * Interlock 5: loading and voltage stay within their limits after a close, by load flow of the
 * trees it touches. What was outside its limit before does not forbid it unless it gets worse.
 */
export function limitsAfter(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  if (move.operation === 'open' || (move.region.length === 0 && !bothSidesLive(move))) {
    return { ok: true, text: say('không thêm tải', 'adds no load') };
  }
  const after = state.positions.slice();
  after[switchIndex] = CLOSED;
  const energisedAfter = energise(engine.network, after);
  const sources = new Set(
    endsOf(engine, switchIndex)
      .map((end) => entryAt(energisedAfter.nodeSource, end))
      .filter((source) => source !== -1),
  );
  if (sources.size === 0) return { ok: true, text: say('không thêm tải', 'adds no load') };
  const loads = loadsWhenBack(engine, state, move.now_ms);
  const worse = newViolation(
    brokenLimits(move, after, energisedAfter, sources, loads),
    brokenLimits(move, state.positions, state.energisation, sources, loads),
  );
  if (worse === null) {
    return {
      ok: true,
      text: say('tải và điện áp trong giới hạn', 'load and voltage within limits'),
    };
  }
  if (worse === 'unsolved') {
    return { ok: false, text: say('trào lưu không hội tụ', 'the load flow does not converge') };
  }
  const value = figure(worse.value, worse.unit === 'pu' ? 3 : 0);
  const allowed = figure(worse.allowed, worse.unit === 'pu' ? 3 : 0);
  const { equipment, unit } = worse;
  return {
    ok: false,
    text: say(
      `${equipment}: ${value.vi} ${unit}, cho phép ${allowed.vi} ${unit}`,
      `${equipment}: ${value.en} ${unit}, allowed ${allowed.en} ${unit}`,
    ),
  };
}

function bothSidesLive(move: WantedMove): boolean {
  const { nodeSource } = move.state.energisation;
  return endsOf(move.engine, move.switchIndex).every((end) => entryAt(nodeSource, end) !== -1);
}

function brokenLimits(
  move: WantedMove,
  positions: Positions,
  energisation: Energisation,
  onlySources: ReadonlySet<number>,
  loads: LoadState,
): readonly Violation[] | null {
  const { network } = move.engine;
  const flow = solveLoadFlow({ network, positions, energisation, loads, onlySources });
  return flow.converged ? violations(network, flow) : null;
}

/** The first limit broken after that was not broken before, or is broken more. */
function newViolation(
  after: readonly Violation[] | null,
  before: readonly Violation[] | null,
): Violation | 'unsolved' | null {
  // Without a state before it nothing can be said to have been outside its limit already.
  if (after === null || before === null) return 'unsolved';
  return (
    after.find((violation) => {
      const known = before.find(
        (each) => each.kind === violation.kind && each.equipment === violation.equipment,
      );
      if (known === undefined) return true;
      const change = violation.value - known.value;
      // A low voltage gets worse downwards, everything else upwards.
      const growth = violation.value < violation.allowed ? -change : change;
      return growth > TOLERANCE * known.value;
    }) ?? null
  );
}
