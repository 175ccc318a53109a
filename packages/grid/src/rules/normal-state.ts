import { buildAdjacency } from '../adjacency.ts';
import { someOf } from './rule.ts';
import type { Findings, Rule } from './rule.ts';
import type { LooseBranch, LooseFile } from '../loose-file.ts';

interface Supply {
  readonly position: number;
  readonly id: string;
  readonly node: number;
  readonly group: string;
}

/**
 * The state with every switch in its normal position: sources joined through it must be allowed
 * to run in parallel (one angle group, equal summed phase shift); loops on one source, dark parts
 * and live earthed nodes are worth a warning.
 */
export const normalState: Rule = (file, findings) => {
  const count = file.items.nodes.length;
  const closed = file.branches.filter((b) => !b.normallyOpen);
  const { start, branch } = buildAdjacency(count, closed);
  const sources = readSupplies(file);
  const sourceAt = new Map<number, Supply>();
  for (const source of sources) if (!sourceAt.has(source.node)) sourceAt.set(source.node, source);

  const root = new Int32Array(count).fill(-1);
  const parent = new Int32Array(count).fill(-1);
  const shift = new Float64Array(count);
  const walked = new Uint8Array(closed.length);
  for (const first of sources) {
    if ((root[first.node] ?? 0) >= 0) continue;
    const queue = [first.node];
    root[first.node] = first.node;
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at] ?? 0;
      for (let k = start[node] ?? 0; k < (start[node + 1] ?? 0); k++) {
        const index = branch[k] ?? 0;
        const b = closed[index];
        if (b === undefined || walked[index] === 1) continue;
        walked[index] = 1;
        const forward = b.from === node;
        const other = forward ? b.to : b.from;
        const angle = (shift[node] ?? 0) + (forward ? b.phaseShift_deg : -b.phaseShift_deg);
        if ((root[other] ?? 0) >= 0) {
          reportLoop(b, angle - (shift[other] ?? 0), findings);
          continue;
        }
        root[other] = first.node;
        parent[other] = index;
        shift[other] = angle;
        queue.push(other);
      }
    }
    for (const node of queue) {
      const other = sourceAt.get(node);
      if (other === undefined || other === first) continue;
      const through = switchesBetween(node, parent, closed);
      reportJoin(first, other, shift[node] ?? 0, through, findings);
    }
  }
  reportDark(file, root, closed, findings);
  file.items.groundDisconnectors.forEach((item, position) => {
    const id = item?.['node'];
    const node = typeof id === 'string' ? file.positions.nodes.get(id) : undefined;
    if (item?.['closed'] !== true || node === undefined || (root[node] ?? -1) < 0) return;
    findings.warnings.push({
      path: `groundDisconnectors[${position}].closed`,
      message: `earths node "${String(id)}", which is live in the normal state; expected an earthed node to be dead`,
    });
  });
};

/** Sources on nodes that exist, by id, so that the file's order decides nothing. */
function readSupplies(file: LooseFile): Supply[] {
  const supplies: Supply[] = [];
  file.items.sources.forEach((item, position) => {
    const { id, node, angleGroup } = item ?? {};
    const place = typeof node === 'string' ? file.positions.nodes.get(node) : undefined;
    if (typeof id !== 'string' || place === undefined) return;
    const group = typeof angleGroup === 'string' ? angleGroup : `own:${id}`;
    supplies.push({ position, id, node: place, group });
  });
  return supplies.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function reportJoin(
  first: Supply,
  other: Supply,
  shift_deg: number,
  through: readonly string[],
  { errors, warnings }: Findings,
): void {
  const path = `sources[${other.position}]`;
  const way = through.length === 0 ? 'without any switch' : `through ${someOf(through)}`;
  const joined = `source "${other.id}" is joined to source "${first.id}" in the normal state ${way}`;
  if (first.group !== other.group) {
    errors.push({
      path,
      message: `${joined}, and they may not be paralleled; expected a normally open switch between them, or one angleGroup for both`,
    });
  } else if (!sameAngle(shift_deg)) {
    errors.push({
      path,
      message: `${joined} with a phase shift of ${shift_deg}° between them; expected equal summed phase shifts or a normally open switch`,
    });
  } else {
    warnings.push({ path, message: `${joined}; a plan expects them apart` });
  }
}

function reportLoop(b: LooseBranch, shift_deg: number, { errors, warnings }: Findings): void {
  const path = `${b.collection}[${b.position}]`;
  if (!sameAngle(shift_deg)) {
    errors.push({
      path,
      message: `"${b.id}" closes a loop with a phase shift of ${shift_deg}° in the normal state; expected equal phase shifts on both ways round`,
    });
  } else {
    warnings.push({ path, message: `"${b.id}" closes a loop in the normal state` });
  }
}

function reportDark(
  file: LooseFile,
  root: Int32Array,
  closed: readonly LooseBranch[],
  { warnings }: Findings,
): void {
  const { start, branch } = buildAdjacency(root.length, closed);
  const loadsAt = new Map<number, number>();
  for (const load of file.items.loads) {
    const id = load?.['node'];
    const node = typeof id === 'string' ? file.positions.nodes.get(id) : undefined;
    if (node !== undefined) loadsAt.set(node, (loadsAt.get(node) ?? 0) + 1);
  }
  const seen = new Uint8Array(root.length);
  for (let first = 0; first < root.length; first++) {
    if ((root[first] ?? 0) >= 0 || seen[first] === 1) continue;
    const part = [first];
    seen[first] = 1;
    let loads = 0;
    for (let at = 0; at < part.length; at++) {
      const node = part[at] ?? 0;
      loads += loadsAt.get(node) ?? 0;
      for (let k = start[node] ?? 0; k < (start[node + 1] ?? 0); k++) {
        const b = closed[branch[k] ?? 0];
        const other = b === undefined ? node : b.from === node ? b.to : b.from;
        if (seen[other] === 1) continue;
        seen[other] = 1;
        part.push(other);
      }
    }
    const ids = part.map((n) => String(file.items.nodes[n]?.['id']));
    const with_ = loads === 0 ? '' : `, ${loads} ${loads === 1 ? 'load' : 'loads'} on them`;
    warnings.push({
      path: `nodes[${first}]`,
      message: `dark in the normal state: ${someOf(ids)}${with_}`,
    });
  }
}

/** Ids of the switches between a node and the root of its tree, nearest first; at most eight. */
function switchesBetween(
  node: number,
  parent: Int32Array,
  closed: readonly LooseBranch[],
): readonly string[] {
  const ids: string[] = [];
  let at = node;
  // A bounded walk: the message names a few switches, and a file may hold thousands of joins.
  for (let hop = 0; hop < 2_000 && ids.length < 8; hop++) {
    const b = closed[parent[at] ?? -1];
    if (b === undefined) break;
    if (b.collection === 'switches') ids.push(b.id);
    at = b.from === at ? b.to : b.from;
  }
  return ids;
}

function sameAngle(shift_deg: number): boolean {
  const turns = Math.abs(shift_deg) / 360;
  const rest = (turns - Math.floor(turns)) * 360;
  return rest < 1e-6 || rest > 360 - 1e-6;
}
