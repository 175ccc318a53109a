import { checkShape, GridFile, parseJsonText, shown } from '@relight/contract';
import type { FileIssue, GridCounts } from '@relight/contract';
import { fail, ok } from '@relight/foundation';
import type { Result } from '@relight/foundation';
import { buildModel } from './build-model.ts';
import { readLoosely } from './loose-file.ts';
import type { Grid } from './model.ts';
import { branchEnds } from './rules/branch-ends.ts';
import { fieldDevices } from './rules/field-devices.ts';
import { normalState } from './rules/normal-state.ts';
import { reachable } from './rules/reachable.ts';
import { references } from './rules/references.ts';
import type { Findings, Rule } from './rules/rule.ts';
import { singleValues } from './rules/single-values.ts';
import { uniqueIds } from './rules/unique-ids.ts';

export interface ParsedGrid {
  readonly grid: Grid;
  /** The file as read, unknown fields left out. */
  readonly file: GridFile;
  readonly warnings: readonly FileIssue[];
  readonly counts: GridCounts;
}

const RULES: readonly Rule[] = [
  uniqueIds,
  references,
  branchEnds,
  singleValues,
  fieldDevices,
  reachable,
  normalState,
];

/**
 * The only door from untrusted JSON to a grid. A file that breaks a rule is refused with every
 * problem at once, each with its path; nothing is half-loaded. Cost: O(size × log size).
 */
export function parseGrid(json: unknown): Result<ParsedGrid, readonly FileIssue[]> {
  const shape = checkShape(GridFile, json);
  // Without lists to look at, the other rules would only repeat the shape check.
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return fail([{ path: '$', message: `expected a grid file (an object), got ${shown(json)}` }]);
  }
  const findings: Findings = { errors: [...shape.issues], warnings: [...shape.warnings] };
  const refused = new Set(shape.issues.map((issue) => issue.path));
  const loose = readLoosely(json);
  const found: Findings = { errors: [], warnings: findings.warnings };
  for (const rule of RULES) rule(loose, found);
  // One message a place: what the shape check refused needs no second one.
  for (const issue of found.errors) if (!refused.has(issue.path)) findings.errors.push(issue);
  if (shape.value === null || findings.errors.length > 0) return fail(findings.errors);
  const grid = buildModel(shape.value);
  return ok({ grid, file: shape.value, warnings: findings.warnings, counts: countGrid(grid) });
}

/** `parseGrid` from text; a syntax error is one issue that says line and column. */
export function parseGridText(text: string): Result<ParsedGrid, readonly FileIssue[]> {
  const json = parseJsonText(text);
  return json.ok ? parseGrid(json.value) : fail([json.error]);
}

/** What `relight validate` counts. */
export function countGrid(grid: Grid): GridCounts {
  return {
    substations: grid.substations.length,
    feeders: grid.feeders.length,
    nodes: grid.connectivityNodes.length,
    lines: grid.lines.length,
    transformers: grid.transformers.length,
    switches: grid.switches.length,
    remoteSwitches: grid.switches.filter((s) => s.remote).length,
    loads: grid.loads.length,
    customers: grid.loads.reduce((sum, load) => sum + load.customers, 0),
  };
}
