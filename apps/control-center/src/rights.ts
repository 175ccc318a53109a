import type { Right, Role } from '@relight/contract';

/**
 * Who may do what: the one table of the control centre. Each route names a right; a role that is
 * not in its row is denied, and so is every route that is not in `ROUTES`. Where a right is about
 * one place (command, decide, mode, tag, approve, acknowledge), the areas of the person limit it
 * further: the core judges that (area of responsibility), because only it knows which substations
 * a device, a plan or a tie belongs to.
 */
const RIGHTS: Readonly<Record<Right, readonly Role[]>> = {
  watch: ['viewer', 'dispatcher', 'shiftLead', 'engineer', 'tagOfficer', 'auditor', 'integration'],
  supervise: ['dispatcher', 'shiftLead', 'engineer', 'administrator', 'auditor', 'integration'],
  command: ['dispatcher', 'shiftLead'],
  decide: ['dispatcher', 'shiftLead'],
  acknowledge: ['dispatcher', 'shiftLead'],
  mode: ['dispatcher', 'shiftLead'],
  tag: ['dispatcher', 'shiftLead', 'tagOfficer'],
  approve: ['dispatcher', 'shiftLead', 'tagOfficer'],
  simulate: ['dispatcher', 'shiftLead', 'engineer'],
  sessions: ['shiftLead', 'administrator'],
  accounts: ['administrator'],
  audit: ['auditor', 'shiftLead'],
  own: [
    ...(['viewer', 'dispatcher', 'shiftLead', 'engineer', 'tagOfficer'] as const),
    ...(['administrator', 'auditor', 'integration'] as const),
  ],
};

/** What a locked session keeps: to look, and to unlock. */
const WHILE_LOCKED: ReadonlySet<Right> = new Set<Right>(['watch', 'supervise', 'own']);

/** Everything at least one of the roles gives. */
export function rightsOf(roles: readonly Role[]): ReadonlySet<Right> {
  const rights = Object.keys(RIGHTS) as Right[];
  return new Set(rights.filter((right) => RIGHTS[right].some((role) => roles.includes(role))));
}

export function isKeptWhileLocked(right: Right): boolean {
  return WHILE_LOCKED.has(right);
}

/** Rights that only look; asking for them is no sign that somebody sits there. */
export function onlyLooks(right: Right): boolean {
  return right === 'watch' || right === 'supervise' || right === 'audit';
}
