import type { Delta, Right, Snapshot } from '@relight/contract';

/**
 * How much of the stream somebody sees. `picture`: everything, of all areas, since who closes a tie
 * must see the neighbour. `links`: how the system itself is (links and summary), for those who look
 * after it and have no part in the grid.
 */
export type Sight = 'picture' | 'links';

export function sightOf(rights: ReadonlySet<Right>): Sight {
  return rights.has('watch') ? 'picture' : 'links';
}

/** A snapshot with what this sight does not show left empty. */
export function seenSnapshot(snapshot: Snapshot, sight: Sight): Snapshot {
  if (sight === 'picture') return snapshot;
  const { links, summary, ...rest } = snapshot;
  const empty = Object.entries(rest).map(([name, value]) => [
    name,
    Array.isArray(value) ? [] : value,
  ]);
  return { ...(Object.fromEntries(empty) as typeof rest), links, summary };
}

/** A delta of the same number with what this sight does not show left out. */
export function seenDelta(delta: Delta, sight: Sight): Delta {
  if (sight === 'picture') return delta;
  const { type, sequence, serverTime_ms, links, summary } = delta;
  return {
    type,
    sequence,
    serverTime_ms,
    ...(links === undefined ? {} : { links }),
    ...(summary === undefined ? {} : { summary }),
  };
}
