import {
  checkShape,
  ForecastFile,
  nearestWord,
  parseJsonText,
  type FileIssue,
} from '@relight/contract';
import { fail, ok, type Result } from '@relight/foundation';
import type { Grid } from './model.ts';

/** Looking for what may have been meant takes too long among more ids than that. */
const MOST_HINTED = 2_000;

/**
 * Reads a `relight-forecast/1` file. A field that is not known is a problem too: misspelled, the
 * load it tells of would go unseen.
 * @returns the forecast, or every problem with its path.
 */
export function parseForecastText(text: string): Result<ForecastFile, readonly FileIssue[]> {
  const json = parseJsonText(text);
  if (!json.ok) return fail([json.error]);
  const { value, issues, warnings } = checkShape(ForecastFile, json.value);
  const problems = [...issues, ...warnings];
  return value === null || problems.length > 0 ? fail(problems) : ok(value);
}

/** Every load, feeder and generator that a forecast names and the grid has not, with its path. */
export function strangersIn({ hours }: ForecastFile, grid: Grid): readonly FileIssue[] {
  const known = {
    feeders: new Set(grid.feeders.map(({ id }) => id)),
    loads: new Set(grid.loads.map(({ id }) => id)),
    generators: new Set(grid.generators.map(({ id }) => id)),
  };
  const lists = [
    ['feeders', 'feeder'],
    ['loads', 'load'],
    ['generators', 'generator'],
  ] as const;
  return hours.flatMap((hour, at) =>
    lists.flatMap(([list, what]) =>
      Object.keys(hour[list] ?? {})
        .filter((id) => !known[list].has(id))
        .map((id) => {
          const near = known[list].size > MOST_HINTED ? null : nearestWord(id, [...known[list]]);
          const hint = near === null ? '' : `; did you mean "${near}"?`;
          return {
            path: `hours[${at}].${list}`,
            message: `grid ${grid.id} has no ${what} "${id}"${hint}`,
          };
        }),
    ),
  );
}
