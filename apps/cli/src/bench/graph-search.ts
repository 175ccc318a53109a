import { buildGraph } from '@relight/grid';
import type { Grid } from '@relight/grid';

/**
 * The reference: a breadth-first search over the graphology graph from every source, through
 * lines, transformers and closed switches.
 */
export class GraphSearch {
  readonly #graph: ReturnType<typeof buildGraph>;
  readonly #starts: readonly string[];
  readonly #open: Set<string>;

  constructor(grid: Grid) {
    this.#graph = buildGraph(grid);
    this.#starts = grid.sources.map((source) => grid.connectivityNodes[source.node]?.id ?? '');
    this.#open = new Set(grid.switches.filter((each) => each.normallyOpen).map((each) => each.id));
  }

  setOpen(switchId: string, isOpen: boolean): void {
    if (isOpen) this.#open.add(switchId);
    else this.#open.delete(switchId);
  }

  /** How many nodes are live. Linear in the size of the grid. */
  countLive(): number {
    const live = new Set(this.#starts);
    for (const node of live) {
      this.#graph.forEachEdge(node, (edge, _attributes, from, to) => {
        if (!this.#open.has(edge)) live.add(from === node ? to : from);
      });
    }
    return live.size;
  }
}
