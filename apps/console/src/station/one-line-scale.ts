import type { OneLineBay, StationOneLine } from '@relight/diagram';

/** Where columns and rows of the layout stand in the pane, in px, and how large a device is. */
export interface Scale {
  readonly x: (column: number) => number;
  readonly y: (row: number) => number;
  readonly room: Room;
  readonly device: number;
}

/**
 * How much there is room for. Words keep their size; a smaller pane shows fewer of them: without
 * numbers of earthing switches, then with one figure a bay and no ratings.
 */
type Room = 'roomy' | 'normal' | 'compact';

/** Room above the picture and below it, where the figures of the feeders stand. */
export const EDGE: Readonly<Record<Room, { readonly top: number; readonly bottom: number }>> = {
  roomy: { top: 34, bottom: 84 },
  normal: { top: 34, bottom: 84 },
  compact: { top: 22, bottom: 46 },
};
/** With less of either the picture becomes compact. */
const NORMAL = { column: 62, height: 470 };
/** Closer than this even numbers of bays would run into each other; the pane scrolls instead. */
export const LEAST = { column: 30, height: 236 };

export function roomIn(width: number, height: number, columns: number): Room {
  if (width < columns * NORMAL.column || height < NORMAL.height) return 'compact';
  return width > 900 && height > 560 ? 'roomy' : 'normal';
}

/** The least distance between two devices of a bay, in rows. */
export function leastPitch({ symbols }: StationOneLine): number {
  let least = Number.POSITIVE_INFINITY;
  for (const a of symbols)
    for (const b of symbols)
      if (a.id < b.id && Math.abs(a.column - b.column) < 0.5 && a.row !== b.row)
        least = Math.min(least, Math.abs(a.row - b.row));
  return least;
}

/** Where the figures of a bay stand. */
export function placeOfValues(bay: OneLineBay, scale: Scale, width: number) {
  const x = scale.x(bay.column);
  if (bay.kind === 'incomer')
    return { x: x + 18, y: scale.y(bay.row) + 4, anchor: 'start' as const };
  if (bay.kind === 'transformer' && scale.room === 'compact')
    return { x: x - scale.device - 34, y: scale.y(bay.row) + 4, anchor: 'middle' as const };
  if (bay.kind === 'transformer')
    return { x: x + scale.device + 6, y: scale.y(bay.row) + 20, anchor: 'start' as const };
  if (bay.kind === 'coupler')
    return { x: x + 2, y: scale.y(bay.row) - 20, anchor: 'middle' as const };
  const below = scale.room === 'compact' ? 24 : 28;
  return { x: Math.min(x + 2, width - 40), y: scale.y(bay.row) + below, anchor: 'middle' as const };
}

/** Beside the head of a device; where bays stand close, on its corner and clear of the bus above. */
export function placeOfAlarm(x: number, y: number, { device, room }: Scale) {
  return room === 'compact'
    ? { x: x + 4, y: y - 15, width: 12, height: 12 }
    : { x: x + device / 2 + 10, y: y - 26, width: 16, height: 16 };
}
