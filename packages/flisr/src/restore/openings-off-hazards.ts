/** What joins sections (or blocks) by closed switches, as the counting of openings sees it. */
export interface ClosedJoins {
  /** Every closed switch at a place leads to these; a place may stand twice. */
  closedAt(place: number): readonly number[];
  /** May never be live. */
  isHazard(place: number): boolean;
  /** Dead now, and allowed to come back. */
  isDead(place: number): boolean;
  /** Has to be live at the end. */
  isNeeded(place: number): boolean;
}

/**
 * Fewest openings that keep the needed places of one closed-joined group off everything that must
 * stay dead: one for each closed switch from a needed place straight to a hazard, and one for each
 * cluster of places that nobody needs between the two. The ways counted have no switch in common,
 * so each costs an opening of its own.
 * @param group - all dead places that hang together by closed switches.
 */
export function openingsOffHazards(group: readonly number[], joins: ClosedJoins): number {
  const seen = new Set<number>();
  let openings = 0;
  for (const start of group) {
    if (joins.isNeeded(start)) {
      for (const far of joins.closedAt(start)) if (joins.isHazard(far)) openings += 1;
      continue;
    }
    if (seen.has(start)) continue;
    seen.add(start);
    let touchesHazard = false;
    let touchesNeeded = false;
    const cluster = [start];
    for (const place of cluster) {
      for (const far of joins.closedAt(place)) {
        if (joins.isHazard(far)) touchesHazard = true;
        else if (joins.isNeeded(far)) touchesNeeded = true;
        else if (joins.isDead(far) && !seen.has(far)) {
          seen.add(far);
          cluster.push(far);
        }
      }
    }
    if (touchesHazard && touchesNeeded) openings += 1;
  }
  return openings;
}
