import type { Bilingual } from '@relight/contract';
import { CLOSED, energise } from '@relight/topology';
import { pointOf, switchName, type Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { goodValue } from '../process-image.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';

/**
 * Sections that people declared repaired in any incident whose way back is not over: this one may
 * lead through a part that another one has repaired, and nobody knows yet whether that holds either.
 */
export function repairedSections({ incidents }: OperationsState): ReadonlySet<number> {
  const open = incidents.filter(({ state }) => state !== 'returned' && state !== 'momentary');
  return new Set(open.flatMap(({ liftedSections }) => liftedSections));
}

/** Breakers and reclosers that do not reclose, or whose reclosing can be switched off from here. */
export function energisers(engine: Engine, state: OperationsState): ReadonlySet<number> {
  const found = new Set<number>();
  engine.grid.switches.forEach(({ kind }, at) => {
    if (kind !== 'breaker' && kind !== 'recloser') return;
    const point = pointOf(engine, at, 'reclosing');
    const recloses = point === -1 ? false : goodValue(engine, state, at, 'reclosing');
    // Of one that does not say, nobody knows whether it would close onto the part a second time.
    const mayBeSwitchedOff = recloses === true && engine.points[point]?.commandable === true;
    if (recloses === false || mayBeSwitchedOff) found.add(at);
  });
  return found;
}

/**
 * Why a close of a way back has to wait: it would be the first to give life to a repaired part, and its
 * device is no breaker or recloser, or its reclosing does not read off. null: nothing speaks against
 * it. Asked at the close itself, for reclosing is also switched on at the device, after the plan.
 */
export function whyNotFirst(engine: Engine, state: OperationsState, at: number): Bilingual | null {
  const { network } = engine;
  const isLive = (live: ReturnType<typeof energise>, section: number): boolean =>
    entryAt(
      live.nodeSource,
      entryAt(network.sectionNodes, entryAt(network.sectionStart, section)),
    ) !== -1;
  const dead = [...repairedSections(state)].filter((each) => !isLive(state.energisation, each));
  if (dead.length === 0) return null;
  const positions = state.positions.slice();
  positions[at] = CLOSED;
  const after = energise(network, positions);
  if (!dead.some((section) => isLive(after, section))) return null;
  const hasReclosing = pointOf(engine, at, 'reclosing') !== -1;
  const isOff = !hasReclosing || goodValue(engine, state, at, 'reclosing') === false;
  if (isOff && energisers(engine, state).has(at)) return null;
  const name = switchName(engine, at);
  return say(
    `${name}: đóng điện lần đầu phần đã sửa chỉ bằng máy cắt hoặc recloser đã khóa tự đóng lại`,
    `${name}: only a breaker or recloser whose reclosing is off may energise the repaired part first`,
  );
}
