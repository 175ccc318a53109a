import type { Actor, Gate } from '@relight/contract';
import { isTrying } from './declared-trial.ts';
import { pointOf, type Engine } from './engine.ts';
import { engineOf } from './normal-state/effective-engine.ts';
import { judgeGates } from './gates.ts';
import { personOf } from './people.ts';
import { trialsOf } from './possible-trials.ts';
import { goodValue } from './process-image.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';

/** No command has this id: it only stands for the one a declaration would make. */
const UNMADE = 'trial that is only looked at';

/**
 * Every condition a declared trial close would have to meet, met or not: that it may be declared,
 * reclosing, then the gates of the close with the one exception the declaration makes. All open is
 * what `declareTrial` asks for. Nothing is changed.
 * @returns null where there is no such incident or switch.
 */
export function checkTrialGates(
  fileEngine: Engine,
  state: OperationsState,
  wanted: { readonly incident: string; readonly equipment: string },
  at: { readonly monotonic_ms: number; readonly actor?: Actor | undefined },
): readonly Gate[] | null {
  const engine = engineOf(fileEngine, state);
  const incident = state.incidents.find((each) => each.id === wanted.incident);
  const switchIndex = engine.network.index.switch.get(wanted.equipment);
  if (incident === undefined || switchIndex === undefined) return null;
  const trials = trialsOf(engine, state, incident);
  const trial = trials?.proposed.find((each) => each.switchIndex === switchIndex);
  const why = trials?.refused.find((each) => each.switchIndex === switchIndex)?.why;
  const isTried = trial !== undefined && incident.tried.includes(trial.sections.join(' '));
  const recloses = pointOf(engine, switchIndex, 'reclosing') !== -1;
  const isOff = !recloses || goodValue(engine, state, switchIndex, 'reclosing') === false;
  const person = at.actor === undefined ? null : personOf('', at.actor);
  const close = { switchIndex, operation: 'close' as const, incident: null, person };
  const before = incident.trial;
  // The gates know a trial by its command; it stands there only while they are asked.
  if (trial !== undefined && !isTrying(incident)) {
    incident.trial = {
      switchIndex,
      sections: trial.sections,
      command: UNMADE,
      by: '',
      at_ms: 0,
      state: 'closing',
      watchUntil_ms: null,
    };
  }
  let gates: readonly Gate[];
  try {
    gates = judgeGates(engine, state, { ...close, command: UNMADE }, at.monotonic_ms);
  } finally {
    incident.trial = before;
  }
  return [
    {
      name: 'trial',
      ok: trial !== undefined && !isTried,
      label: say('Đóng thử', 'Trial close'),
      text:
        trial === undefined
          ? (why ?? say('không đóng thử được lúc này', 'no trial close is possible now'))
          : isTried
            ? say(
                'phần này đã thử một lần; cắt bớt rồi mới thử lại',
                'this part has been tried once; open a switch between first',
              )
            : say('được khai báo một lần', 'may be declared once'),
    },
    {
      name: 'reclosing',
      ok: isOff,
      label: say('Tự đóng lại', 'Reclosing'),
      text: isOff
        ? say('đã khóa', 'is off')
        : say('phải khóa trước khi đóng thử', 'must read off before a trial close'),
    },
    ...gates,
  ];
}
