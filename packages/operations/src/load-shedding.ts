import { clearAlarm, raiseAlarm } from './alarms.ts';
import type { Engine } from './engine.ts';
import { feedersAt } from './feeders-at.ts';
import { stopPlansOn } from './incident-changes.ts';
import { say } from './signal-text.ts';
import type { FeederState } from './state.ts';
import { record, type StepContext } from './step-context.ts';

/** Takes up the load-shedding signals of this step. */
export function noteLoadShedding(context: StepContext): void {
  for (const { point, isOn } of context.sheddingSignals) takeSignal(context, point, isOn);
}

/**
 * A load-shedding signal came or went: while it is on, automation is off on every feeder it
 * speaks for, and the plans on them stop; the mode set by a person is not touched, so it holds
 * again when the signal ends. A signal whose reading is lost counts as it last was.
 */
function takeSignal(context: StepContext, point: number, isOn: boolean): void {
  for (const feeder of feedersOf(context, point)) {
    const state = context.state.feeders[feeder];
    if (state === undefined || state.shedding.includes(point) === isOn) continue;
    const was = state.shedding.length > 0;
    state.shedding = isOn
      ? [...state.shedding, point].sort((a, b) => a - b)
      : state.shedding.filter((each) => each !== point);
    const now = state.shedding.length > 0;
    if (was !== now) tell(context, feeder, state, now);
  }
}

function tell(context: StepContext, feeder: number, state: FeederState, isOn: boolean): void {
  const { grid } = context.engine;
  const { id, name, head } = grid.feeders[feeder]!;
  record(context, 'mode', 'field', null, { feeder: id, mode: state.mode, loadShedding: isOn });
  context.touched.feeders.add(feeder);
  context.touched.summary = true;
  const key = `shedding/${id}`;
  if (!isOn) {
    clearAlarm(context, key);
    return;
  }
  const text = say(
    `${name}: đang sa thải phụ tải, tự động hóa tắt đến khi hết tín hiệu`,
    `${name}: load is being shed, automation is off until the signal ends`,
  );
  raiseAlarm(context, { key, priority: 2, equipment: grid.switches[head]?.id ?? '', text });
  stopPlansOn(context, feeder, text);
}

/** A switch speaks for its feeders, a station for those of its busbars, anything else for all. */
function feedersOf(context: StepContext, point: number): readonly number[] {
  const { engine } = context;
  const compiled = engine.points[point];
  if (compiled === undefined) return [];
  if (compiled.switchIndex !== -1) return feedersAt(context, compiled.switchIndex);
  const station = stationOf(engine, compiled.equipment);
  const all = engine.grid.feeders.map((_, feeder) => feeder);
  if (station === null) return all;
  return all.filter((feeder) => {
    const device = engine.grid.switches[engine.grid.feeders[feeder]?.head ?? -1];
    return [device?.from, device?.to].some(
      (node) => engine.grid.connectivityNodes[node ?? -1]?.substation === station,
    );
  });
}

function stationOf(engine: Engine, equipment: string): string | null {
  const { grid, network } = engine;
  if (grid.substations.some(({ id }) => id === equipment)) return equipment;
  const node = network.index.node.get(equipment);
  return node === undefined ? null : (grid.connectivityNodes[node]?.substation ?? null);
}

/** Load is being shed on the feeder: no automation, whatever its mode. */
export function isShedding(feeder: FeederState | undefined): boolean {
  return feeder !== undefined && feeder.shedding.length > 0;
}
