import { FORBIDDING_ALARMS } from '@relight/contract';
import { OPEN } from '@relight/topology';
import { pointOf, type Engine } from './engine.ts';
import { entryAt } from './entry-at.ts';
import { regionOfClose, type Verdict } from './interlocks/interlock.ts';
import { readingAge_ms } from './process-image.ts';
import { figure, say } from './signal-text.ts';
import type { OperationsState } from './state.ts';
import type { WantedOperation } from './wanted-operation.ts';

/**
 * Points whose reading the decision rests on: the device's own, and for a close the open
 * switches that keep what it energises apart from everything else. Ascending.
 */
function readingsUsed(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
): readonly number[] {
  const { switchIndex, operation } = wanted;
  const used = new Set([pointOf(engine, switchIndex, 'position')]);
  for (const signal of ['localRemote', ...FORBIDDING_ALARMS] as const) {
    used.add(pointOf(engine, switchIndex, signal));
  }
  if (operation === 'close') {
    const { network } = engine;
    for (const node of regionOfClose(engine, state, switchIndex)) {
      const last = entryAt(network.adjacencyStart, node + 1);
      for (let entry = entryAt(network.adjacencyStart, node); entry < last; entry++) {
        const at = entryAt(network.adjacencyBranch, entry) - network.firstSwitchBranch;
        if (at >= 0 && state.positions[at] === OPEN) used.add(pointOf(engine, at, 'position'));
      }
    }
  } else if (operation !== 'open') used.add(pointOf(engine, switchIndex, 'reclosing'));
  used.delete(-1);
  return [...used].sort((a, b) => a - b);
}

/** Ids of the RTUs whose readings are too old to decide on, sorted. */
export function rtusToRead(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
  now_ms: number,
): readonly string[] {
  const limit_ms = state.configuration.oldestReading_ms;
  const rtus = new Set<string>();
  for (const point of readingsUsed(engine, state, wanted)) {
    const age_ms = readingAge_ms(engine, state, point, now_ms);
    if (age_ms !== null && age_ms <= limit_ms) continue;
    rtus.add(entryAt(engine.rtus, entryAt(engine.points, point).rtu).id);
  }
  return [...rtus].sort();
}

/** Every reading the decision rests on is there and young enough. */
export function judgeAge(
  engine: Engine,
  state: OperationsState,
  wanted: WantedOperation,
  now_ms: number,
): Verdict {
  const limit_ms = state.configuration.oldestReading_ms;
  let oldest_ms = 0;
  for (const point of readingsUsed(engine, state, wanted)) {
    const age_ms = readingAge_ms(engine, state, point, now_ms);
    if (age_ms === null) {
      const id = entryAt(engine.points, point).equipment;
      return { ok: false, text: say(`${id}: không có số liệu tốt`, `${id}: no good reading`) };
    }
    oldest_ms = Math.max(oldest_ms, age_ms);
  }
  const age = figure(oldest_ms / 1_000, 1);
  const limit = figure(limit_ms / 1_000, 0);
  return {
    ok: oldest_ms <= limit_ms,
    text: say(`${age.vi} s (cho phép ${limit.vi} s)`, `${age.en} s (limit ${limit.en} s)`),
  };
}
