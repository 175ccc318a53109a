import { say } from '../signal-text.ts';
import { deadPartAt, endsOf, hasGenerator, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Interlock 3: disconnectors and sectionalisers move only while both sides are dead, a fuse is
 * never moved by command. "Dead" is claimed only where no path from any source or
 * generator exists.
 */
export function breaksCurrent(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  const kind = engine.grid.switches[switchIndex]?.kind;
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
  return {
    ok: true,
    text: say('thiết bị đóng cắt được dòng tải', 'the device can make and break load'),
  };
}
