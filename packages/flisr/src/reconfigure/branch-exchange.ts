import { scoreOf, takeTrial, trialScore, tryTrees, type Forest, type Score } from './forest.ts';

/** Close one way, open another of the loop that this makes. */
export interface Exchange {
  readonly close: number;
  readonly open: number;
  /** Expected change of the losses, pu, loads taken as constant currents. */
  readonly expected_pu: number;
}

/** Smaller gains are rounding of the sweeps. */
const LEAST_GAIN_SHARE = 1e-7;

/** Fewer broken limits than `allowed` count as none; then lower losses. */
export function isBetter(one: Score, other: Score, allowed: number): boolean {
  const a = excess(one, allowed);
  const b = excess(other, allowed);
  if (a !== b) return a < b;
  return one.losses_pu < other.losses_pu * (1 - LEAST_GAIN_SHARE);
}

/** Broken limits beyond those allowed. */
export function excess({ violations, outside }: Score, allowed: number): number {
  return Math.max(0, violations - allowed) + outside;
}

/**
 * Every exchange for one open way, by the formula of Civanlar et al.: if way b of the loop, which
 * carries i_b, is opened, its current goes round the loop the other way, and the losses change by
 * |i_b|² · R_loop − 2·Re(conj(i_b) · (Σ r·i on its own side − Σ r·i on the other)).
 * Appends to `found` those expected to change the losses by less than `below_pu`.
 */
export function collectExchanges(
  forest: Forest,
  close: number,
  below_pu: number,
  found: Exchange[],
): void {
  const { graph, depth, parent, parentEdge } = forest;
  const one = graph.edgeFrom[close]!;
  const other = graph.edgeTo[close]!;
  if (one === other) return;
  // The two ends climb until they meet, or until both stand at a source.
  let a = one;
  let b = other;
  let resistance = graph.resistance[close]!;
  let sumRe = 0;
  let sumIm = 0;
  while (a !== b && (parentEdge[a] !== -1 || parentEdge[b] !== -1)) {
    const climbsFromOne = depth[a]! >= depth[b]!;
    const vertex = climbsFromOne ? a : b;
    const r = graph.resistance[parentEdge[vertex]!]!;
    const sign = climbsFromOne ? 1 : -1;
    resistance += r;
    sumRe += sign * r * forest.currentRe[vertex]!;
    sumIm += sign * r * forest.currentIm[vertex]!;
    if (climbsFromOne) a = parent[a]!;
    else b = parent[b]!;
  }
  scan(one, a, 1);
  scan(other, b, -1);

  function scan(from: number, end: number, sign: number): void {
    for (let vertex = from; vertex !== end; vertex = parent[vertex]!) {
      const open = parentEdge[vertex]!;
      // Ways between here and the tie turn round; a transformer must not.
      if (graph.oneWay[open] === 1) return;
      if (graph.switchable[open] !== 1) continue;
      const iRe = forest.currentRe[vertex]!;
      const iIm = forest.currentIm[vertex]!;
      const expected_pu =
        resistance * (iRe * iRe + iIm * iIm) - 2 * sign * (iRe * sumRe + iIm * sumIm);
      if (expected_pu < below_pu) found.push({ close, open, expected_pu });
    }
  }
}

/**
 * Solves the trees an exchange touches and, if `wanted` says so of the score, takes it over.
 * @returns whether it was taken.
 */
export function tryExchange(
  forest: Forest,
  { close, open }: Pick<Exchange, 'close' | 'open'>,
  wanted: (score: Score) => boolean,
): boolean {
  const { closed, graph, root } = forest;
  const one = root[graph.edgeFrom[close]!]!;
  const other = root[graph.edgeTo[close]!]!;
  closed[close] = 1;
  closed[open] = 0;
  if (tryTrees(forest, one, one === other ? -1 : other) && wanted(trialScore(forest))) {
    takeTrial(forest);
    return true;
  }
  closed[close] = 0;
  closed[open] = 1;
  return false;
}

export interface DescentOptions {
  /** Broken limits that the state at the start had, and that any other may have too. */
  readonly allowedViolations: number;
  /** Open ways worth closing; those that join a vertex to itself left out. */
  readonly ties: (forest: Forest) => readonly number[];
  /** Exchanges solved by load flow in one round before it gives up, at most. */
  readonly trials: number;
}

/**
 * Branch exchange: of all exchanges the one expected to gain most is tried by load flow and taken
 * if it gains, until none gains.
 * @returns how many exchanges were solved.
 */
export function descend(forest: Forest, options: DescentOptions): number {
  const { allowedViolations, ties, trials } = options;
  let solved = 0;
  for (;;) {
    const now = scoreOf(forest);
    // Where limits are broken, an exchange may be worth its losses.
    const margin = excess(now, allowedViolations) > 0 ? 0.05 : 2e-4;
    const candidates: Exchange[] = [];
    for (const tie of ties(forest)) {
      collectExchanges(forest, tie, margin * now.losses_pu, candidates);
    }
    candidates.sort(
      (a, b) => a.expected_pu - b.expected_pu || a.close - b.close || a.open - b.open,
    );
    let gained = false;
    for (const candidate of candidates.slice(0, trials)) {
      solved += 1;
      gained = tryExchange(forest, candidate, (score) => isBetter(score, now, allowedViolations));
      if (gained) break;
    }
    if (!gained) return solved;
  }
}
