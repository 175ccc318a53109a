import type { Role } from '@relight/contract';

/** One person or program that may come in. Never removed, so that a name never means another. */
export interface Account {
  readonly user: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Substations it may operate; null: all. */
  readonly areas: readonly string[] | null;
  readonly disabled: boolean;
  readonly created_ms: number;
  /** Counts every change; a session opened on an older one is closed. */
  readonly version: number;
}

/** One change of an account, as the audit journal is told. */
export interface AccountChange {
  /** Counts up by one over the life of the file. */
  readonly sequence: number;
  readonly at_ms: number;
  /** Who did it: an account, or the user of the operating system who ran the command line. */
  readonly by: string;
  readonly action: 'add' | 'password' | 'roles' | 'disable' | 'enable' | 'token' | 'revokeToken';
  readonly about: string;
  /** What it is now; never a password, a hash or a token. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Roles that operate the grid. */
const CONTROL: readonly Role[] = ['dispatcher', 'shiftLead', 'tagOfficer'];

/**
 * Why roles do not go together in one account, or null. Who gives rights does not operate, who
 * checks the record has no part in it, and a program has no other role: its token lies in a file.
 */
export function roleConflict(roles: readonly Role[]): string | null {
  if (roles.length === 0) return 'an account needs at least one role';
  const has = (role: Role): boolean => roles.includes(role);
  for (const alone of ['auditor', 'integration'] as const) {
    if (has(alone) && roles.length > 1) return `${alone} goes with no other role`;
  }
  const control = CONTROL.find(has);
  if (has('administrator') && control !== undefined) {
    return `administrator and ${control} do not go together: who gives rights does not operate`;
  }
  return null;
}
