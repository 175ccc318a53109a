import type { GridFile } from '@relight/contract';
import { moved, sectionOf, wayToSource, type SwitchingState } from './switching-state.ts';

export interface Trip {
  readonly after: SwitchingState;
  /** What opened, and sources that were lost for want of a protecting device. */
  readonly tripped: ReadonlySet<string>;
  /** Nodes of the sections that hold a fault. */
  readonly faulted: ReadonlySet<string>;
  /** Switches that are the fault themselves. */
  readonly broken: ReadonlySet<string>;
}

/** What protection does, by the trip model of formats.md, read anew from the text. */
export function trip(before: SwitchingState, faults: readonly string[]): Trip {
  const { grid } = before;
  const switches = new Map((grid.switches ?? []).map((each) => [each.id, each]));
  const broken = new Set(faults.filter((id) => switches.has(id)));
  const protects = (id: string): boolean => {
    const each = switches.get(id);
    if (each === undefined || broken.has(id)) return false;
    return each.protects ?? ['breaker', 'recloser', 'fuse'].includes(each.kind);
  };
  const opened = new Set<string>();
  const lost = new Set<string>();
  const tripped = new Set<string>();
  const faulted = new Set<string>();
  for (const id of faults) {
    if (grid.sources.some((source) => source.id === id)) {
      lost.add(id);
      continue;
    }
    for (const place of placesOf(grid, id)) {
      const section = sectionOf(grid, place);
      for (const node of section) faulted.add(node);
      if ((grid.transformers ?? []).some((each) => each.id === id)) {
        for (const each of switches.values()) {
          const borders = section.has(each.from) || section.has(each.to);
          if (borders && before.closed.has(each.id) && protects(each.id)) opened.add(each.id);
        }
      }
      const way = wayToSource(before, place);
      if (way === null) continue;
      const device = way.find(
        (branch) => protects(branch.id) && !(section.has(branch.from) && section.has(branch.to)),
      );
      if (device !== undefined) opened.add(device.id);
      else {
        const at = way.reduce(
          (node, branch) => (branch.from === node ? branch.to : branch.from),
          place,
        );
        const source = grid.sources.find((each) => each.node === at);
        if (source !== undefined) lost.add(source.id);
        if (source !== undefined) tripped.add(source.id);
      }
    }
  }
  let after: SwitchingState = { ...before, lost };
  for (const id of opened) {
    after = moved(after, id, 'open');
    tripped.add(id);
  }
  return { after, tripped, faulted, broken };
}

/** One node in each section that a faulted piece of equipment touches. */
function placesOf(grid: GridFile, id: string): readonly string[] {
  if (grid.nodes.some((node) => node.id === id)) return [id];
  const inSection = [...(grid.lines ?? []), ...(grid.transformers ?? [])].find(
    (each) => each.id === id,
  );
  if (inSection !== undefined) return [inSection.from];
  const between = (grid.switches ?? []).find((each) => each.id === id);
  return between === undefined ? [] : [between.from, between.to];
}
