import { buildAdjacency } from '../adjacency.ts';
import { someOf } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * Every part can be supplied: with every switch closed there is a path to a source. Parts whose
 * connection hangs on a reference that is itself wrong are not reported a second time.
 */
export const reachable: Rule = (file, { errors }) => {
  const nodes = file.items.nodes;
  if (nodes.length === 0) {
    errors.push({ path: 'nodes', message: 'is empty; expected at least one node' });
    return;
  }
  if (file.items.sources.length === 0) {
    errors.push({ path: 'sources', message: 'is empty; expected at least one source' });
    return;
  }
  const supplied = new Uint8Array(nodes.length);
  let lostSources = 0;
  for (const source of file.items.sources) {
    const id = source?.['node'];
    const node = typeof id === 'string' ? file.positions.nodes.get(id) : undefined;
    if (node === undefined) lostSources++;
    else supplied[node] = 1;
  }
  for (const { from, to } of file.branches) {
    if (from < 0 && to >= 0) supplied[to] = 1;
    if (to < 0 && from >= 0) supplied[from] = 1;
  }
  const { start, branch } = buildAdjacency(nodes.length, file.branches);
  const seen = new Uint8Array(nodes.length);
  const parts: number[][] = [];
  for (let root = 0; root < nodes.length; root++) {
    if (seen[root] === 1) continue;
    const part = [root];
    seen[root] = 1;
    let fed = false;
    for (let at = 0; at < part.length; at++) {
      const node = part[at] ?? 0;
      if (supplied[node] === 1) fed = true;
      for (let k = start[node] ?? 0; k < (start[node + 1] ?? 0); k++) {
        const b = file.branches[branch[k] ?? 0];
        const other = b === undefined ? node : b.from === node ? b.to : b.from;
        if (seen[other] === 1) continue;
        seen[other] = 1;
        part.push(other);
      }
    }
    if (!fed) parts.push(part);
  }
  // A source whose node is wrong belongs to some part: presumably the largest left without one.
  parts.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
  for (const part of parts.slice(lostSources)) {
    // A bad or second copy of an id is reported elsewhere and has no branches of its own.
    const named = part.filter((n) => file.positions.nodes.get(String(nodes[n]?.['id'])) === n);
    if (named.length === 0) continue;
    const ids = named.map((n) => String(nodes[n]?.['id']));
    errors.push({
      path: `nodes[${named[0]}]`,
      message: `no path to any source even with every switch closed: ${someOf(ids)}; expected a line, transformer or switch towards a source`,
    });
  }
};
