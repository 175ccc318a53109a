import { forecastHours, type ForecastHour } from '@relight/flisr';
import { parseForecastText, strangersIn } from '@relight/grid';
import { loadStateFromGrid } from '@relight/powerflow';
import type { Network, Positions } from '@relight/topology';
import { CliError, EXIT_NO } from './cli-error.ts';
import { issueLine, problems, readText } from './read-grid.ts';

/**
 * Reads a `relight-forecast/1` file, the hours of the repair only. The first hour of a dated one is
 * taken to be now.
 * @param repair_h - hours until the repair is done; the first hour that reaches it counts too.
 * @throws CliError RL-017 with every problem and its path; RL-005 for what the grid has not.
 */
export function readForecast(
  file: string,
  network: Network,
  positionsBefore: Positions,
  repair_h: number,
): readonly ForecastHour[] {
  const parsed = parseForecastText(readText(file));
  if (!parsed.ok) {
    const message = `forecast "${file}" has ${problems(parsed.error.length)}`;
    throw new CliError('RL-017', message, EXIT_NO, parsed.error.map(issueLine));
  }
  const [stranger] = strangersIn(parsed.value, network.grid);
  if (stranger !== undefined) {
    throw new CliError('RL-005', `forecast "${file}", ${issueLine(stranger).trim()}`);
  }
  const from_h = parsed.value.hours[0]?.ahead_h ?? 0;
  const before = { positions: positionsBefore, loads: loadStateFromGrid(network) };
  return forecastHours(network, before, parsed.value, from_h, repair_h) ?? [];
}
