import type { GridFile } from '@relight/contract';

/** A line, transformer or switch between two nodes. */
export interface Branch {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'line' | 'transformer' | 'switch';
  /** Of a line; 0 of everything else. */
  readonly x_ohm: number;
}

/** What engine and journal put before the name of a section: the id of one of its nodes follows. */
export const SECTION_PREFIX = 'S.';

/**
 * Where things are in the grid file, drawn by the monitor for itself. A part is what no switch
 * separates; the engine calls it a section.
 */
export class Places {
  readonly #branches = new Map<string, Branch[]>();
  readonly #parts = new Map<string, readonly string[]>();
  #normalParents: ReadonlyMap<string, string> | null = null;
  readonly #sources: readonly string[];
  readonly #normallyOpen: ReadonlySet<string>;

  constructor(grid: GridFile) {
    for (const node of grid.nodes) this.#branches.set(node.id, []);
    const add = (branch: Branch): void => {
      this.#branches.get(branch.from)?.push(branch);
      this.#branches.get(branch.to)?.push(branch);
    };
    for (const { id, from, to, x_ohm } of grid.lines ?? []) {
      add({ id, from, to, kind: 'line', x_ohm });
    }
    for (const { id, from, to } of grid.transformers ?? []) {
      add({ id, from, to, kind: 'transformer', x_ohm: 0 });
    }
    const normallyOpen = new Set<string>();
    for (const { id, from, to, normallyOpen: isOpen } of grid.switches ?? []) {
      add({ id, from, to, kind: 'switch', x_ohm: 0 });
      if (isOpen === true) normallyOpen.add(id);
    }
    this.#normallyOpen = normallyOpen;
    this.#sources = grid.sources.map((source) => source.node);
  }

  /** Branches that end at a node, in the order of the grid file. */
  branchesAt(node: string): readonly Branch[] {
    return this.#branches.get(node) ?? [];
  }

  /** The grid file has this node, or the node that a section is named after. */
  has(id: string): boolean {
    return this.#branches.has(id) || this.#branches.has(withoutPrefix(id));
  }

  /** All nodes that no switch separates from this one, sorted. Cost: the part, once. */
  partOf(node: string): readonly string[] {
    const known = this.#parts.get(node);
    if (known !== undefined) return known;
    const found = new Set([node]);
    for (const each of found) {
      for (const branch of this.branchesAt(each)) {
        if (branch.kind !== 'switch') found.add(farEnd(branch, each));
      }
    }
    const part = [...found].sort();
    for (const each of part) this.#parts.set(each, part);
    return part;
  }

  /** Name of a part: its first node. */
  nameOf(node: string): string {
    return this.partOf(node)[0] ?? node;
  }

  /**
   * Nodes of a node or of a section by its id; the id itself where the grid has no such place, so
   * that the monitor refuses what it cannot find.
   */
  nodesOf(id: string): readonly string[] {
    if (this.#branches.has(id)) return [id];
    const first = withoutPrefix(id);
    return this.#branches.has(first) ? this.partOf(first) : [id];
  }

  /** The branch through which a node is supplied in the normal state; undefined: by none. */
  normalParent(node: string): string | undefined {
    this.#normalParents ??= this.#findNormalParents();
    return this.#normalParents.get(node);
  }

  #findNormalParents(): ReadonlyMap<string, string> {
    const parents = new Map<string, string>();
    const found = new Set(this.#sources);
    for (const node of found) {
      for (const branch of this.branchesAt(node)) {
        const next = farEnd(branch, node);
        if (found.has(next) || this.#normallyOpen.has(branch.id)) continue;
        found.add(next);
        parents.set(next, branch.id);
      }
    }
    return parents;
  }
}

/** The other end of a branch. */
export function farEnd({ from, to }: Branch, node: string): string {
  return from === node ? to : from;
}

function withoutPrefix(id: string): string {
  return id.startsWith(SECTION_PREFIX) ? id.slice(SECTION_PREFIX.length) : id;
}
