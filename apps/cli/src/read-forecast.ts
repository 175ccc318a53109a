import { checkShape, ForecastFile, parseJsonText, type ForecastHourFile } from '@relight/contract';
import type { ForecastHour } from '@relight/flisr';
import { energise, type Network, type Positions } from '@relight/topology';
import { CliError, EXIT_NO } from './cli-error.ts';
import { issueLine, problems, readText } from './read-grid.ts';

/**
 * Reads a `relight-forecast/1` file, the hours of the repair only, into factors by load.
 * @param repair_h - hours until the repair is done; the first hour that reaches it counts too.
 * @throws CliError RL-017 with every problem and its path; RL-005 for a load or feeder the grid has not.
 */
export function readForecast(
  file: string,
  network: Network,
  positionsBefore: Positions,
  repair_h: number,
): readonly ForecastHour[] {
  const json = parseJsonText(readText(file));
  const checked = json.ok ? checkShape(ForecastFile, json.value) : null;
  // A field that is not known is refused too: misspelled, the load it tells of would go unseen.
  const issues = json.ok
    ? [...(checked?.issues ?? []), ...(checked?.warnings ?? [])]
    : [json.error];
  if (checked?.value === null || checked?.value === undefined || issues.length > 0) {
    const message = `forecast "${file}" has ${problems(issues.length)}`;
    throw new CliError('RL-017', message, EXIT_NO, issues.map(issueLine));
  }
  const hours = checked.value.hours.toSorted((a, b) => a.ahead_h - b.ahead_h);
  for (const hour of hours) refuseStrangers(network, hour);
  const { nodeFeeder } = energise(network, positionsBefore);
  const reaches = hours.findIndex(({ ahead_h }) => ahead_h >= repair_h);
  return hours.slice(0, reaches === -1 ? hours.length : reaches + 1).map((hour) => ({
    ahead_h: hour.ahead_h,
    factor: Float64Array.from(network.grid.loads, ({ id, node }) => {
      const feeder = network.grid.feeders[nodeFeeder[node] ?? -1]?.id ?? '';
      return own(hour.loads, id) ?? own(hour.feeders, feeder) ?? hour.factor ?? 1;
    }),
  }));
}

function own(record: Readonly<Record<string, number>> | undefined, id: string) {
  return record !== undefined && Object.hasOwn(record, id) ? record[id] : undefined;
}

function refuseStrangers({ grid, index }: Network, hour: ForecastHourFile): void {
  const feeders = new Set(grid.feeders.map(({ id }) => id));
  const refuse = (what: string, id: string | undefined): void => {
    if (id === undefined) return;
    throw new CliError(
      'RL-005',
      `forecast of ${hour.ahead_h} h: grid ${grid.id} has no ${what} "${id}"`,
    );
  };
  refuse(
    'load',
    Object.keys(hour.loads ?? {}).find((id) => !index.load.has(id)),
  );
  refuse(
    'feeder',
    Object.keys(hour.feeders ?? {}).find((id) => !feeders.has(id)),
  );
}
