/**
 * Fewest operations that feed closed-joined dead groups whose load needs several ways in. With
 * pieces = max(groups, ways needed), each way feeding a piece of its own: every piece beyond the
 * number of groups costs an opening, and every piece a closing, save those that closed ways feed.
 * @param rooms - what each way in can carry at most.
 * @param closedWays - ways in that are closed already.
 */
export function feedingOperations(
  groups: number,
  weight: number,
  rooms: readonly number[],
  closedWays: number,
): number {
  if (groups === 0) return 0;
  let ways = 0;
  let carried = 0;
  for (const room of rooms.toSorted((a, b) => b - a)) {
    if (carried >= weight) break;
    carried += Math.max(0, room);
    ways += 1;
  }
  const pieces = Math.max(groups, ways);
  return Math.max(0, pieces - closedWays) + pieces - groups;
}
