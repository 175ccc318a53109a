import { farEnd, type Branch, type Places } from './places.ts';

/** Whether a switch counts as closed in the question that is asked. */
export type IsClosed = (switchId: string) => boolean;

/** What hangs together with what, by searches of the monitor's own. Cost of each: what it reaches. */
export class Reach {
  readonly #places: Places;
  readonly #sources: ReadonlySet<string>;

  constructor(places: Places, sources: ReadonlySet<string>) {
    this.#places = places;
    this.#sources = sources;
  }

  /** A source is reached from the node without leading through the switch `without`. */
  hasSource(start: string, without: string | null, isClosed: IsClosed): boolean {
    for (const { node } of this.#walk([start], without, isClosed)) {
      if (this.#sources.has(node)) return true;
    }
    return false;
  }

  /** Ends of a device from which no source was reached without it: it supplied what lies there. */
  lostEnds({ id, from, to }: Branch, wasClosed: IsClosed): readonly string[] {
    return [from, to].filter((end) => !this.hasSource(end, id, wasClosed));
  }

  /** Switches inside what hangs together with the roots without the switch `without`. */
  switchesBeyond(
    roots: readonly string[],
    without: string,
    wasClosed: IsClosed,
  ): ReadonlySet<string> {
    const inside = new Set<string>();
    for (const { by } of this.#walk(roots, without, wasClosed)) {
      for (const each of by) inside.add(each);
    }
    return inside;
  }

  /** Every node in reach, once, with the switches by which one leaves it. */
  *#walk(
    roots: readonly string[],
    without: string | null,
    isClosed: IsClosed,
  ): Generator<{ readonly node: string; readonly by: readonly string[] }> {
    const found = new Set(roots);
    for (const node of found) {
      const by: string[] = [];
      for (const branch of this.#places.branchesAt(node)) {
        if (branch.id === without) continue;
        if (branch.kind === 'switch') {
          if (!isClosed(branch.id)) continue;
          by.push(branch.id);
        }
        found.add(farEnd(branch, node));
      }
      yield { node, by };
    }
  }
}
