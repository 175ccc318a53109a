import type { Bilingual } from '@relight/contract';
import { OPEN } from '@relight/topology';
import type { Engine } from './engine.ts';
import { say } from './signal-text.ts';
import type { OperationsState } from './state.ts';

/** A permit that is out, or an earth that is on. */
export interface HoldLeft {
  readonly kind: 'permit' | 'earth';
  readonly text: Bilingual;
}

/**
 * Tags of crews, portable earths and earthing switches that are still on the sections. An earthing
 * switch counts as on unless it provably stands open.
 */
export function holdsLeft(
  engine: Engine,
  state: OperationsState,
  sections: readonly number[],
): readonly HoldLeft[] {
  const name = (section: number): string => engine.sections[section]?.name ?? '';
  const tags = [...state.tags.values()].flatMap(({ standing, sections: held }): HoldLeft[] => {
    const at = held.find((section) => sections.includes(section));
    const isPermit = standing.kind === 'crewAtWork' || standing.kind === 'hotLine';
    if (at === undefined || !isPermit) return [];
    const text = say(
      `${name(at)}: phiếu công tác của ${standing.ownerName}`,
      `${name(at)}: permit of ${standing.ownerName}`,
    );
    return [{ kind: 'permit', text }];
  });
  const portable = [...state.earths.values()].flatMap(({ standing, section }): HoldLeft[] => {
    if (!sections.includes(section)) return [];
    const text = say(
      `${name(section)}: tiếp đất lưu động ${standing.label}`,
      `${name(section)}: portable earth ${standing.label}`,
    );
    return [{ kind: 'earth', text }];
  });
  const switches = engine.grid.groundDisconnectors.flatMap((device, index): HoldLeft[] => {
    const section = engine.network.nodeSection[device.node] ?? -1;
    if (!sections.includes(section) || state.earthing[index] === OPEN) return [];
    const text = say(
      `${name(section)}: dao tiếp đất ${device.id}`,
      `${name(section)}: earthing switch ${device.id}`,
    );
    return [{ kind: 'earth', text }];
  });
  return [...tags, ...portable, ...switches];
}
