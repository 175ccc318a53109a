import { at } from './normal-tree.ts';
import type { StationCell } from './station-cells.ts';

const NUMBER = /\d+/u;

/** Bays in the order of their number, as they stand in the switchgear: 471, 473, 475. */
export function byBayNumber(label: (cell: StationCell) => string) {
  return (a: StationCell, b: StationCell): number => {
    const [la, lb] = [label(a), label(b)];
    const [na, nb] = [Number(NUMBER.exec(la)?.[0] ?? 1e9), Number(NUMBER.exec(lb)?.[0] ?? 1e9)];
    return (
      na - nb || (la < lb ? -1 : la > lb ? 1 : 0) || at(a.chain, 0).branch - at(b.chain, 0).branch
    );
  };
}
