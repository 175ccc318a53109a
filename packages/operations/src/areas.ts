import type { Engine } from './engine.ts';
import type { Person } from './people.ts';

/**
 * Areas of responsibility: ids of substations. A section belongs to the substation it lies in, else
 * to that of its feeder in the normal state; a switch to those of its two sections, so that a tie
 * between two areas belongs to both.
 */
export function areasOfSection(engine: Engine, section: number): readonly string[] {
  const { grid, network } = engine;
  const node = network.sectionNodes[network.sectionStart[section] ?? 0] ?? -1;
  const own = grid.connectivityNodes[node]?.substation ?? null;
  if (own !== null) return [own];
  const head = grid.feeders[engine.sections[section]?.normalFeeder ?? -1]?.head ?? -1;
  const device = grid.switches[head];
  if (device === undefined) return [];
  return [device.from, device.to]
    .flatMap((end) => grid.connectivityNodes[end]?.substation ?? [])
    .slice(0, 1);
}

/** Areas a switch belongs to, sorted; empty where the grid file names no substation for it. */
export function areasOfSwitch(engine: Engine, switchIndex: number): readonly string[] {
  const { switchSectionFrom, switchSectionTo } = engine.network;
  const ends = [switchSectionFrom[switchIndex] ?? -1, switchSectionTo[switchIndex] ?? -1];
  return [...new Set(ends.flatMap((section) => areasOfSection(engine, section)))].sort();
}

/** Areas of a switch, section, node or earthing switch by its id; none where it is not in the grid. */
export function areasOf(engine: Engine, id: string): readonly string[] {
  const { index, nodeSection } = engine.network;
  const switchIndex = index.switch.get(id);
  if (switchIndex !== undefined) return areasOfSwitch(engine, switchIndex);
  const node = index.node.get(id);
  const section = node === undefined ? engine.sectionIndex.get(id) : nodeSection[node];
  return section === undefined ? [] : areasOfSection(engine, section);
}

/** The areas that none of the people answers for. */
export function areasNotCovered(
  areas: readonly string[],
  people: readonly Person[],
): readonly string[] {
  if (people.some((person) => person.areas === null)) return [];
  return areas.filter((area) => !people.some((person) => person.areas?.includes(area)));
}

/** The person answers for at least one of the areas, or nobody in particular does. */
export function hasPartIn(areas: readonly string[], person: Person): boolean {
  return areas.length === 0 || areasNotCovered(areas, [person]).length < areas.length;
}
