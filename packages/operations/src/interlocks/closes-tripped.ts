import { switchName, type Engine } from '../engine.ts';
import { goodValue } from '../process-image.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import type { Incident } from '../incident-state.ts';
import { isLocated } from './energises-fault.ts';
import { endsOf, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Interlock 6 where the fault is not known at all: no close of a device whose protection says it
 * has tripped, and none onto the part behind one, as long as no incident has located that fault
 * and no person has lifted it. Nobody overrides it.
 */
export function closesTripped(move: WantedMove, tried: Incident | null): Verdict {
  const { engine, state, switchIndex, region } = move;
  if (move.operation === 'open') {
    return { ok: true, text: say('không đóng điện', 'closes nothing') };
  }
  const isTrial = tried?.trial?.switchIndex === switchIndex;
  if (!isTrial && saysTripped(engine, state, switchIndex) && !isTripAnswered(state, switchIndex)) {
    return {
      ok: false,
      text: say(
        'bảo vệ đã tác động, chưa xác định được điểm sự cố',
        'its protection tripped, and that fault has not been located',
      ),
    };
  }
  const found = state.foundTripped.find((each) =>
    endsOf(engine, each.switchIndex).some((end) => region.includes(end)),
  );
  if (found !== undefined) {
    const name = switchName(engine, found.switchIndex);
    return {
      ok: false,
      text: say(
        `đóng điện vào phần do ${name} cắt, chưa rõ nguyên nhân`,
        `would energise what ${name} tripped for a reason not known yet`,
      ),
    };
  }
  return { ok: true, text: say('không có bảo vệ tác động chưa rõ', 'no trip is unexplained') };
}

/** The relay says, with good quality, that it has tripped or locked out. */
export function saysTripped(engine: Engine, state: OperationsState, switchIndex: number): boolean {
  return (
    goodValue(engine, state, switchIndex, 'lockout') === true ||
    goodValue(engine, state, switchIndex, 'protectionTrip') === true
  );
}

/** The newest incident that knows of the trip has located its fault, or a person has lifted it. */
function isTripAnswered(state: OperationsState, switchIndex: number): boolean {
  const incident = state.incidents.findLast((each) =>
    each.trips.some((trip) => trip.switchIndex === switchIndex && !trip.over),
  );
  if (incident === undefined) return false;
  return incident.lifted || incident.state === 'momentary' || isLocated(incident);
}
