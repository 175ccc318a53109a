import type { FileIssue } from '@relight/contract';
import type { LooseFile } from '../loose-file.ts';

/** Where a rule puts what it finds; an error refuses the file, a warning does not. */
export interface Findings {
  readonly errors: FileIssue[];
  readonly warnings: FileIssue[];
}

/** A rule that needs more than one object of the file. */
export type Rule = (file: LooseFile, findings: Findings) => void;

/** The first ids of a list and how many more there are. */
export function someOf(ids: readonly string[]): string {
  const first = ids
    .slice(0, 4)
    .map((id) => `"${id}"`)
    .join(', ');
  return ids.length > 4 ? `${first} and ${ids.length - 4} more` : first;
}
