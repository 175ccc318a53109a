import { clearAlarm, raiseAlarm } from '../alarms.ts';
import { nodeOfPoint } from '../point-node.ts';
import { requestReading, type StepContext } from '../step-context.ts';
import { figure, say } from '../signal-text.ts';
import { isOver, stands, type EarthFault, type SearchedFeeder } from './earth-fault-state.ts';
import { neutralNetworkOf, runsWithEarthFault } from './neutral-network.ts';

/** 3U0 above this share of the phase-to-earth voltage is an earth fault, … */
const RAISED = 0.3;
/** … below this one it is none: between them nothing changes. */
const FALLEN = 0.15;
/** Earth faults kept for looking back. */
const KEPT = 20;

/** Takes up the readings of 3U0 of this step. */
export function takeNeutralVoltages(context: StepContext): void {
  const { engine, touched } = context;
  for (const point of [...touched.points].sort((a, b) => a - b)) {
    if (engine.points[point]?.signal === 'neutralVoltage_kV') takeReading(context, point);
  }
}

function takeReading(context: StepContext, point: number): void {
  const { state } = context;
  const level = levelOf(context, point);
  const known = state.earthFaults.find((each) => each.point === point && !isOver(each));
  if (known !== undefined) {
    context.touched.earthFaults.add(known.id);
    const ends =
      known.state === 'standing' || (known.state === 'running' && known.command === null);
    if (level === 'fallen' && ends) end(context, known);
    return;
  }
  if (level !== 'raised') return;
  const network = neutralNetworkOf(context.engine, state, nodeOfPoint(context.engine, point));
  if (network === null || !runsWithEarthFault(context.engine, network)) return;
  if (state.earthFaults.some((each) => each.network === network && stands(each))) return;
  begin(context, point, network);
}

/** What the last good reading says; null: there is none, or it lies between the limits. */
export function levelOf(context: StepContext, point: number): 'raised' | 'fallen' | null {
  const { engine, state } = context;
  const reading = state.points[point];
  if (reading?.quality !== 'good' || typeof reading.value !== 'number') return null;
  const nominal = engine.grid.connectivityNodes[nodeOfPoint(engine, point)]?.nominalVoltage;
  if (nominal === undefined) return null;
  const share = (Math.abs(reading.value) * 1_000 * Math.sqrt(3)) / nominal;
  return share >= RAISED ? 'raised' : share < FALLEN ? 'fallen' : null;
}

function begin(context: StepContext, point: number, network: string): void {
  const { state } = context;
  const fault: EarthFault = {
    id: `EF-${state.run}-${state.nextEarthFault}`,
    network,
    point,
    state: 'standing',
    since_ms: context.at_ms,
    feeders: feedersOf(context, network),
    trying: null,
    command: null,
    person: null,
    watchFrom_ms: null,
    toldBlind: false,
    runUntil_ms: null,
    runUntilWall_ms: null,
    incident: null,
  };
  state.nextEarthFault += 1;
  state.earthFaults.push(fault);
  const old = state.earthFaults.findIndex(isOver);
  if (state.earthFaults.length > KEPT && old !== -1) state.earthFaults.splice(old, 1);
  context.touched.earthFaults.add(fault.id);
  const value = state.points[point]?.value;
  const kV = figure(typeof value === 'number' ? value : 0, 1);
  raiseAlarm(context, {
    key: `earthFault/${network}`,
    priority: 1,
    equipment: context.engine.points[point]?.equipment ?? network,
    text: say(
      `Lưới ${network}: chạm đất một pha, 3U0 = ${kV.vi} kV; cấm khép vòng và chuyển tải`,
      `Network ${network}: earth fault, 3U0 = ${kV.en} kV; no tie and no transfer there`,
    ),
  });
  // What was read last may be older than the alarm: the stations are asked how they stand now.
  const rtu = context.engine.rtus[context.engine.points[point]?.rtu ?? -1];
  if (rtu !== undefined) requestReading(context, [rtu.id]);
}

/** 3U0 has gone by itself. */
export function end(context: StepContext, fault: EarthFault): void {
  fault.state = 'gone';
  fault.since_ms = null;
  fault.runUntil_ms = null;
  fault.runUntilWall_ms = null;
  context.touched.earthFaults.add(fault.id);
  clearAlarm(context, `earthFault/${fault.network}`);
  clearAlarm(context, `earthFaultTime/${fault.id}`);
}

/** Feeders that hang on the network now, fewest customers first. */
function feedersOf(context: StepContext, network: string): SearchedFeeder[] {
  const { engine, state } = context;
  return engine.grid.feeders
    .flatMap(({ head }, feeder): SearchedFeeder[] => {
      const device = engine.grid.switches[head];
      const hangs = [device?.from, device?.to].some(
        (node) => node !== undefined && neutralNetworkOf(engine, state, node) === network,
      );
      if (!hangs) return [];
      const customers = engine.sections.reduce(
        (sum, info, section) =>
          state.sections[section]?.feeder === feeder ? sum + info.customers : sum,
        0,
      );
      return [{ feeder, customers, state: 'waiting' }];
    })
    .sort((a, b) => a.customers - b.customers || a.feeder - b.feeder);
}
