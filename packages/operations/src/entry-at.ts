import { InvariantError } from '@relight/foundation';

/**
 * The entry of a list at an index that the grid's own numbering gives. An interlock has no answer
 * about a place that does not exist, and a default would be one: it stops here, before any order.
 * @throws InvariantError where there is no such entry.
 */
export function entryAt<T>(list: ArrayLike<T>, index: number): T {
  const entry = list[index];
  if (entry === undefined)
    throw new InvariantError(`no entry ${index} in a list of ${list.length}`);
  return entry;
}
