import { entryAt } from '../entry-at.ts';
import { goodValue } from '../process-image.ts';
import { figure, say } from '../signal-text.ts';
import { deadPartAt, endsOf, hasGenerator, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Interlock 3: no open beyond what the device can break: a load-break switch up to its rated
 * current; disconnectors and sectionalisers move only while both sides are dead, a fuse is
 * never moved by command. "Dead" is claimed only where no path from any source or
 * generator exists.
 */
export function breaksCurrent(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  const { kind, ratedCurrent } = entryAt(engine.grid.switches, switchIndex);
  if (kind === 'fuse') {
    return {
      ok: false,
      text: say('cầu chì không thao tác từ xa', 'a fuse is not moved by command'),
    };
  }
  const { maybeLive } = state.energisation;
  const ends = endsOf(engine, switchIndex);
  const live =
    ends.some((end) => maybeLive[end] === 1) ||
    hasGenerator(engine, deadPartAt(engine, state, ends));
  if ((kind === 'disconnector' || kind === 'sectionaliser') && live) {
    return {
      ok: false,
      text: say(
        'dao không cắt được dòng tải: chỉ thao tác khi hai phía mất điện',
        'cannot break load: moves only while both sides are dead',
      ),
    };
  }
  const rated_A = ratedCurrent;
  const flowing_A = goodValue(engine, state, switchIndex, 'current_A');
  const breaksFaults = kind === 'breaker' || kind === 'recloser';
  if (move.operation === 'open' && !breaksFaults && rated_A !== null) {
    if (typeof flowing_A === 'number' && Math.abs(flowing_A) > rated_A) {
      const now = figure(Math.abs(flowing_A), 0);
      const most = figure(rated_A, 0);
      return {
        ok: false,
        text: say(
          `dòng ${now.vi} A, thiết bị chỉ cắt được ${most.vi} A`,
          `carries ${now.en} A, the device breaks no more than ${most.en} A`,
        ),
      };
    }
  }
  return {
    ok: true,
    text: say('thiết bị đóng cắt được dòng tải', 'the device can make and break load'),
  };
}
