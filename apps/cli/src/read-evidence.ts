import { checkShape, EvidenceFile, parseJsonText } from '@relight/contract';
import type { EvidenceEvent } from '@relight/contract';
import type { Grid } from '@relight/grid';
import { CliError, EXIT_NO } from './cli-error.ts';
import { issueLine, problems, readText } from './read-grid.ts';

/**
 * Reads a `relight-evidence/1` file.
 * @throws CliError RL-006 with every problem and its path; RL-005 for equipment the grid has not.
 */
export function readEvidence(file: string, grid: Grid): readonly EvidenceEvent[] {
  const json = parseJsonText(readText(file));
  const checked = json.ok ? checkShape(EvidenceFile, json.value) : null;
  const issues = json.ok ? (checked?.issues ?? []) : [json.error];
  if (checked?.value === null || checked?.value === undefined) {
    const message = `evidence "${file}" has ${problems(issues.length)}`;
    throw new CliError('RL-006', message, EXIT_NO, issues.map(issueLine));
  }
  const { events } = checked.value;
  const known = new Set(
    [
      grid.switches,
      grid.faultIndicators,
      grid.connectivityNodes,
      grid.lines,
      grid.transformers,
      grid.loads,
      grid.sources,
    ].flatMap((list) => list.map(({ id }) => id)),
  );
  const stranger = events.findIndex(({ equipment }) => !known.has(equipment));
  if (stranger >= 0) {
    const id = events[stranger]?.equipment ?? '';
    throw new CliError('RL-005', `events[${stranger}]: grid ${grid.id} has no equipment "${id}"`);
  }
  return events;
}
