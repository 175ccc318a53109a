import type { PointFile, PointListFile } from '@relight/contract';
import type { Grid } from '@relight/grid';
import type { ProblemList } from './problem-list.ts';

/** Whether list and grid belong together: equipment exists, and nothing remote is out of reach. */
export function checkAgainstGrid(file: PointListFile, grid: Grid, problems: ProblemList): void {
  if (file.grid !== grid.id) {
    problems.list('grid', `the list is for grid "${file.grid}", this is "${grid.id}"`);
  }
  const known = equipmentIds(grid);
  const switches = new Map(grid.switches.map((one) => [one.id, one]));
  const positionable = new Set([
    ...switches.keys(),
    ...grid.groundDisconnectors.map(({ id }) => id),
  ]);
  const positions = new Map<string, { index: number; point: PointFile }>();
  for (const [index, point] of file.points.entries()) {
    if (!known.has(point.equipment)) {
      problems.point(index, point, 'equipment', `"${point.equipment}" is not in the grid`);
      continue;
    }
    if (point.signal === 'position') {
      positions.set(point.equipment, { index, point });
      if (!positionable.has(point.equipment)) {
        problems.point(index, point, 'signal', `${point.equipment} has no position`);
      }
    }
    if (point.command !== undefined && switches.get(point.equipment)?.remote !== true) {
      problems.point(index, point, 'command', `${point.equipment} is no remote switch`);
    }
  }
  for (const one of grid.switches) {
    if (!one.remote) continue;
    const position = positions.get(one.id);
    if (position === undefined) {
      problems.list('points', `remote switch ${one.id} has no position point`);
    } else if (position.point.command === undefined) {
      problems.point(position.index, position.point, 'command', 'missing; the switch is remote');
    }
  }
}

function equipmentIds(grid: Grid): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const list of [
    grid.substations,
    grid.connectivityNodes,
    grid.sources,
    grid.transformers,
    grid.lines,
    grid.switches,
    grid.faultIndicators,
    grid.groundDisconnectors,
    grid.loads,
    grid.shunts,
    grid.generators,
    grid.feeders,
  ]) {
    for (const { id } of list) ids.add(id);
  }
  return ids;
}
