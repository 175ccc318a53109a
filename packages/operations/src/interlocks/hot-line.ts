import type { Bilingual } from '@relight/contract';
import { OPEN, traceUpstream } from '@relight/topology';
import { pointOf, switchName, type Engine } from '../engine.ts';
import { entryAt } from '../entry-at.ts';
import { goodValue } from '../process-image.ts';
import { say } from '../signal-text.ts';
import type { OperationsState } from '../state.ts';
import { tagsOf, tagText } from '../tag.ts';
import { endsOf, partJoined, wholePartAt, type Verdict, type WantedMove } from './interlock.ts';

/**
 * Interlock 7, people at work on a live line: no close of the tagged device, nothing that
 * energises the part again after a trip, and no close that would give it another way of supply.
 * Nobody overrides it; it ends when the owner reports the crew clear.
 */
export function disturbsHotLine(move: WantedMove): Verdict {
  const { engine, state, switchIndex } = move;
  if (move.operation === 'open')
    return { ok: true, text: say('không đóng điện', 'closes nothing') };
  // Opening something afterwards could give each of them another supply.
  const joined = (): readonly number[] =>
    partJoined(move).map((node) => entryAt(engine.network.nodeSection, node));
  for (const tag of tagsOf(state, 'hotLine')) {
    const whose = tagText(tag);
    if (tag.switchIndex === switchIndex) return { ok: false, text: whose };
    const dead = move.region.some((node) =>
      tag.sections.includes(entryAt(engine.network.nodeSection, node)),
    );
    if (dead) {
      return {
        ok: false,
        text: say(
          `đóng điện lại vào nơi đang sửa chữa nóng: ${whose.vi}`,
          `would energise hot-line work again: ${whose.en}`,
        ),
      };
    }
    if (move.region.length === 0 && joined().some((section) => tag.sections.includes(section))) {
      return {
        ok: false,
        text: say(
          `chuyển nguồn của nơi đang sửa chữa nóng: ${whose.vi}`,
          `would transfer hot-line work to another supply: ${whose.en}`,
        ),
      };
    }
  }
  return { ok: true, text: say('không chạm nơi sửa chữa nóng', 'touches no hot-line work') };
}

/** Automatic reclosing of this device would come back onto hot-line work, or onto its own tag. */
export function reclosesOntoHotLine(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
): Verdict {
  for (const tag of tagsOf(state, 'hotLine')) {
    const above = protectionAbove(engine, state, tag.sections);
    if (tag.switchIndex === switchIndex || above.includes(switchIndex)) {
      return { ok: false, text: tagText(tag) };
    }
  }
  return { ok: true, text: say('không có sửa chữa nóng phía sau', 'no hot-line work behind it') };
}

/**
 * Why hot-line work may not begin here: a protective device upstream, in the present topology,
 * whose reclosing is not off and read back. Null: it may.
 * @param seenOff - ids of devices that report no reclosing and that a person has looked at; the
 *   word of nobody counts for a device that reports it.
 */
export function whyNotHotLine(
  engine: Engine,
  state: OperationsState,
  switchIndex: number,
  sections: readonly number[],
  seenOff: readonly string[],
): Bilingual | null {
  const devices = new Set(protectionAbove(engine, state, sections));
  if (switchIndex !== -1) devices.add(switchIndex);
  const unsure = [...devices]
    .sort((a, b) => a - b)
    .filter((device) => mayReclose(engine, state, device, seenOff))
    .map((device) => switchName(engine, device));
  if (unsure.length === 0) return null;
  const names = unsure.join(', ');
  return say(
    `tự đóng lại chưa khóa và đọc lại được tại: ${names}`,
    `reclosing is not off and read back at: ${names}`,
  );
}

/**
 * It recloses by itself, or nobody knows that it does not: a breaker that reports no reclosing may
 * have it all the same. Only a fuse never does, and what a switch without protection is not asked
 * about never trips.
 */
function mayReclose(
  engine: Engine,
  state: OperationsState,
  device: number,
  seenOff: readonly string[],
): boolean {
  if (pointOf(engine, device, 'reclosing') === -1) {
    const { kind, protects, id } = entryAt(engine.grid.switches, device);
    return protects && kind !== 'fuse' && !seenOff.includes(id);
  }
  return goodValue(engine, state, device, 'reclosing') !== false;
}

/** Protective devices on the ways of these sections up to their sources now, ascending. */
export function protectionAbove(
  engine: Engine,
  state: OperationsState,
  sections: readonly number[],
): readonly number[] {
  return waysUp(engine, state, sections).filter(
    (index) => entryAt(engine.grid.switches, index).protects,
  );
}

/**
 * Switches on the ways of these sections up to their sources now; where it is not known which way
 * that is, every switch it may lead through. Ascending.
 */
export function waysUp(
  engine: Engine,
  state: OperationsState,
  sections: readonly number[],
): readonly number[] {
  const { network } = engine;
  const found = new Set<number>();
  for (const section of sections) {
    const node = entryAt(network.sectionNodes, entryAt(network.sectionStart, section));
    for (const branch of traceUpstream(network, state.energisation, node)) {
      if (branch >= network.firstSwitchBranch) found.add(branch - network.firstSwitchBranch);
    }
    const isKnown =
      entryAt(state.energisation.nodeSource, node) !== -1 ||
      state.energisation.maybeLive[node] !== 1;
    if (!isKnown) for (const each of switchesOfPart(engine, state, node)) found.add(each);
  }
  return [...found].sort((a, b) => a - b);
}

/** Switches not known to be open in all that may hang together with a node. */
function switchesOfPart(engine: Engine, state: OperationsState, from: number): readonly number[] {
  const part = new Set(wholePartAt(engine, state, [from]));
  return engine.grid.switches.flatMap((_, index) => {
    const joins = endsOf(engine, index).every((end) => part.has(end));
    return joins && state.positions[index] !== OPEN ? [index] : [];
  });
}
