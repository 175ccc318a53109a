import { pointOf, type Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { goodValue, readingAge_ms } from '../process-image.ts';
import { figure, say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { deadPartAt, endsOf, hasGenerator, type Verdict, type WantedMove } from './interlock.ts';

/** A current up to this is none: what transducers show on a dead line, A. */
const NOUGHT_A = 1;

/**
 * A switch that was closed onto a fault is opened again after the trip: one that breaks fault
 * current at once, any other only where its line reads dead. That takes more than the picture: no
 * way leads from any source or generator to either side, and readings made since the lockout say
 * so too, the current through it or the voltage at both its sides.
 * @param lockedOut_ms - monotonic time since which the feeder stands tripped for good; infinite: it
 *   may still reclose.
 */
export function opensDead(move: WantedMove, lockedOut_ms: number): Verdict {
  const { engine, state, switchIndex } = move;
  const { kind } = entryAt(engine.grid.switches, switchIndex);
  if (kind === 'breaker' || kind === 'recloser') {
    return { ok: true, text: say('cắt được dòng sự cố', 'breaks fault current') };
  }
  if (lockedOut_ms > move.now_ms) {
    return {
      ok: false,
      text: say('máy cắt còn có thể tự đóng lại', 'the tripped device may still reclose'),
    };
  }
  const ends = endsOf(engine, switchIndex);
  const { maybeLive } = state.energisation;
  const isFed = ends.some((end) => maybeLive[end] === 1);
  if (isFed || hasGenerator(engine, deadPartAt(engine, state, ends))) {
    return {
      ok: false,
      text: say('đường dây có thể còn điện', 'a way leads to its line from a source or generator'),
    };
  }
  return readsDead(engine, state, switchIndex, move.now_ms, lockedOut_ms);
}

function readsDead(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
  now_ms: number,
  since_ms: number,
): Verdict {
  const { oldestReading_ms } = state.configuration;
  const most_ms = Math.min(now_ms - since_ms, oldestReading_ms);
  const isFresh = (point: number): boolean => {
    const age_ms = readingAge_ms(engine, state, point, now_ms);
    return age_ms !== null && age_ms < most_ms;
  };
  const deadSides = new Set<'from' | 'to'>();
  for (const [at, { signal, side, switchIndex: owner }] of engine.points.entries()) {
    if (owner !== switchIndex || signal !== 'voltagePresent') continue;
    const { quality, value } = entryAt(state.points, at);
    if (quality !== 'good') continue;
    if (value === true) {
      return { ok: false, text: say('còn báo có điện áp', 'voltage is reported at it') };
    }
    if (value === false && side !== null && isFresh(at)) deadSides.add(side);
  }
  const current = goodValue(engine, state, switchIndex, 'current_A');
  if (typeof current === 'number' && isFresh(pointOf(engine, switchIndex, 'current_A'))) {
    const shown = figure(Math.abs(current), 1);
    return Math.abs(current) <= NOUGHT_A
      ? { ok: true, text: say('không điện: dòng bằng 0', 'dead: no current') }
      : {
          ok: false,
          text: say(`còn dòng ${shown.vi} A`, `still reads a current of ${shown.en} A`),
        };
  }
  if (deadSides.size === 2) {
    return { ok: true, text: say('hai phía không điện áp', 'dead: no voltage at either side') };
  }
  return {
    ok: false,
    text: say(
      'chưa có số đo tốt cho thấy đường dây không điện',
      'no good reading since the lockout shows that its line is dead',
    ),
  };
}
